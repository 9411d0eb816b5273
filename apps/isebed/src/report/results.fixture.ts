import type { ScenarioResult } from '#libs/scenario';

const HASH = '0f'.repeat(32);

/** A scenario that passed, with a story of every kind of entry. */
export const PASSED: ScenarioResult = {
  name: 'T4 Invalid email address: registered with the wrong object ID',
  file: 'scenarios/troubleshooting/t4-wrong-object-id.yaml',
  seed: 7,
  tags: ['troubleshooting'],
  outcome: 'passed',
  virtualMs: 50_000,
  wallMs: 212,
  journalSha256: HASH,
  diagnosis: [
    {
      code: 'exchange.service-principal-wrong-object-id',
      cause: 'Exchange knows the application under another object ID.',
      remedy: 'New-ServicePrincipal with the object ID of the enterprise application.',
    },
  ],
  failures: [],
  story: [
    {
      at: '2026-02-02T05:00:00.000Z',
      label: 'healthy',
      outcome: 'six nodes, SMTP settings tested and saved',
      details: [],
    },
    {
      at: '2026-02-02T05:00:10.000Z',
      label: 'broken',
      outcome: 'New-ServicePrincipal was run with the object ID of the app registration',
      details: [],
    },
    {
      at: '2026-02-02T05:00:15.000Z',
      label: 'pan1',
      action: 'Test Connection',
      outcome: '"Invalid email address"',
      details: [
        { label: 'token', text: 'granted, roles SMTP.SendAsApp', peer: 'login.microsoftonline.com', durationMs: 758 },
        {
          label: 'AUTH XOAUTH2',
          text: '535 5.7.3 Authentication unsuccessful',
          peer: 'smtp.office365.com',
          durationMs: 4_516,
        },
      ],
    },
    {
      at: '2026-02-02T05:00:20.000Z',
      label: 'psn1',
      action: 'Resend',
      outcome: 'refused, will not be retried (permanent)',
      details: [],
      why: 'Exchange knows the application under another object ID: b10aa0d0 (app registration) instead of 4f1c77e2 (enterprise application). Entra had granted a good token.',
      remedy: 'Remove-ServicePrincipal, then New-ServicePrincipal with the object ID of the enterprise application.',
    },
    { at: '2026-02-02T05:00:40.000Z', label: 'mended', outcome: '', details: [] },
    {
      at: '2026-02-02T05:00:50.000Z',
      label: 'psn1',
      action: 'Resend',
      outcome: 'delivered to testuser@lab.example, Cc sponsoruser@lab.example',
      details: [],
    },
  ],
  replayCommand: 'npx isebed run scenarios/troubleshooting/t4-wrong-object-id.yaml --seed 7',
};

/** A scenario that failed over two days, with texts that every format has to take care of. */
export const FAILED: ScenarioResult = {
  name: 'Odd <name> & "quotes" #hash \\ \u001b[31mred',
  file: "cases/o'dd.yaml",
  seed: 0,
  tags: [],
  outcome: 'failed',
  virtualMs: 93_784_000,
  wallMs: 8,
  journalSha256: HASH,
  diagnosis: [],
  failures: [
    {
      line: 12,
      step: 'pan1 / SMTP Server / Save',
      expected: 'the page shows "Invalid client secret"',
      actual: 'the page shows "Invalid email address" ]]> <b>',
      lastLines: ['2026-02-02 05:00:14,872 DEBUG [admin-http-pool1][[]] one', '...', '# two\u0000'],
    },
    { expected: '1 mail of type alarm', actual: 'none' },
  ],
  story: [
    { at: '2026-02-02T05:00:00.000Z', label: 'healthy', outcome: 'one node', details: [] },
    {
      at: '2026-02-03T07:03:04.000Z',
      label: 'pan1',
      action: 'Save',
      outcome: 'refused',
      details: [{ label: 'dial', text: 'connect timed out', peer: 'smtp.office365.com' }],
    },
  ],
  replayCommand: "npx isebed run 'cases/o'\\''dd.yaml' --seed 0",
};

/** A run that broke down before anything happened. */
export const BROKEN_DOWN: ScenarioResult = {
  ...FAILED,
  name: 'breaks down',
  file: 'cases/broken.yaml',
  outcome: 'error',
  virtualMs: 0,
  story: [],
  failures: [{ expected: 'a run', actual: 'virtual time stands still' }],
  replayCommand: 'npx isebed run cases/broken.yaml --seed 0',
};

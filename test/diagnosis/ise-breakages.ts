import { breaking, click, mending, type Breakage, type BreakageOf, type Cast, type RawStep } from './breakage.ts';

const ENDS_ON = '2026-03-15';
const AFTER_THE_END = '2026-03-15T09:00:00Z';
const NOBODY = [{ username: 'netadmin', emailAddress: 'netadmin@lab.example' }] as const;

/** Causes in ISE itself. */
export const ISE_BREAKAGES: Readonly<Record<string, BreakageOf>> = {
  'ise.smtp-server-not-configured': () => ({
    ...inIse([]),
    given: { smtpSettings: 'none' },
    attempts: ['mail'],
  }),
  'ise.smtp-settings-never-tested': (random, { pan }) =>
    ofItsOwn([click(pan, 'SMTP Server / Save', { clientSecret: `${random.hex(3)}8Q~${random.hex(34)}` })], {
      record: 'smtp-server.save-refused',
    }),
  'ise.admin-without-alarm-tick': (_random, { psn }) =>
    ofItsOwn([alarmOn(psn)], { record: 'alarm.not-mailed', given: { adminUsers: NOBODY } }),
  'ise.guest-notifications-off': (_random, cast) =>
    ofItsOwn([resend(cast)], { record: 'mail.not-composed', given: { guestEmailSettings: { enabled: false } } }),
  'ise.guest-without-address': (_random, cast) =>
    ofItsOwn([resend(cast)], {
      record: 'mail.not-composed',
      given: { guests: [{ username: '1001', firstName: 'Ada', lastName: 'Abel' }] },
    }),
  'ise.primary-pan-down': (random, { pan, psn }) =>
    ofItsOwn(
      [
        breaking({ 'node.kill': { node: pan } }),
        click(psn, 'Sponsor Portal / Create', {
          firstName: 'Ada',
          lastName: 'Abel',
          emailAddress: `${random.hex(4)}@guests.example`,
        }),
      ],
      { record: 'guests.no-primary-pan' },
    ),
  'ise.active-mnt-lost': (_random, { psn, mnt }) =>
    ofItsOwn([breaking({ 'node.kill': { node: mnt } }), alarmOn(psn)], { record: 'alarm.delayed' }),
  'ise.node-deregistered': (_random, cast) =>
    ofItsOwn([click(cast.pan, 'Deployment / Deregister', { node: cast.psn }), resend(cast)], {
      record: 'mail.not-composed',
    }),
  'ise.node-out-of-sync': (_random, { pan, psn }) => ({
    ...inIse([
      breaking({ 'network.cut': { node: psn } }),
      breaking({ 'entra.addSecret': { as: 'renewed' }, 'entra.removeSecret': { secret: 'current' } }),
      click(pan, 'SMTP Server / Test Connection', { clientSecret: '{{secrets.renewed.value}}' }),
      { click: `${pan} / SMTP Server / Save` },
      { wait: '3h' },
      mending({ 'network.heal': { node: psn } }),
    ]),
    at: 'token',
    given: { catchUp: '1h' },
    attempts: ['mail'],
    hiddenByCache: true,
  }),
  'ise.restored-without-settings': (_random, { pan }) => ({
    ...inIse(
      ['Backup', 'Restore'].map((button) =>
        click(pan, `Backup & Restore / ${button}`, { name: 'monday', encryptionKey: 'Lab-Key-2026' }),
      ),
    ),
    attempts: ['mail'],
  }),
  'ise.typed-expiry-date-wrong': (random) => ({
    ...inIse([{ waitUntil: AFTER_THE_END }]),
    at: 'token',
    given: {
      clock: '2026-03-13T05:00:00Z',
      tenant: { secretEndsOn: ENDS_ON },
      smtpSettings: { expiryDate: `2027-0${random.integer(1, 9)}-15` },
    },
    attempts: ['mail'],
  }),
  'ise.expired-secret-alarm-undeliverable': () =>
    ofItsOwn([{ waitUntil: AFTER_THE_END }], {
      record: 'mail.attempted',
      subject: 'SMTP OAuth Client Secret has expired',
      given: {
        clock: '2026-03-13T05:00:00Z',
        tenant: { secretEndsOn: ENDS_ON },
        smtpSettings: { expiryDate: '2026-03-14' },
      },
    }),
  'ise.alarm-sender-unset': (_random, { psn }) =>
    ofItsOwn([alarmOn(psn)], {
      record: 'mail.attempted',
      subject: 'High Load Average',
      given: { alarmSettings: { sender: null } },
    }),
  'ise.node-clock-ahead': (random, { pan, psn }) => ({
    ...inIse(
      [...new Set([pan, psn])].map((node) =>
        breaking({ 'node.clockSkew': { node, by: `${random.integer(1_200, 2_500)}d` } }),
      ),
    ),
    at: 'token-tls',
    hiddenByCache: true,
    // At the node's time the accounts of the others have ended long ago.
    recipient: `${random.hex(4)}@guests.example`,
  }),
};

function inIse(broken: RawStep[]): Breakage {
  return { at: 'settings', broken, mended: [] };
}

function ofItsOwn(
  steps: RawStep[],
  { record, subject, given }: { record: string; subject?: string; given?: Record<string, unknown> },
): Breakage {
  return {
    ...inIse([]),
    own: { steps, record, ...(subject ? { subject } : {}) },
    attempts: ['own'],
    ...(given ? { given } : {}),
  };
}

function alarmOn(node: string): RawStep {
  return { raise: 'High Load Average', on: node };
}

function resend({ psn }: Cast): RawStep {
  return { click: `${psn} / Sponsor Portal / Resend`, with: { guest: '1001' } };
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT_CAUSE_CODES } from '#libs/diagnosis';
import { loadScenarioFile, type Scenario } from '#libs/scenario';
import { BUILT_IN, isebed } from './diagnose.fixture.ts';
import { scenarioFor } from './diagnose-scenarios.ts';
import { learntScenario, skeleton } from './new-scenario.ts';

const EXPIRED = 'AADSTS7000222: The provided client secret keys are expired.';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isebed-diagnose-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('isebed diagnose', () => {
  it('names the cause, the line it rests on and the scenario that reproduces it, and ends with 0', async () => {
    const log = file('guest.log', `first line\n${EXPIRED}\n`);
    const { out, err, status } = await isebed(['diagnose', log]);
    expect([err, status]).toEqual(['', 0]);
    expect(out).toContain('entra.secret-expired');
    expect(out).toContain(`${log}:2`);
    expect(out).toMatch(/isebed run \S*t3-secret-expired\.yaml/);
  });

  it('reads standard input, and answers in the language that was asked for', async () => {
    const { out, status } = await isebed(['diagnose', '-', '--language', 'de'], EXPIRED);
    expect(status).toBe(0);
    expect(out).toMatch(/^Ursache/m);
  });

  it('gives JSON for programs', async () => {
    const { out } = await isebed(['diagnose', '-', '--json'], EXPIRED);
    const answer: unknown = JSON.parse(out);
    expect(answer).toMatchObject({ recognised: { aadsts: 1 }, verdict: 'certain', evidence: [{ place: '-:1' }] });
    expect(answer).toHaveProperty('causes.0.code', 'entra.secret-expired');
  });

  it('says what to collect when it finds nothing, and ends with 1', async () => {
    const { out, status } = await isebed(['diagnose', '-'], 'The mail does not arrive.');
    expect(status).toBe(1);
    expect(out).toContain('Nothing in it is known');
    expect(out).toContain('guest-access-admin');
  });

  it('reads all files of a folder', async () => {
    file('a.txt', 'nothing');
    file('b.log', EXPIRED);
    expect((await isebed(['diagnose', folder])).status).toBe(0);
  });

  it('names a file that is not there, and ends with 2', async () => {
    const { out, err, status } = await isebed(['diagnose', join(folder, 'absent.log')]);
    expect([out, status]).toEqual(['', 2]);
    expect(err).toContain('absent.log');
  });

  it('names what is wrong in the state of a tenant, and ends with 2', async () => {
    const { err, status } = await isebed(['diagnose', '-', '--state', file('x.yaml', 'a: 1')], EXPIRED);
    expect(status).toBe(2);
    expect(err).toContain('x.yaml');
  });

  it('writes nothing that a terminal would act upon, and no secret', async () => {
    const { out } = await isebed(
      ['diagnose', '-'],
      `\u001b[2J\u0007 client_secret=hunter2hunter2 <script>alert(1)</script> ${EXPIRED}`,
    );
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]|hunter2/);
  });
});

describe('isebed new', () => {
  it('refuses to guess what is wanted', async () => {
    expect((await isebed(['new'])).status).toBe(2);
  });

  it('writes a skeleton once', async () => {
    const name = join(folder, "it's mine");
    expect((await isebed(['new', name])).status).toBe(0);
    expect(loaded(`${name}.yaml`).name).toBe(name);
    expect((await isebed(['new', name])).status).toBe(2);
    expect((await isebed(['new', name, '--force'])).status).toBe(0);
  });

  it('learns from a log, and takes over no name of it', async () => {
    const log = file('guest.log', `2026-02-10 14:41:07,528 ise9.contoso.example boss@contoso.example ${EXPIRED}`);
    const name = join(folder, 'friday');
    expect((await isebed(['new', name, '--from', log])).status).toBe(0);
    const text = readFileSync(`${name}.yaml`, 'utf8');
    expect(text).toContain('Diagnosed: entra.secret-expired (certain)');
    expect(text).not.toContain('contoso');
  });

  it('writes nothing when there is nothing to learn, and ends with 1', async () => {
    const { err, status } = await isebed(['new', '--from', '-'], 'all is well');
    expect(status).toBe(1);
    expect(err).toContain('isebed diagnose');
  });

  it.each(ROOT_CAUSE_CODES)('has a scenario for %s, valid and with the steps of the built-in one', (code) => {
    const scenario = scenarioFor(code, BUILT_IN);
    expect(scenario).toBeDefined();
    if (!scenario) return;
    const learnt = loaded(
      file('learnt.yaml', learntScenario({ code, from: 'a test', certainty: 'certain', scenario })),
    );
    expect(learnt.tags).toEqual(['learnt']);
    expect(withoutLines(learnt)).toEqual(withoutLines(scenario));
  });
});

it('the skeleton ends with what it begins with: a mail that arrives, or could', () => {
  const { steps } = loaded(file('own.yaml', skeleton('own')));
  expect(steps.map(({ kind }) => kind)).toContain('explain');
});

function loaded(path: string): Scenario {
  const { scenario, mistakes } = loadScenarioFile(path, BUILT_IN);
  expect(mistakes).toEqual([]);
  if (!scenario) throw new Error(`${path} is no scenario`);
  return scenario;
}

/** What a run does: all but where it stands in the file, and how it is called. */
function withoutLines({ given, steps }: Scenario): unknown {
  const text = JSON.stringify({ given, steps }, (key, value: unknown) => (key === 'line' ? undefined : value));
  return JSON.parse(text) as unknown;
}

describe('isebed diagnose --state', () => {
  const SEED = `
tenants:
  - name: Contoso
    domains: [contoso.com]
    users: [{ userPrincipalName: ise@contoso.com }]
    applications: [{ name: ISE mail, clientId: 0b000000-0000-4000-8000-000000000001, permissions: [SMTP.SendAsApp] }]
    exchange:
      smtpClientAuthenticationDisabled: false
      servicePrincipals: [{ application: ISE mail, objectId: enterprise }]
      mailboxPermissions: [{ mailbox: ise@contoso.com, user: ISE mail }]
`;
  const REFUSED = '535 5.7.3 Authentication unsuccessful';
  const CLAIMS = { aud: 'https://outlook.office.com', appid: '0b000000-0000-4000-8000-000000000001' };
  /** What was sent with AUTH: mailbox, and a token that names the application. */
  const SENT = Buffer.from(
    `user=ise@contoso.com\u0001auth=Bearer eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify(CLAIMS)).toString('base64url')}.c2ln\u0001\u0001`,
  ).toString('base64');

  const answer = async (seed: string, input: string): Promise<{ verdict: string; causes: { code: string }[] }> => {
    const words = ['diagnose', '-', '--json', '--state', file('contoso.yaml', seed)];
    const { out, status, err } = await isebed(words, input);
    expect([status, err]).toEqual([0, '']);
    return JSON.parse(out) as { verdict: string; causes: { code: string }[] };
  };

  it.each([
    ['exchange.service-principal-wrong-object-id', 'objectId: enterprise', 'objectId: registration'],
    ['exchange.service-principal-missing', /servicePrincipals: .*\n.*\n/, 'servicePrincipals: []\n'],
    ['exchange.role-missing', '[SMTP.SendAsApp]', '[]'],
    [
      'exchange.mailbox-unlicensed',
      'userPrincipalName: ise@contoso.com',
      'userPrincipalName: ise@contoso.com, licensed: false, mailbox: {}',
    ],
  ])('decides for %s where mailbox and application are named', async (code, healthy: string | RegExp, broken) => {
    const seed = SEED.replace(healthy, broken);
    const { verdict, causes } = await answer(seed, `C: AUTH XOAUTH2 ${SENT}\nS: ${REFUSED}`);
    expect([verdict, causes[0]?.code]).toEqual(['certain', code]);
    const alone = await answer(seed, REFUSED);
    expect(alone.causes[0]?.code).toBe(code);
    expect(alone.verdict).not.toBe('certain');
  });

  it('is certain of nothing where the tenant has nothing wrong', async () => {
    expect((await answer(SEED, REFUSED)).verdict).toBe('ambiguous');
  });

  it.each([
    ['is not there', (): string => join(folder, 'absent.yaml'), 'absent.yaml'],
    ['is a folder', (): string => folder, 'a folder'],
    ['is no text', (): string => file('state.bin', '\u0000\u0001\u0002'), 'state.bin'],
    ['is another YAML', (): string => file('other.yaml', 'a: 1'), 'other.yaml'],
  ])('says so when the file %s, and ends with 2', async (_what, path, words) => {
    const { out, err, status } = await isebed(['diagnose', '-', '--state', path()], EXPIRED);
    expect([out, status]).toEqual(['', 2]);
    expect(err).toContain(words);
  });
});

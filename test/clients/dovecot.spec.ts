import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeClient, runClient, versionOf } from './client-run.ts';
import { LiveLab, temporaryFolder } from './live-lab.ts';

const { jest } = import.meta;
jest.setTimeout(60_000);

const START_MS_MAX = 10_000;
/** Exit status of doveadm (EX_NOPERM). */
const AUTH_FAILED = 77;
const GRAPH_SCOPE = 'https://graph.microsoft.com/.default';

/** Who is asked for: the object ID of the enterprise application, or another. */
interface Judged {
  token: string;
  user: string;
}

interface JudgedCase {
  name: string;
  broken?: Record<string, unknown>;
  given: (lab: LiveLab) => Promise<Judged>;
  /** What Dovecot's log says; without it the token is accepted. */
  refused?: RegExp;
}

const CASES: readonly JudgedCase[] = [
  { name: 'good tenant', given: async (lab) => own(await lab.token()) },
  {
    name: 'signature tampered with',
    given: async (lab) => own(changed(await lab.token(), 2, (part) => `${part.slice(0, -8)}AAAAAAAA`)),
    refused: /Bad signature/,
  },
  {
    name: 'role added to the payload',
    broken: { 'entra.revokeConsent': {} },
    given: async (lab) => own(changed(await lab.token(), 1, (part) => withClaim(part, { roles: ['SMTP.SendAsApp'] }))),
    refused: /Bad signature/,
  },
  {
    name: 'algorithm none',
    given: async (lab) => {
      const [, payload = ''] = (await lab.token()).split('.');
      return own(`${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`);
    },
    refused: /Unsupported algorithm 'NONE'/,
  },
  {
    name: 'another key named',
    given: async (lab) => own(changed(await lab.token(), 0, (part) => withClaim(part, { kid: 'another' }))),
    refused: /key 'another' not found/,
  },
  {
    name: 'no admin consent (valid all the same: roles are for Exchange to judge)',
    broken: { 'entra.revokeConsent': {} },
    given: async (lab) => own(await lab.token()),
  },
  {
    name: 'client ID for the object ID of the enterprise application',
    given: async (lab) => ({ token: await lab.token(), user: lab.where.clientId }),
    refused: /Username '.*' did not match/,
  },
  {
    name: 'tenant with another ID',
    broken: { 'entra.changeTenantId': {} },
    given: async (lab) => {
      const { tenantId } = await lab.call('GET', 'isebed/v1/testbed');
      return own((await lab.tokenAnswer({ tenant: tenantId })).access_token);
    },
    refused: /Issuer '.*' is not allowed/,
  },
  {
    name: 'token for Microsoft Graph (valid all the same: this Dovecot does not ask for whom)',
    given: async (lab) => own((await lab.tokenAnswer({ scope: GRAPH_SCOPE })).access_token),
  },
  {
    name: 'token that is none',
    given: async () => ({ token: 'not-a-token', user: 'nobody' }),
    refused: /Not a JWT token/,
  },
  {
    // The clock of Entra runs ahead of Dovecot's.
    name: 'token not yet valid',
    given: async (lab) => {
      await lab.call('POST', 'isebed/v1/time/jumps', { by: '1d' });
      return own(await lab.token());
    },
    refused: /Token is not valid yet/,
  },
];

const DOVECOT = { id: 'dovecot', name: 'Dovecot', version: versionOf('dovecot', ['--version'], /^(\d\S+)/) };

/** The authentication service alone: it validates tokens with the keys it is given, and asks nobody. */
describeClient(DOVECOT, (record) => {
  const folder = temporaryFolder();
  const config = join(folder.path, 'dovecot.conf');
  const log = join(folder.path, 'log');
  let lab: LiveLab;
  let dovecot: ChildProcess;
  beforeAll(async () => {
    lab = await LiveLab.up();
    writeConfiguration(folder.path, lab.where.tenantId);
    dovecot = spawn('dovecot', ['-F', '-c', config], { stdio: 'ignore' });
    const until = Date.now() + START_MS_MAX;
    while (!existsSync(join(folder.path, 'run/auth-client')) && Date.now() < until) await sleep(20);
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => dovecot.once('close', resolve));
    dovecot.kill();
    await ended;
    await LiveLab.killAll();
    folder[Symbol.dispose]();
  });

  it.each(CASES)('$name', async ({ name, broken, given, refused }) => {
    await lab.call('POST', 'isebed/v1/reset');
    await writeKeys(lab, join(folder.path, 'keys'));
    if (broken) await lab.change(broken);
    const { token, user } = await given(lab);
    const logged = readFileSync(log, 'utf8').length;
    const { status, printed } = await runClient('doveadm', ['-c', config, 'auth', 'test', user, token]);
    const [verdict = ''] = printed.split('\n');
    const reasons = readFileSync(log, 'utf8')
      .slice(logged)
      .matchAll(/: (oauth2 failed: .*|Password mismatch.*)/g);
    const run = { status, printed: [verdict, ...[...reasons].map(([, reason]) => reason)].join('\n') };
    record.note(name, run, [token]);
    expect(run.printed).toMatch(refused ?? /auth succeeded/);
    expect(status).toBe(refused ? AUTH_FAILED : 0);
  });
});

/** The tenant's JWKS (of its own since each reset), where Dovecot looks keys up: `<azp>/<algorithm>/<key ID>`; our tokens have no `azp`. */
async function writeKeys(lab: LiveLab, folder: string): Promise<void> {
  const { body } = await lab.https('login.microsoftonline.com', `/${lab.where.tenantId}/discovery/v2.0/keys`);
  const { keys } = JSON.parse(body);
  const ofAlgorithm = join(folder, 'default/RS256');
  mkdirSync(ofAlgorithm, { recursive: true });
  for (const jwk of keys) {
    const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    writeFileSync(join(ofAlgorithm, jwk.kid), pem);
  }
}

/** All of Dovecot runs as the user of the test, and none of it listens but in the folder. */
function writeConfiguration(folder: string, tenantId: string): void {
  const { username } = userInfo();
  write('oauth2.conf', [
    'introspection_mode = local',
    `local_validation_key_dict = fs:posix:prefix=${folder}/keys/`,
    `issuers = https://sts.windows.net/${tenantId}/`,
    'username_attribute = oid',
  ]);
  write('dovecot.conf', [
    'protocols =',
    `base_dir = ${folder}/run`,
    `state_dir = ${folder}/state`,
    `log_path = ${folder}/log`,
    'auth_verbose = yes',
    'ssl = no',
    `default_internal_user = ${username}`,
    `default_login_user = ${username}`,
    `default_internal_group = ${execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()}`,
    'auth_failure_delay = 0',
    'auth_mechanisms = plain',
    'passdb {',
    '  driver = oauth2',
    '  mechanisms = plain',
    `  args = ${folder}/oauth2.conf`,
    '}',
    'userdb {',
    '  driver = static',
    `  args = uid=nobody gid=nogroup home=${folder}`,
    '}',
    'service stats {',
    '  chroot =',
    '}',
    // Without its memory for failures, which makes each refusal slower than the one before.
    'service anvil {',
    '  chroot =',
    '  unix_listener anvil-auth-penalty {',
    '    mode = 0',
    '  }',
    '}',
  ]);

  function write(name: string, lines: readonly string[]): void {
    writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''));
  }
}

/** With the object ID that the token itself names. */
function own(token: string): Judged {
  return { token, user: String(decode(token.split('.')[1]).oid) };
}

function changed(token: string, index: number, change: (part: string) => string): string {
  return token
    .split('.')
    .map((part, at) => (at === index ? change(part) : part))
    .join('.');
}

function withClaim(part: string, claims: Record<string, unknown>): string {
  return encode({ ...decode(part), ...claims });
}

function encode(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

function decode(part = ''): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}

import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';

const configFile: string = '../../eslint.config.js';
const { default: config } = (await import(configFile)) as { default: Linter.Config[] };
const linter = new Linter({ cwd: new URL('../..', import.meta.url).pathname, configType: 'flat' });

/** Layering and habits read the text alone: without type information they are fast, and the file need not exist. */
const withoutTypes = [...config, { files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }] as Linter.Config[];

function complaintsOf(filename: string, code: string, rules = withoutTypes): string[] {
  return linter
    .verify(code, rules, { filename })
    .map(({ ruleId, message }) => `${ruleId}: ${message}`)
    .filter((complaint) => !complaint.includes('no-unused-vars'));
}

describe('layering', () => {
  it.each([
    ['libs/diagnosis/src/a.ts', '#libs/simulation', 'libs/diagnosis may import no other element'],
    ['libs/simulation/src/a.ts', '#libs/network', 'libs/simulation may import #libs/diagnosis ('],
    ['libs/scenario/src/a.ts', '#libs/simulation', 'libs/scenario may import #libs/fault, #libs/diagnosis ('],
    [
      'libs/network/src/a.ts',
      '#libs/trust',
      'libs/network may import #libs/fault, #libs/diagnosis, #libs/simulation (',
    ],
    ['libs/guests/src/a.ts', '#libs/notification', 'libs/guests may import #libs/deployment'],
    ['libs/notification/src/a.ts', '#libs/mail-submission', 'libs/notification may import #libs/guests'],
    ['libs/oauth-client/src/a.ts', '#libs/mail-submission', 'libs/oauth-client may import #libs/network'],
    ['libs/mail-submission/src/a.ts', '#libs/deployment', 'libs/mail-submission may import #libs/oauth-client'],
    ['libs/tenant-admin/src/a.ts', '#mocks/graph', 'libs/tenant-admin may import #libs/network'],
    ['apps/ise-node/src/a.ts', '#libs/tenant-admin', 'but not #libs/tenant-admin'],
    ['libs/replication/src/a.ts', '#libs/deployment', 'libs/replication may import #libs/network'],
    ['libs/guests/src/a.ts', '#mocks/entra', 'libs/guests may import #libs/deployment'],
    ['libs/guests/src/a.spec.ts', '#mocks/entra', 'libs/guests may import #libs/deployment'],
    ['libs/guests/src/a.ts', '#libs/guests', 'libs/guests may import #libs/deployment'],
    ['mocks/entra/src/a.ts', '#mocks/exchange', 'mocks/* may import #libs/diagnosis, #libs/simulation ('],
    ['mocks/entra/src/a.ts', '#libs/oauth-client', 'mocks/* may import #libs/diagnosis, #libs/simulation ('],
    ['apps/ise-node/src/a.ts', '#mocks/entra', 'apps/ise-node may import #libs/*, but not #libs/scenario'],
    ['apps/ise-node/src/a.ts', '#libs/scenario', 'apps/ise-node may import #libs/*, but not #libs/scenario'],
    ['apps/ise-node/src/a.ts', '#apps/isebed', 'apps/ise-node may import #libs/*, but not #libs/scenario'],
    ['libs/brand-new/src/a.ts', '#libs/diagnosis', 'has no row in tools/lint/layers.js'],
  ])('%s may not import %s', (file, specifier, message) => {
    for (const statement of [`import { x } from '${specifier}';`, `import type { X } from '${specifier}';`]) {
      expect(complaintsOf(file, statement)).toEqual([expect.stringContaining(message)]);
    }
    expect(complaintsOf(file, `export { x } from '${specifier}';`)).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    ['libs/simulation/src/a.ts', '#libs/diagnosis'],
    ['libs/notification/src/a.ts', '#libs/settings'],
    ['libs/mail-submission/src/a.ts', '#libs/oauth-client'],
    ['mocks/exchange/src/a.ts', '#libs/simulation'],
    ['apps/ise-node/src/pan/a.ts', '#libs/brand-new'],
    ['apps/isebed/src/run/a.ts', '#mocks/entra'],
    ['apps/isebed/src/run/a.ts', '#libs/scenario'],
    ['apps/isebed/src/run/a.ts', '#apps/ise-node'],
    ['test/contract/a.spec.ts', '#mocks/entra'],
    ['test/e2e/a.spec.ts', '#apps/isebed'],
    ['tools/a.ts', '#libs/scenario'],
    ['libs/guests/src/a.ts', '../guest-type.ts'],
    ['apps/ise-node/src/pan/a.ts', '../mail/node-mailer.ts'],
  ])('%s may import %s', (file, specifier) => {
    expect(complaintsOf(file, `import { x } from '${specifier}';`)).toEqual([]);
  });

  it.each([
    ['libs/guests/src/a.ts', '#libs/deployment/src/deployment.ts', 'entered through its index.ts only'],
    ['apps/isebed/src/run/a.ts', '#mocks/entra/src/token-checks.ts', 'entered through its index.ts only'],
    ['libs/guests/src/a.ts', '../../deployment/src/index.ts', 'stays inside its element'],
    ['libs/guests/src/deep/a.ts', '../../../deployment/src/index.ts', 'stays inside its element'],
    ['libs/guests/src/a.ts', '../../../mocks/entra/src/index.ts', 'stays inside its element'],
    ['apps/isebed/src/run/a.ts', '../../../ise-node/src/index.ts', 'stays inside its element'],
    ['test/contract/a.spec.ts', '../../libs/guests/src/index.ts', 'stays inside its element'],
    ['tools/a.ts', '../libs/scenario/src/scenario.schema.ts', 'stays inside its element'],
  ])('%s may not reach past an index: %s', (file, specifier, message) => {
    expect(complaintsOf(file, `import { x } from '${specifier}';`)).toEqual([expect.stringContaining(message)]);
  });
});

const TIME = 'Time comes from the Clock';
const CHANCE = 'Chance comes from a Random stream';
const DIAL = "dialled through the node's network view";
const TRUST = "judged by the node's Trusted Certificates";
const SETTINGS = 'Settings are read in apps/<name>/src/*environment*.ts';

describe('habits', () => {
  it.each([
    ['setTimeout(work, 5);', TIME],
    ['setInterval(work, 5);', TIME],
    ['setImmediate(work);', TIME],
    ['globalThis.setTimeout(work, 5);', TIME],
    ['socket.setTimeout(5000);', TIME],
    ['x = Date.now();', TIME],
    ['x = new Date();', TIME],
    ['x = Date();', TIME],
    ['x = performance.now();', TIME],
    ['x = AbortSignal.timeout(5);', TIME],
    ["import { setTimeout as sleep } from 'node:timers/promises';", TIME],
    ["import { setTimeout as sleep } from 'timers';", TIME],
    ["import { performance } from 'node:perf_hooks';", TIME],
    ['x = Math.random();', CHANCE],
    ['const { random } = Math;', CHANCE],
    ['x = crypto.randomUUID();', CHANCE],
    ["import { randomUUID } from 'node:crypto';", CHANCE],
    ["import { randomBytes } from 'crypto';", CHANCE],
    ["import * as crypto from 'node:crypto';", CHANCE],
    ["import { connect } from 'node:net';", DIAL],
    ["import { createConnection } from 'net';", DIAL],
    ["import net from 'node:net';", DIAL],
    ["import * as tls from 'node:tls';", DIAL],
    ["import { connect } from 'node:tls';", DIAL],
    ["import { request } from 'node:http';", DIAL],
    ["import { get } from 'node:https';", DIAL],
    ["import { lookup } from 'node:dns';", DIAL],
    ["import { lookup } from 'node:dns/promises';", DIAL],
    ["fetch('https://login.microsoftonline.com/');", DIAL],
    ['x = { rejectUnauthorized: false };', TRUST],
    ["x = { 'rejectUnauthorized': false };", TRUST],
    ['x = process.env.HOME;', SETTINGS],
    ['const { env } = process;', SETTINGS],
    ["import { env } from 'node:process';", SETTINGS],
    ["console.log('hello');", 'Write to the stream that the program was given'],
    ['export default x;', 'Export it by name'],
    ['export { x as default };', 'Export it by name'],
    ["import('node:net');", 'Import at the top of the file'],
  ])('libs, mocks and apps may not: %s', (code, message) => {
    for (const file of ['libs/guests/src/a.ts', 'mocks/entra/src/a.ts', 'apps/isebed/src/up/a.ts']) {
      expect(complaintsOf(file, code)).toEqual([expect.stringContaining(message)]);
    }
  });

  it.each([
    ['libs/guests/src/a.ts', 'export const x = (at: number) => new Date(at).toISOString();'],
    ['libs/network/src/link.ts', 'export class A { setTimeout() {} b() { this.setTimeout(); } }'],
    ['libs/guests/src/a.ts', "import type { Socket } from 'node:net';"],
    ['mocks/exchange/src/a.ts', "import { createServer } from 'node:net';"],
    ['mocks/exchange/src/a.ts', "import { createHash } from 'node:crypto';"],
    ['libs/trust/src/a.ts', 'export const x = { rejectUnauthorized: true };'],
    ['libs/simulation/src/a.ts', 'setTimeout(() => Date.now(), performance.now());'],
    ['libs/network/src/a.ts', "import { connect } from 'node:net';"],
    ['libs/trust/src/trusting-tls.ts', "import { connect } from 'node:tls';"],
    ['libs/trust/src/trusting-tls.ts', 'export const x = { rejectUnauthorized: false };'],
    ['libs/oauth-client/src/msal-network-client.ts', "import { request } from 'node:https';"],
    ['apps/isebed/src/testbed/node-api.ts', "import { request } from 'node:http';"],
    ['apps/isebed/src/testbed/signing-keys.ts', "import { request } from 'node:http';"],
    ['apps/ise-node/src/node-environment.ts', 'export const home = process.env.HOME;'],
    ['mocks/entra/src/a.spec.ts', "import { connect } from 'node:tls';\nexport const t = performance.now();"],
    ['test/contract/a.spec.ts', "import { get } from 'node:http';"],
    ['test/bench/a.ts', 'console.log(Date.now(), process.env.CI);\nsetTimeout(() => undefined, 5);'],
    ['tools/a.ts', 'console.log(Date.now(), process.env.CI);'],
  ])('%s may: %s', (file, code) => {
    expect(complaintsOf(file, code)).toEqual([]);
  });

  it.each([
    ['libs/simulation/src/a.ts', 'export const x = Math.random();', CHANCE],
    ['libs/network/src/a.ts', 'setTimeout(() => undefined, 5);', TIME],
    ['libs/network/src/a.ts', 'export const x = { rejectUnauthorized: false };', TRUST],
    ['libs/trust/src/server-verification.ts', "import { connect } from 'node:tls';", DIAL],
    ['libs/guests/src/a-environment.ts', 'export const home = process.env.HOME;', SETTINGS],
    ['mocks/entra/src/a.spec.ts', 'setTimeout(() => undefined, 5);', TIME],
    ['mocks/entra/src/a.spec.ts', 'export const x = { rejectUnauthorized: false };', TRUST],
    ['test/contract/a.spec.ts', 'export const x = Date.now();', TIME],
    ['test/contract/a.spec.ts', 'export const x = Math.random();', CHANCE],
    ['tools/a.ts', 'export const x = Math.random();', CHANCE],
  ])('%s is let off one habit and not the others: %s', (file, code, message) => {
    expect(complaintsOf(file, code)).toEqual([expect.stringContaining(message)]);
  });
});

describe('types', () => {
  // A file of the project, because the rules need its place in the program.
  const file = 'libs/guests/src/mail-address.ts';

  it.each([
    ['no-floating-promises', 'async function f() { await Promise.resolve(); }\nf();'],
    ['no-misused-promises', 'if (Promise.resolve(true)) throw new Error();'],
    ['return-await', 'export async function f(p: Promise<void>) { try { return p; } finally { String(1); } }'],
    ['no-explicit-any', 'export const f = (x: any): string => String(x);'],
    ['consistent-type-imports', "import { Clock } from '#libs/simulation';\nexport type C = Clock;"],
    [
      'switch-exhaustiveness-check',
      "export function f(x: 'a' | 'b'): number { switch (x) { case 'a': return 1; }\nreturn 2; }",
    ],
  ])('%s', (rule, code) => {
    expect(complaintsOf(file, code, config)).toEqual([expect.stringContaining(`@typescript-eslint/${rule}`)]);
  });

  it('lets a class that Nest injects be imported as a value', () => {
    const code =
      "import { Clock } from '#libs/simulation';\nconst Injectable = (): ClassDecorator => () => undefined;\n" +
      '@Injectable()\nexport class A { constructor(readonly clock: Clock) {} }';
    expect(complaintsOf(file, code, config)).toEqual([]);
  });
});

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LiveLab } from './live-lab.ts';

/** Where the clients' own words are recorded, one JSON file per client: what the table in docs/clients.md is made from. */
const RECORD = fileURLToPath(new URL('../../out/clients/', import.meta.url));

const CLIENT_MS_MAX = 30_000;

/** How a client ended and what it printed, on both streams. */
export interface ClientRun {
  status: number | null;
  printed: string;
}

export interface RecordedCase {
  case: string;
  status: number | null;
  printed: string;
}

/** Runs a client's program to its end; `input` goes to its standard input. */
export function runClient(
  command: string,
  args: readonly string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {},
): Promise<ClientRun> {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', LC_ALL: 'C', ...env },
    timeout: CLIENT_MS_MAX,
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stdin.on('error', () => undefined); // a client that has ended reads no further
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, printed }));
  });
}

/** A Node client of this folder with names and ports of the testbed, trusting its roots unless told otherwise. */
export function runNodeClient(
  lab: LiveLab,
  script: string,
  env: Record<string, string>,
  { trusts = true } = {},
): Promise<ClientRun> {
  const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  return runClient(process.execPath, ['--import', file('redirect-hosts.mjs'), file(script)], {
    env: {
      ISEBED_TEST_HTTPS_PORT: String(lab.where.https.port),
      ISEBED_TEST_SMTP_PORT: String(lab.where.smtp.port),
      ...(trusts ? { NODE_EXTRA_CA_CERTS: lab.where.labRoots } : {}),
      ...env,
    },
  });
}

/** `describe` if the program is installed; else the tests are skipped with a loud line, and fail where CI is true. */
export function describeClient(command: string, args: readonly string[], name: string, tests: () => void): void {
  const isInstalled = spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  if (isInstalled) return describe(name, tests);
  if (process.env.CI === 'true') {
    return describe(name, () => {
      it('is installed', () => {
        throw new Error(`${command} is not installed, and CI tests every client`);
      });
    });
  }
  process.stderr.write(`\n*** ${name} is NOT TESTED: ${command} is not installed here ***\n\n`);
  describe.skip(name, tests);
}

/** What one client printed, case by case; `write` leaves it for the documentation. */
export class ClientRecord {
  private readonly cases: RecordedCase[] = [];

  constructor(private readonly client: string) {}

  note(name: string, { status, printed }: ClientRun, secrets: readonly string[]): void {
    const clean = secrets
      .filter((secret) => secret !== '')
      .reduce((text, secret) => text.replaceAll(secret, '…'), printed);
    this.cases.push({ case: name, status, printed: clean.trim() });
  }

  write(): void {
    mkdirSync(RECORD, { recursive: true });
    writeFileSync(join(RECORD, `${this.client}.json`), `${JSON.stringify(this.cases, null, 2)}\n`);
  }
}

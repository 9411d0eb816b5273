import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the clients' own words are recorded, one JSON file per client: what the tables in docs/clients.md are made from. */
const RECORD = fileURLToPath(new URL('../../out/clients/', import.meta.url));

const CLIENT_MS_MAX = 30_000;

/** How a client ended and what it printed: its errors first, for the order between the streams is a matter of chance. */
export interface ClientRun {
  status: number | null;
  printed: string;
}

interface RecordedCase extends ClientRun {
  case: string;
}

/** Of a client: `id` names its record, `name` its heading; without a `version` it is not installed. */
export interface ClientProgram {
  id: string;
  name: string;
  version: string | undefined;
}

/** A file of this folder. */
export function besides(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** The first group of `pattern` in what the program prints, or nothing if it is not installed. */
export function versionOf(command: string, args: readonly string[], pattern: RegExp): string | undefined {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return pattern.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[1];
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
  const output = { errors: '', text: '' };
  child.stderr.on('data', (chunk: Buffer) => (output.errors += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
  child.stdin.on('error', () => undefined); // a client that has ended reads no further
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, printed: output.errors + output.text }));
  });
}

/** Ports that a Node client finds its peers at, by `name:port` or by port alone; and the roots it trusts, if any. */
export interface NodeClientWorld {
  ports: Record<string, number>;
  roots?: string | undefined;
}

/** A Node client of this folder; names and ports lead into the testbed. */
export function runNodeClient(
  script: string,
  { ports, roots }: NodeClientWorld,
  env: Record<string, string>,
): Promise<ClientRun> {
  return runClient(process.execPath, ['--import', besides('redirect-hosts.mjs'), besides(script)], {
    env: {
      ISEBED_TEST_PORTS: JSON.stringify(ports),
      ...(roots === undefined ? {} : { NODE_EXTRA_CA_CERTS: roots }),
      ...env,
    },
  });
}

/**
 * `describe` if the program is installed; else the tests are skipped with a loud line, and fail where CI is true. What
 * it printed is written down when they have run.
 */
export function describeClient(program: ClientProgram, tests: (record: ClientRecord) => void): void {
  const { id, name, version } = program;
  if (version !== undefined) {
    const record = new ClientRecord(id, name, version);
    return describe(name, () => {
      afterAll(() => record.write());
      tests(record);
    });
  }
  if (process.env.CI === 'true') {
    return describe(name, () => {
      it('is installed', () => {
        throw new Error(`${name} is not installed, and CI tests every client`);
      });
    });
  }
  process.stderr.write(`\n*** ${name} is NOT TESTED: it is not installed here ***\n\n`);
  describe.skip(name, () => tests(new ClientRecord(id, name, '')));
}

/** What one client printed, case by case. */
export class ClientRecord {
  private readonly cases: RecordedCase[] = [];

  constructor(
    private readonly id: string,
    private readonly name: string,
    private readonly version: string,
  ) {}

  note(name: string, { status, printed }: ClientRun, secrets: readonly string[] = []): void {
    const clean = secrets
      .filter((secret) => secret !== '')
      .reduce((text, secret) => text.replaceAll(secret, '…'), printed);
    this.cases.push({ case: name, status, printed: clean.trim() });
  }

  write(): void {
    const { name, version, cases } = this;
    mkdirSync(RECORD, { recursive: true });
    writeFileSync(join(RECORD, `${this.id}.json`), `${JSON.stringify({ name, version, cases }, null, 2)}\n`);
  }
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Fields of one packet, by name; several values of one field are joined with commas. */
export type Packet = Record<string, string>;

/** Chunks of a message body make long lines. */
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;
const SEPARATOR = '\x1f';

/** What Wireshark makes of a capture: the fields of each packet. Names come from the capture alone. */
export async function dissect(
  capture: string,
  fields: readonly string[],
  options: readonly string[] = [],
): Promise<Packet[]> {
  const output = await run('tshark', [
    ...['-r', capture, '-N', 'n', '-T', 'fields', '-E', `separator=${SEPARATOR}`],
    ...fields.flatMap((field) => ['-e', field]),
    ...options,
  ]);
  const lines = output.split('\n').filter(Boolean);
  return lines.map((line) => {
    const values = line.split(SEPARATOR);
    return Object.fromEntries(fields.map((field, index) => [field, values[index] ?? '']));
  });
}

/** Copies a capture without the secrets that decrypt it. */
export async function withoutSecrets(capture: string, copy: string): Promise<void> {
  await run('editcap', ['--discard-all-secrets', capture, copy]);
}

async function run(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { encoding: 'utf8', maxBuffer: OUTPUT_BYTES_MAX });
    return stdout;
  } catch (cause) {
    const isMissing = typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT';
    throw isMissing ? new Error(`${program} is missing: apt-get install tshark`) : cause;
  }
}

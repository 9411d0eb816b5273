import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The folder of the project: where a user types `npx isebed`. */
export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

const PROGRAM = join(PROJECT, 'bin/isebed.js');
const BUILT = join(PROJECT, 'dist/apps/isebed/src/main.js');

/** A process that takes longer than that hangs. */
const PROCESS_MS_MAX = 60_000;

// Jest's 5 s are for tests in one process; these start several, on cores that other tests keep busy.
const { setTimeout: setTestTimeout } = import.meta.jest;
setTestTimeout(2 * PROCESS_MS_MAX);

/** How a process ended, and what it wrote. */
export interface Finished {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface StartOptions {
  /** Default: the project's folder. */
  cwd?: string;
  env?: Record<string, string>;
  /** After which it is killed. Default: 60 s. */
  timeoutMs?: number;
}

/** A running `isebed`. */
export interface RunningIsebed {
  child: ChildProcessByStdio<null, Readable, Readable>;
  /** Settles when the process has ended and its output is read. */
  finished: Promise<Finished>;
}

/** Starts the built program as a process with a process group of its own, and with nothing in its environment. */
export function startIsebed(
  args: readonly string[],
  { cwd = PROJECT, env = {}, timeoutMs = PROCESS_MS_MAX }: StartOptions = {},
): RunningIsebed {
  if (!existsSync(BUILT))
    throw new Error('dist/ is missing: these tests run the built program, so `npm run build` first');
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  return { child, finished: endOf(child) };
}

/** Runs the built program to its end. */
export function isebed(args: readonly string[], options: StartOptions = {}): Promise<Finished> {
  return startIsebed(args, options).finished;
}

/** Runs a line of shell script; `$node` and `$isebed` stand for the program. */
export function shell(script: string, env: Record<string, string> = {}): Promise<Finished> {
  const child = spawn('/bin/sh', ['-c', script], {
    cwd: PROJECT,
    env: { PATH: '/usr/bin:/bin', node: process.execPath, isebed: PROGRAM, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PROCESS_MS_MAX,
    killSignal: 'SIGKILL',
  });
  return endOf(child);
}

function endOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Finished> {
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal, ...output }));
  });
}

/** A folder that is gone when the block ends that it was made in (`using`). */
export function temporaryFolder(): { path: string; [Symbol.dispose]: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'isebed-e2e-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Every file below the folder, by its path from there, sorted. */
export function filesBelow(folder: string): Map<string, Buffer> {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(files.map((file) => [relative(folder, file), readFileSync(file)]));
}

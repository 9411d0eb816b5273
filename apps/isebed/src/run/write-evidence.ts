import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TestbedError } from '#libs/diagnosis';
import { evidenceFiles, type EvidenceFile } from './evidence-files.ts';
import type { ScenarioRun } from './run-scenario.ts';

/** The table of contents; a folder that has one is complete, and ours. */
const INDEX = 'evidence.json';

const PLACE_ATTEMPTS_MAX = 5;

/** The evidence of a run could not be left where it should be. */
export class EvidenceError extends TestbedError {
  constructor(
    readonly folder: string,
    reason: string,
    remedy: string,
    cause?: unknown,
  ) {
    super('evidence.not-written', `the evidence could not be left in ${folder}: ${reason}`, { remedy, cause });
  }
}

/**
 * Leaves the evidence of a run in `folder`, whole or not at all: it is written beside it and then renamed. Evidence of
 * an earlier run is replaced.
 *
 * @throws EvidenceError
 */
export function writeEvidence(run: ScenarioRun, folder: string): void {
  if (!mayReplace(folder)) {
    const remedy = 'Name another folder with --out, or move what is there.';
    throw new EvidenceError(folder, 'there are files that are no evidence of a run', remedy);
  }
  const staging = stagingFolder(folder);
  try {
    rmSync(staging, { recursive: true, force: true });
    const files = evidenceFiles(run).sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const { path, content } of [...files, indexOf(run, files)]) {
      const target = join(staging, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
    takePlace(staging, folder);
  } catch (cause) {
    rmSync(staging, { recursive: true, force: true });
    const reason = systemReason(cause);
    if (reason === undefined) throw cause;
    const remedy = 'See to room and rights there, or name another folder with --out.';
    throw new EvidenceError(folder, reason, remedy, cause);
  }
}

/** Another process may leave the evidence of the same scenario at this very moment: the last one wins. */
function takePlace(staging: string, folder: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return renameSync(staging, folder);
    } catch (error) {
      if (attempt === PLACE_ATTEMPTS_MAX) throw error;
    }
  }
}

/** What the operating system says, with its code in front; undefined for what it did not bring about. */
function systemReason(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause && 'message' in cause)) return undefined;
  return String(cause.message);
}

/** Where the evidence is until it is whole. A run that is interrupted may leave it. */
export function stagingFolder(folder: string): string {
  return `${folder}.partial-${process.pid}`;
}

function mayReplace(folder: string): boolean {
  if (!existsSync(folder)) return true;
  try {
    const found = readdirSync(folder);
    return found.length === 0 || found.includes(INDEX);
  } catch {
    return false;
  }
}

function indexOf({ result }: ScenarioRun, files: readonly EvidenceFile[]): EvidenceFile {
  const { name, file, seed, outcome, journalSha256 } = result;
  const entries = files.map(({ path, what, content }) => ({
    path,
    bytes: Buffer.byteLength(content),
    sha256: createHash('sha256').update(content).digest('hex'),
    what,
  }));
  const index = { name, file, seed, outcome, journalSha256, files: entries };
  return { path: INDEX, what: 'this list', content: `${JSON.stringify(index, null, 2)}\n` };
}

import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceReader } from '#libs/evidence-reader';
import { reasonOf } from '#libs/scenario';

/** Standard input, as on every command line. */
const STANDARD_INPUT = '-';
/** The table of contents of an evidence folder, and what in it says everything (docs/evidence.md). */
const EVIDENCE_INDEX = 'evidence.json';
const EVIDENCE_JOURNAL = 'journal.jsonl';

const FILES_MAX = 200;
const DEPTH_MAX = 4;
/** Of one file; what is beyond it is not read. */
const FILE_BYTES_MAX = 512 * 1024 * 1024;

/** Reads files, folders and standard input. Gives what could not be read, in words; empty when all was. */
export async function readInputs(
  paths: readonly string[],
  reader: EvidenceReader,
  stdin: AsyncIterable<Uint8Array>,
): Promise<string[]> {
  const faults: string[] = [];
  for (const path of paths) {
    if (path === STANDARD_INPUT) {
      await readStream(stdin, STANDARD_INPUT, reader);
      continue;
    }
    try {
      for (const file of filesOf(path)) await readStream(createReadStream(file), file, reader);
    } catch (error) {
      faults.push(`${path}: ${reasonOf(error)}`);
    }
  }
  return faults;
}

async function readStream(stream: AsyncIterable<Uint8Array>, name: string, reader: EvidenceReader): Promise<void> {
  const open = reader.open(name);
  let bytes = 0;
  for await (const chunk of stream) {
    open.feed(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes > FILE_BYTES_MAX) break;
  }
  open.end();
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path);
  if (entries.includes(EVIDENCE_INDEX) && entries.includes(EVIDENCE_JOURNAL)) return [join(path, EVIDENCE_JOURNAL)];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => file.slice(path.length).split(/[/\\]/).length <= DEPTH_MAX + 1)
    .sort()
    .slice(0, FILES_MAX);
}

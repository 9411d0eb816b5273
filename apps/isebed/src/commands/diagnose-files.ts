import { createReadStream, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unpacked, type EvidenceReader } from '#libs/evidence-reader';
import { reasonOf } from '#libs/scenario';
import { plainText } from '../report/text.ts';

/** Standard input, as on every command line. */
const STANDARD_INPUT = '-';
/** The table of contents of an evidence folder, and what in it says everything (docs/evidence.md). */
const EVIDENCE_INDEX = 'evidence.json';
const EVIDENCE_JOURNAL = 'journal.jsonl';

const FILES_MAX = 200;
const DEPTH_MAX = 4;
/** Entries of a folder that are looked at before it is given up as too large. */
const ENTRIES_MAX = 20_000;
/** Of one file; what is beyond it is not read. */
const FILE_BYTES_MAX = 512 * 1024 * 1024;

/** What could not be read, and what was left out, in words. */
export interface InputReading {
  faults: string[];
  notes: string[];
}

/** Reads files, folders and standard input: texts, captures, mails, and what of these is packed by gzip. */
export async function readInputs(
  paths: readonly string[],
  reader: EvidenceReader,
  stdin: AsyncIterable<Uint8Array>,
): Promise<InputReading> {
  const faults: string[] = [];
  const notes: string[] = [];
  const read = async (stream: AsyncIterable<Uint8Array>, name: string): Promise<void> => {
    const isCut = await readStream(stream, name, reader);
    if (isCut) notes.push(`${plainText(name)}: too large, only its beginning was read`);
  };
  for (const path of paths) {
    try {
      if (path === STANDARD_INPUT) {
        await read(stdin, STANDARD_INPUT);
        continue;
      }
      const { files, left } = filesOf(path);
      if (files.length === 0) faults.push(`${plainText(path)}: no file is in this folder`);
      if (left > 0) notes.push(`${plainText(path)}: ${left} further files were not read; name those that matter`);
      for (const file of files) await read(createReadStream(file), file);
    } catch (error) {
      faults.push(plainText(`${path}: ${reasonOf(error)}`));
    }
  }
  return { faults, notes };
}

/** Whether something was left out. */
async function readStream(stream: AsyncIterable<Uint8Array>, name: string, reader: EvidenceReader): Promise<boolean> {
  const open = reader.open(name);
  let bytes = 0;
  let isCut = false;
  for await (const chunk of unpacked(stream, () => (isCut = true))) {
    open.feed(chunk);
    bytes += chunk.length;
    if (bytes > FILE_BYTES_MAX) {
      isCut = true;
      break;
    }
  }
  open.end();
  return isCut;
}

function filesOf(path: string): { files: string[]; left: number } {
  if (!statSync(path).isDirectory()) return { files: [path], left: 0 };
  const entries = readdirSync(path);
  if (entries.includes(EVIDENCE_INDEX) && entries.includes(EVIDENCE_JOURNAL)) {
    return { files: [join(path, EVIDENCE_JOURNAL)], left: 0 };
  }
  const files = filesBelow(path).sort(byAge);
  return { files: files.slice(0, FILES_MAX), left: Math.max(0, files.length - FILES_MAX) };
}

/** Ordinary files only: links may lead round in a circle, pipes may never end. */
function filesBelow(path: string): string[] {
  const files: string[] = [];
  let folders = [path];
  let entries = 0;
  for (let depth = 0; depth <= DEPTH_MAX && folders.length > 0 && entries < ENTRIES_MAX; depth += 1) {
    const below: string[] = [];
    for (const folder of folders) {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        entries += 1;
        if (entry.isFile()) files.push(join(folder, entry.name));
        else if (entry.isDirectory()) below.push(join(folder, entry.name));
      }
    }
    folders = below;
  }
  return files;
}

/** `guest.log.2.gz` is older than `guest.log.1`, and that older than `guest.log`: what is newest is read last. */
function byAge(one: string, other: string): number {
  const [a, b] = [rotation(one), rotation(other)];
  if (a.log !== b.log) return a.log < b.log ? -1 : 1;
  return b.number - a.number;
}

function rotation(file: string): { log: string; number: number } {
  const name = basename(file).replace(/\.gz$/, '');
  const [suffix, digits = '0'] = /\.(\d{1,3})$/.exec(name) ?? [''];
  return { log: join(file, '..', name.slice(0, name.length - suffix.length)), number: Number(digits) };
}

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock, type JournalRecord } from '#libs/simulation';
import { JournalFiles } from './journal-files.ts';
import { Storage } from './storage.ts';

const LIMITS = { fileBytesMax: 100, filesMax: 3, waitingBytesMax: 200 };

describe('JournalFiles', () => {
  let folder: string;
  let storage: Storage;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'isebed-journal-')), 'journal');
    storage = new Storage({ realTime: new RealClock(), log: () => undefined });
  });
  afterEach(() => {
    storage.close();
    rmSync(join(folder, '..'), { recursive: true });
  });

  const record = (seq: number): JournalRecord => ({ t: '2026-02-02T05:00:00.000Z', seq, kind: 'k' });
  const files = (): string[] => readdirSync(folder).sort();
  const seqsOf = (file: string): number[] =>
    readFileSync(join(folder, file), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).seq);

  it('writes each record at once, for its owner alone to read', () => {
    const journal = new JournalFiles(folder, storage, LIMITS);
    journal.append(record(1));
    expect([files(), seqsOf('000001.jsonl')]).toEqual([['000001.jsonl'], [1]]);
    expect(statSync(join(folder, '000001.jsonl')).mode & 0o777).toBe(0o600);
    journal.close();
  });

  it('goes on in the next file when one is full, and keeps the newest files', () => {
    const journal = new JournalFiles(folder, storage, LIMITS);
    for (let seq = 1; seq <= 9; seq += 1) journal.append(record(seq));
    expect(files()).toEqual(['000003.jsonl', '000004.jsonl', '000005.jsonl']);
    expect(files().map(seqsOf)).toEqual([[5, 6], [7, 8], [9]]);
    journal.close();
  });

  it('begins another journal, and goes on after a restart, in a new file', () => {
    const journal = new JournalFiles(folder, storage, LIMITS);
    journal.append(record(1));
    journal.begin();
    journal.append(record(1));
    journal.close();
    const again = new JournalFiles(folder, storage, LIMITS);
    again.append(record(1));
    expect(files().map(seqsOf)).toEqual([[1], [1], [1]]);
    again.close();
  });

  it('keeps the newest records while the disk fails, and writes them when it can', () => {
    const journal = new JournalFiles(folder, storage, LIMITS);
    rmSync(folder, { recursive: true });
    for (let seq = 1; seq <= 9; seq += 1) journal.append(record(seq));
    expect(storage.complaints).toEqual([expect.stringMatching(/^journal: not written since .+, the folder is gone$/)]);
    new JournalFiles(folder, storage, LIMITS).close();
    journal.append(record(10));
    expect(storage.complaints).toEqual([]);
    expect(files().flatMap(seqsOf)).toEqual([7, 8, 9, 10]);
    journal.close();
  });
});

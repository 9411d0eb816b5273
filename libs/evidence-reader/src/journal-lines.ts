import type { EvidenceRecord } from '#libs/diagnosis';

const RECORD = /^\{"t":"[^"]{10,40}","seq":\d{1,12},"kind":"/;
const RECORDS_MAX = 500_000;
const STOPS: readonly string[] = [
  'smtp-server.save-refused',
  'mail.not-composed',
  'alarm.delayed',
  'guests.no-primary-pan',
];

/** Collects the records of a journal of the testbed (`journal.jsonl`). */
export class JournalLines {
  readonly records: EvidenceRecord[] = [];

  /** Whether the line is a record. */
  read(line: string): boolean {
    if (!RECORD.test(line)) return false;
    const record = recordIn(line);
    if (record && this.records.length < RECORDS_MAX) this.records.push(record);
    return record !== undefined;
  }

  /** `seq` of the records that say that ISE itself stopped a mail; an alarm that nobody wants is the least of it. */
  get stops(): number[] {
    const seqs = (kinds: readonly string[]): number[] =>
      this.records.flatMap(({ seq, kind }) => (kinds.includes(kind) ? seq : []));
    return [...seqs(['alarm.not-mailed']), ...seqs(STOPS)];
  }

  /** `seq` of the records that an attempt begins with: a mail's submission, or a Test Connection. */
  get attempts(): number[] {
    const kinds = ['mail.attempted', 'smtp-server.test-started'];
    return this.records.flatMap(({ seq, kind }) => (kinds.includes(kind) ? seq : []));
  }
}

function recordIn(line: string): EvidenceRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is EvidenceRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'seq' in value &&
    typeof value.seq === 'number' &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    (!('cause' in value) || typeof value.cause === 'number')
  );
}

import { explainAttempt, observationsOf, type EvidenceRecord, type Observation } from '#libs/diagnosis';
import { isCapture } from './capture/capture-blocks.ts';
import { CaptureReader } from './capture/capture-reader.ts';
import { Findings, type InputKind, type Quote } from './findings.ts';
import { JournalLines } from './journal-lines.ts';
import { TextReader } from './text-reader.ts';

/** What was found in all that was read. */
export interface EvidenceRead {
  observations: readonly Observation[];
  /** Of earlier attempts, where a journal tells them apart. */
  history: readonly Observation[];
  /** Of later attempts of the same node. */
  later: readonly Observation[];
  /** What was recognised, and how often. */
  recognised: ReadonlyMap<InputKind, number>;
  /** The lines that observations stand on, without secrets. */
  quotes: readonly Quote[];
  /** There was more than could be kept: the oldest is missing. */
  isPartial: boolean;
}

export interface EvidenceReaderOptions {
  /** Epoch milliseconds at which certificates are judged. */
  now: number;
}

/** Enough of a file to tell a capture from a text. */
const HEAD_BYTES = 4;

/**
 * Reads what an engineer has of a mail that failed: logs, replies, transcripts, error bodies, stack traces, certificates,
 * captures, the journal of a testbed, in any number of files and in any mixture.
 *
 * Bounded: text is read as it comes, line by line; of a capture the beginning of each conversation is kept. Whatever the
 * bytes are, it neither throws nor hangs.
 */
export class EvidenceReader {
  private readonly findings = new Findings();
  private readonly journal = new JournalLines();

  constructor(private readonly options: EvidenceReaderOptions) {}

  /** @param name of the file, as the reader of the answer knows it */
  open(name: string): OpenEvidence {
    let head = Buffer.alloc(0);
    let reader: Pick<TextReader, 'feed' | 'end'> | undefined;
    const begin = (): Pick<TextReader, 'feed' | 'end'> => {
      const chosen = isCapture(head)
        ? new CaptureReader(this.findings, name)
        : new TextReader(this.findings, this.journal, name, this.options.now);
      chosen.feed(head);
      return chosen;
    };
    return {
      feed: (chunk) => {
        if (reader) return reader.feed(chunk);
        head = Buffer.concat([head, chunk]);
        if (head.length >= HEAD_BYTES) reader = begin();
      },
      end: () => {
        (reader ?? begin()).end();
      },
    };
  }

  result(): EvidenceRead {
    const { findings, journal } = this;
    const fromJournal = lastFailure(journal);
    if (journal.records.length > 0) findings.recognise('journal', journal.records.length);
    return {
      // What a journal tells is exact; logs beside it tell the same once more.
      observations: fromJournal?.observations ?? findings.observations,
      history: fromJournal?.history ?? [],
      later: fromJournal?.later ?? [],
      recognised: findings.recognised,
      quotes: [...findings.quotes, ...(fromJournal?.quotes ?? [])],
      isPartial: findings.isPartial,
    };
  }
}

/** A file that is being read. */
export interface OpenEvidence {
  feed(chunk: Buffer): void;
  end(): void;
}

/** The latest attempts are asked about first; a journal with more without any failure is of a healthy deployment. */
const ATTEMPTS_MAX = 200;

interface FailedAttempt {
  observations: readonly Observation[];
  history: readonly Observation[];
  later: readonly Observation[];
  quotes: readonly Quote[];
}

/** Of a mail that was attempted; where none failed, of one that ISE stopped itself. */
function lastFailure({ records, attempts, stops }: JournalLines): FailedAttempt | undefined {
  return lastFailureOf(records, attempts) ?? lastFailureOf(records, stops);
}

function lastFailureOf(records: readonly EvidenceRecord[], attempts: readonly number[]): FailedAttempt | undefined {
  const later: Observation[] = [];
  for (const attempt of attempts.slice(-ATTEMPTS_MAX).reverse()) {
    if (explainAttempt(records, attempt).verdict === 'none') {
      later.push(...observationsOf(records, attempt).observations);
      continue;
    }
    const { observations, history } = observationsOf(records, attempt);
    const bySeq = new Map(records.map((record) => [record.seq, record]));
    const quotes = observations.map(({ source }) => ({ source, text: inWords(bySeq.get(source.seq ?? -1)) }));
    return { observations, history: history(), later, quotes };
  }
  return undefined;
}

function inWords(record: EvidenceRecord | undefined): string {
  if (!record) return '';
  const { seq: _seq, cause: _cause, t: _t, kind, ...fields } = record;
  return `${kind} ${JSON.stringify(fields)}`.slice(0, 400);
}

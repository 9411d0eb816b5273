import { consequencesOf } from './consequences.ts';
import type { EvidenceRecord } from './evidence.ts';
import { JournalReader } from './journal-observations.ts';
import type { Observation } from './observation.ts';

/** What was seen longer ago explains nothing of today. */
const HISTORY_MAX = 4_000;

/** Records that attempts begin with; what ISE stops itself is one record, and its own. */
const BEGINNINGS: readonly string[] = ['mail.attempted', 'smtp-server.test-started'];

/** What the nodes saw: of an attempt, and of all that came before it. */
export interface AttemptEvidence {
  observations: Observation[];
  /** Of earlier attempts, on any node, oldest first. */
  history: () => readonly Observation[];
}

/** @param records the journal, in its order */
export function observationsOf(records: readonly EvidenceRecord[], attempt: number): AttemptEvidence {
  const journal = readJournal(records);
  const family = consequencesOf(records, attempt);
  const node = journal.beginnings.get(attempt) ?? family.find((record) => record['node'] !== undefined)?.['node'];
  const seqs = [attempt, ...family.filter((record) => isSeenBy(record, node)).map(({ seq }) => seq)];
  const own = seqs.flatMap((seq) => journal.seen.get(seq) ?? []);
  let past: readonly Observation[] | undefined;
  const history = (): readonly Observation[] => (past ??= historyBefore(journal, attempt));
  return { observations: own.map((one) => withOrigin(one, history)), history };
}

interface ReadJournal {
  readonly reader: JournalReader;
  /** By `seq`. */
  readonly seen: Map<number, Observation[]>;
  /** The nodes of attempts, by their `seq`. */
  readonly beginnings: Map<number, unknown>;
  /** All observations with the `seq` of their records. */
  readonly timeline: { seq: number; observation: Observation }[];
  readonly first: EvidenceRecord | undefined;
  length: number;
}

/** A journal is asked about each of its mails: it is read once, and again only for what has come since. */
const journals = new WeakMap<readonly EvidenceRecord[], ReadJournal>();

function readJournal(records: readonly EvidenceRecord[]): ReadJournal {
  let journal = journals.get(records);
  // Where the oldest were dropped, nothing stands where it stood.
  if (!journal || journal.first !== records[0] || journal.length > records.length) {
    journal = {
      reader: new JournalReader(),
      seen: new Map(),
      beginnings: new Map(),
      timeline: [],
      first: records[0],
      length: 0,
    };
    journals.set(records, journal);
  }
  for (const record of records.slice(journal.length)) {
    if (BEGINNINGS.includes(record.kind)) journal.beginnings.set(record.seq, record['node']);
    const observations = journal.reader.read(record);
    if (observations.length > 0) journal.seen.set(record.seq, observations);
    for (const observation of observations) journal.timeline.push({ seq: record.seq, observation });
  }
  journal.length = records.length;
  return journal;
}

function historyBefore({ timeline }: ReadJournal, attempt: number): Observation[] {
  const end = timeline.findLastIndex(({ seq }) => seq < attempt) + 1;
  return timeline.slice(Math.max(end - HISTORY_MAX, 0), end).map(({ observation }) => observation);
}

/** Its own records, and the report that came into its mailbox; not what others dialled on its behalf. */
function isSeenBy(record: EvidenceRecord, node: unknown): boolean {
  return record['node'] === undefined || node === undefined || record['node'] === node;
}

/** A token from the cache is as old as the record of its being obtained says. */
function withOrigin(observation: Observation, history: () => readonly Observation[]): Observation {
  if (observation.kind !== 'token' || !observation.fromCache) return observation;
  const obtained = history().findLast(
    (one) =>
      one.kind === 'token' &&
      one.fromCache === false &&
      one.source.node === observation.source.node &&
      one.expiresAt === observation.expiresAt,
  );
  const obtainedAt = obtained?.source.at;
  return obtainedAt === undefined ? observation : { ...observation, obtainedAt };
}

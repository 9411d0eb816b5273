import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { Clock } from './clock.ts';

/** A JSON value as it stands in a journal record. */
export type JournalValue =
  string | number | boolean | null | undefined | JournalValue[] | { [key: string]: JournalValue };

/** What a part of the testbed says of an event; the journal adds time, order and cause. */
export interface JournalEvent {
  /** Dotted, stable: `network.dialled`, `entra.token-refused`, `mail.delivered`. */
  kind: string;
  /** The ISE node it happened on; absent for what happens on the Microsoft side. */
  node?: string;
  /** `seq` of the record that led to this one; by default the one of the surrounding `within`. */
  cause?: number;
  [field: string]: JournalValue;
}

/** One thing that happened. `t` is virtual time (ISO 8601), `seq` counts from 1 in total order. */
export interface JournalRecord extends JournalEvent {
  t: string;
  seq: number;
}

/** The ports of a TCP connection, as one end of it sees them; a `net.Socket` has them. */
export interface ConnectionPorts {
  readonly localPort?: number | undefined;
  readonly remotePort?: number | undefined;
}

export interface JournalOptions {
  /** Records kept, 1 or more. When there are more, the oldest tenth of them goes at once. Default: all are kept. */
  recordsMax?: number | undefined;
}

/**
 * The one account of a run, as JSON lines: logs, reports, assertions and explanations are views of it. A run keeps all
 * of it; what stays up for long gives it a bound, and sees to older records by `subscribe`.
 *
 * Never hand it a secret, a token or a password; what is written here is published.
 */
export class Journal {
  private readonly entries: JournalRecord[] = [];
  private readonly causes = new AsyncLocalStorage<number>();
  /** By the port of the client's end and that of the server's. */
  private readonly peers = new Map<string, number>();
  private readonly listeners = new Set<(record: JournalRecord) => void>();
  private readonly recordsMax: number;
  private droppedCount = 0;

  constructor(
    private readonly clock: Clock,
    { recordsMax = Infinity }: JournalOptions = {},
  ) {
    this.recordsMax = recordsMax;
  }

  /** Appends an event and returns its record. */
  record(event: JournalEvent): JournalRecord {
    const { kind, node, cause, ...rest } = event;
    const record: JournalRecord = { t: this.clock.timestamp(), seq: this.lastSeq + 1, kind };
    if (node !== undefined) record.node = node;
    const because = cause ?? this.causes.getStore();
    if (because !== undefined) record.cause = because;
    Object.assign(record, rest);
    this.entries.push(record);
    if (this.entries.length > this.recordsMax) this.dropOldest();
    for (const listener of this.listeners) listener(record);
    return record;
  }

  /** Runs `work`; whatever it records, now or later, has `cause` as its cause unless it names another. */
  within<T>(cause: number | JournalRecord | undefined, work: () => T): T {
    if (cause === undefined) return work();
    return this.causes.run(typeof cause === 'number' ? cause : cause.seq, work);
  }

  /** `seq` of the record that the current asynchronous context follows from, if any. */
  currentCause(): number | undefined {
    return this.causes.getStore();
  }

  /**
   * Tells which dial a TCP connection belongs to, by the ports of its client end, so that the server's records can
   * name it as their cause. By both of them: the system lends one ephemeral port to several connections at a time, if
   * they go to different ports. None of them ever enters the journal: they differ from run to run.
   */
  linkPeer({ localPort, remotePort }: ConnectionPorts, seq: number): void {
    // A socket that is gone already has no ports, and no records of a server will ask.
    if (localPort !== undefined) this.peers.set(`${localPort} to ${remotePort}`, seq);
  }

  /** `seq` of the dial at the other end of the connection whose server end has these ports, as told by `linkPeer`. */
  causeOfPeer({ localPort, remotePort }: ConnectionPorts): number | undefined {
    return this.peers.get(`${remotePort} to ${localPort}`);
  }

  /** Calls `listener` with each further record; returns the function that stops it. */
  subscribe(listener: (record: JournalRecord) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Those that are kept, oldest first. */
  get records(): readonly JournalRecord[] {
    return this.entries;
  }

  /** `seq` of the newest record; 0 when there has been none. */
  get lastSeq(): number {
    return this.droppedCount + this.entries.length;
  }

  /** How many records are no longer kept: `seq` of the newest of them. */
  get dropped(): number {
    return this.droppedCount;
  }

  /** The record with this `seq`, if it is kept. */
  at(seq: number): JournalRecord | undefined {
    return this.entries[seq - this.droppedCount - 1];
  }

  /** The records after the one with this `seq`, as far as they are kept. */
  after(seq: number): readonly JournalRecord[] {
    return this.entries.slice(Math.max(seq - this.droppedCount, 0));
  }

  /** The record and what led to it, nearest cause first. */
  chainOf(seq: number): JournalRecord[] {
    const chain: JournalRecord[] = [];
    for (let next: number | undefined = seq; next !== undefined;) {
      const record: JournalRecord | undefined = this.at(next);
      if (!record) break;
      chain.push(record);
      next = record.cause;
    }
    return chain;
  }

  /** Of those that are kept. */
  toJsonLines(): string {
    return this.entries.map((record) => `${JSON.stringify(record)}\n`).join('');
  }

  /** SHA-256 of the JSON lines, lower-case hexadecimal: equal for equal runs. */
  sha256(): string {
    const hash = createHash('sha256');
    for (const record of this.entries) hash.update(`${JSON.stringify(record)}\n`);
    return hash.digest('hex');
  }

  /** Many at once: to shift an array of this length by one, for each record, would cost more than the record. */
  private dropOldest(): void {
    this.droppedCount += this.entries.splice(0, Math.ceil(this.recordsMax / 10)).length;
  }
}

/** A field of a record as text; empty when it is absent or neither text nor number. */
export function fieldText(record: JournalRecord, field: string): string {
  const value = record[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

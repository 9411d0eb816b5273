/**
 * How far a copy of the configuration is: `version` counts changes from 1 without gaps, `term` the primary PANs that
 * wrote them, one higher with each promotion. Two copies at the same position are equal.
 */
export interface Position {
  readonly term: number;
  readonly version: number;
}

/** Documents by key; null deletes. */
export type ConfigEntries = readonly (readonly [key: string, value: unknown])[];

/** What leads from one position to another: one write, or everything that a node missed. */
export interface ConfigChange extends Position {
  /** What it applies to, and to nothing else. */
  readonly after: Position;
  /** When it was written, epoch milliseconds; of several, the oldest. */
  readonly at: number;
  readonly entries: ConfigEntries;
}

/** The whole configuration at one position. */
export interface ConfigSnapshot extends Position {
  readonly entries: ConfigEntries;
}

export function isSamePosition(one: Position, other: Position): boolean {
  return one.term === other.term && one.version === other.version;
}

/** Whether `one` knows more than `other`: a later term counts for more than any number of versions. */
export function isAhead(one: Position, other: Position): boolean {
  return one.term > other.term || (one.term === other.term && one.version > other.version);
}

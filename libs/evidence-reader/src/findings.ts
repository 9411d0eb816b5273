import type { Observation, ObservationSource, Peer } from '#libs/diagnosis';

/** What a reader can recognise in what it is given. */
export type InputKind =
  | 'guest-log'
  | 'java-trace'
  | 'program-error'
  | 'aadsts'
  | 'token'
  | 'http'
  | 'smtp-reply'
  | 'smtp-transcript'
  | 'openssl'
  | 'certificates'
  | 'capture'
  | 'journal'
  | 'page'
  | 'bounce'
  | 'alarm';

/** Where a line stands, and what the lines before it tell of it. */
export interface Place {
  source: ObservationSource;
  /** The line, without secrets. */
  text: string;
  /** Which of the two servers the log is busy with. */
  peer?: Peer | undefined;
}

/** A line that an answer rests on. */
export interface Quote {
  source: ObservationSource;
  text: string;
}

/** Beyond that the oldest half is dropped: what went wrong last is what is asked about. */
const OBSERVATIONS_MAX = 4_000;
const QUOTE_CHARACTERS_MAX = 400;

/** Collects what the readers see. */
export class Findings {
  private readonly seen: { observation: Observation; quote: string }[] = [];
  private readonly kinds = new Map<InputKind, number>();
  private dropped = false;

  add(observation: Observation, place: Place): void {
    this.seen.push({ observation, quote: place.text.slice(0, QUOTE_CHARACTERS_MAX) });
    if (this.seen.length <= OBSERVATIONS_MAX) return;
    this.seen.splice(0, OBSERVATIONS_MAX / 2);
    this.dropped = true;
  }

  recognise(kind: InputKind, count = 1): void {
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + count);
  }

  get observations(): readonly Observation[] {
    return this.seen.map(({ observation }) => observation);
  }

  get quotes(): readonly Quote[] {
    return this.seen.map(({ observation: { source }, quote }) => ({ source, text: quote }));
  }

  get recognised(): ReadonlyMap<InputKind, number> {
    return this.kinds;
  }

  /** There was more than can be kept. */
  get isPartial(): boolean {
    return this.dropped;
  }

  /** Replaces an observation by a fuller one of the same thing. */
  replace(observation: Observation, fuller: Observation): void {
    const entry = this.seen.find((one) => one.observation === observation);
    if (entry) entry.observation = fuller;
  }
}

/** An object without the fields that are undefined. */
export function defined<const T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> };
export function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

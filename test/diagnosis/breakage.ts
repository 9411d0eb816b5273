import type { PathStep } from '#libs/diagnosis';
import type { Random } from '#libs/simulation';

/** A step of a scenario file, as YAML has it. */
export type RawStep = Record<string, unknown>;

/** The nodes of a draw, by what they do. */
export interface Cast {
  pan: string;
  /** Serves the portals in the attempt. */
  psn: string;
  /** Served them before; on a standalone node the same. */
  otherPsn: string;
  mnt: string;
}

/** How an attempt is made: Test Connection, or a mail of some type. */
export type AttemptKind = 'test' | 'mail' | 'own';

/** A cause at work, in one of its guises, and how it is mended. */
export interface Breakage {
  /** The step of the path at which it shows, where the node fetches a token. */
  at: PathStep;
  /** Of the world before the run. */
  given?: Record<string, unknown>;
  /** Steps that break it; they set off no mail. */
  broken: RawStep[];
  /** What is typed into the SMTP Server page, unsaved: only Test Connection shows that. */
  typed?: Record<string, unknown>;
  /** What shows it, where that is neither a test nor a mail that is sent: steps, and the kind of record that says so. */
  own?: { steps: RawStep[]; record: string; subject?: string };
  /** Attempts that show it. Default: both. */
  attempts?: readonly AttemptKind[];
  /** True where a token from the cache hides it. */
  hiddenByCache?: boolean;
  /** Only a mail to this address shows it. */
  recipient?: string;
  /** Only a mail with so many recipients shows it. */
  needsCopy?: boolean;
  mended: RawStep[];
}

export type BreakageOf = (random: Random, cast: Cast) => Breakage;

/** A `break` step with these actions. */
export function breaking(actions: Record<string, unknown>): RawStep {
  return { break: 'something is broken', ...actions };
}

/** A `mend` step with these actions. */
export function mending(actions: Record<string, unknown>): RawStep {
  return { mend: 'it is mended', ...actions };
}

export function click(node: string, page: string, fields: Record<string, unknown>): RawStep {
  return { click: `${node} / ${page}`, with: fields };
}

import type { ConfigChange, ConfigSnapshot, Position } from './config-change.ts';

/** Messages between nodes that replication uses: pattern, question, answer. */
export interface ReplicationMessages {
  /** From the primary PAN, before anything else in its term: where are you? */
  'replication.join': { question: Leadership; answer: ReplicationAnswer };
  /** From the primary PAN: what was written, or what the node missed. */
  'replication.change': { question: Leadership & { change: ConfigChange }; answer: ReplicationAnswer };
  /** From the primary PAN: everything; `termBeganAt` is the first version of its term. */
  'replication.snapshot': {
    question: Leadership & { snapshot: ConfigSnapshot; termBeganAt: number };
    answer: ReplicationAnswer;
  };
  /** From a node that is about to lead: your configuration, as far as it goes beyond this position. */
  'replication.fetch': { question: Position; answer: { change?: ConfigChange; snapshot?: ConfigSnapshot } };
}

/** Who speaks: the primary PAN, in the term that made it so. */
export interface Leadership {
  readonly primary: string;
  readonly term: number;
}

/**
 * `followed`: the node is at `position` now. `superseded`: it follows a primary PAN of a later term, and the one that
 * asks is none any more.
 */
export type ReplicationAnswer =
  | { readonly kind: 'followed'; readonly applied: boolean; readonly position: Position }
  | ({ readonly kind: 'superseded' } & Leadership);

import type { AlarmEntry, AlarmInstance } from '#libs/alarms';
import type { GuestAccount, GuestAccountRequest, GuestCreation } from '#libs/guests';

/** Messages between nodes besides replication: pattern, question, answer. */
export interface ClusterMessages {
  /** To both MnT: an alarm was raised on the sender. */
  'alarm.raise': { question: AlarmInstance; answer: { taken: boolean } };
  /** To the other MnT: what has become of an alarm. */
  'alarm.mirror': { question: AlarmEntry; answer: { taken: boolean } };
  /** To the primary PAN: a sponsor on the sender wants a guest account. */
  'guest.create': { question: GuestAccountRequest; answer: GuestCreation };
  /** To the primary PAN: store the changed account. */
  'guest.update': { question: GuestAccount; answer: { taken: boolean } };
}

/** How a message travels: with the journal record that it follows from, as a trace id would. */
export interface Envelope<T> {
  cause?: number | undefined;
  data: T;
}

import type { AlarmInstance } from '#libs/alarms';
import type {
  GuestAccount,
  GuestAccountRequest,
  GuestBatchCreation,
  GuestCommand,
  GuestCreation,
  GuestNotice,
  GuestOperationOutcome,
  Registration,
  RegistrationOutcome,
  Sponsor,
} from '#libs/guests';

/** An operation on a guest account, as it is sent to the primary PAN. */
export interface GuestOperationQuestion {
  readonly username: string;
  readonly command: GuestCommand;
  /** Who did it, for the journal: `sponsor/anna`, `guest`. */
  readonly by: string;
  readonly requireSuspensionReason?: boolean;
}

/** Messages between nodes besides replication: pattern, question, answer. */
export interface ClusterMessages {
  /** To the active MnT: an alarm was raised on the sender. */
  'alarm.raise': { question: AlarmInstance; answer: { taken: boolean } };
  /** To the primary PAN: a sponsor on the sender wants a guest account. */
  'guest.create': { question: GuestAccountRequest; answer: GuestCreation };
  /** To the primary PAN: several at once, all or none. */
  'guest.createMany': { question: readonly GuestAccountRequest[]; answer: GuestBatchCreation };
  /** To the primary PAN: an operation of the life cycle. */
  'guest.perform': { question: GuestOperationQuestion; answer: GuestOperationOutcome };
  /** To the primary PAN: a guest registers himself on the portal of this name. */
  'guest.register': { question: { portal?: string; registration: Registration }; answer: RegistrationOutcome };
  /** To the primary PAN: somebody opened the link with this token in an approval mail. */
  'guest.followLink': { question: { token: string; reason?: string }; answer: GuestOperationOutcome };
  /** To a PSN: send this mail of the portals. */
  'portal.tell': {
    question: { notice: GuestNotice; account: GuestAccount; sponsor: Sponsor };
    answer: { taken: boolean };
  };
  /** To the primary PAN: store the changed account. */
  'guest.update': { question: GuestAccount; answer: { taken: boolean } };
}

/** How a message travels: with the journal record that it follows from, as a trace id would. */
export interface Envelope<T> {
  cause?: number | undefined;
  data: T;
}

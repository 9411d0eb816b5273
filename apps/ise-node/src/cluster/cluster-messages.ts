import type { AlarmEntry, AlarmFilter, AlarmInstance } from '#libs/alarms';
import type { DeploymentDocument, NodeDefinition } from '#libs/deployment';
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
import type { ConfigChange, ConfigSnapshot, Leadership, Position, ReplicationMessages } from '#libs/replication';
import type { RoleReport } from './node-roles.ts';

/** A duty of the primary PAN that a node has taken on. Replicated. */
export interface Claim {
  readonly duty: string;
  /** The node that carries it out, whatever its role is by then. */
  readonly owner: string;
  /** The version of the configuration that it was written with. */
  readonly version: number;
  readonly at: number;
}

/** An operation on a guest account, as it is sent to the primary PAN. */
export interface GuestOperationQuestion {
  readonly username: string;
  readonly command: GuestCommand;
  /** Who did it, for the journal: `sponsor/anna`, `guest`. */
  readonly by: string;
  readonly requireSuspensionReason?: boolean;
}

/** Messages between nodes: pattern, question, answer. */
export interface ClusterMessages extends ReplicationMessages {
  /** To any node: are you there, how far are you, and whom do you follow? */
  'node.ping': { question: Record<string, never>; answer: RoleReport };
  /**
   * From a node that was started again, to each PAN: I am there. The answer says whom to follow, or that the node is no
   * part of the deployment any more.
   */
  'node.hello': { question: { node: string } & Leadership; answer: RoleReport & { deregistered?: DeploymentDocument } };
  /** From the primary PAN to a standalone node: join us. Its credentials prove that its administrator agrees. */
  'node.register': {
    question: { deployment: DeploymentDocument; userName: string; password: string };
    answer: { kind: 'joined'; definition: NodeDefinition } | { kind: 'refused'; reason: string };
  };
  /** From the primary PAN: you are no part of this deployment any more. */
  'node.deregister': { question: { deployment: DeploymentDocument }; answer: { taken: boolean } };
  /** From the secondary PAN, about to be promoted, to the primary: step down, and tell me all that I lack. */
  'pan.hand-over': { question: { to: string; position: Position }; answer: HandOver };
  /** From a new primary PAN: which duties do you know that nodes have taken on? */
  'duty.claims': { question: Record<string, never>; answer: readonly Claim[] };
  /** From a health check node to the secondary PAN: the primary is lost. */
  'pan.promote': { question: { because: string }; answer: { promoted: boolean; reason?: string } };
  /** To the primary PAN: the active MnT could not be reached. The answer says which one is active now. */
  'mnt.lost': { question: { mnt: string; by: string }; answer: { activeMnt: string } };
  /** To both MnT: an alarm was raised on the sender. `late`: the other MnT has it already, and may have mailed it. */
  'alarm.raise': { question: { alarm: AlarmInstance; late: boolean }; answer: { taken: boolean } };
  /** To the other MnT: what has become of an alarm. */
  'alarm.mirror': { question: AlarmEntry; answer: { taken: boolean } };
  /** To the other MnT: the sender is about to mail this alarm. The answer has the entry of one that was first. */
  'alarm.claim': { question: { entry: AlarmEntry; position: Position }; answer: { taken?: AlarmEntry } };
  /** To an MnT: the alarms that match, the newest first. */
  'alarm.list': { question: AlarmFilter; answer: AlarmEntry[] };
  /** To an MnT: the administrator `by` acknowledges these. The answer says how many were not acknowledged before. */
  'alarm.acknowledge': { question: { ids: readonly string[]; by: string }; answer: { acknowledged: number } };
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

/** All that the one that asks lacks; `refused`: the one that was asked is not the primary PAN. */
export type HandOver = { change?: ConfigChange; snapshot?: ConfigSnapshot; refused?: boolean };

/** How a message travels: with the journal record that it follows from, as a trace id would. */
export interface Envelope<T> {
  cause?: number | undefined;
  data: T;
}

/** The steps of a connection, in the order of a mail's path; the client says which one it is at. */
export const FAULT_STAGES = [
  'dial',
  'greeting',
  'ehlo',
  'starttls',
  'tls',
  'token',
  'auth',
  'mail',
  'rcpt',
  'data',
  'end-of-data',
] as const;
export type FaultStage = (typeof FAULT_STAGES)[number];

/** What is at the other end of a connection. A connection through the proxy has two of them. */
export const FAULT_PEERS = ['token-endpoint', 'smtp', 'proxy', 'node'] as const;
export type FaultPeer = (typeof FAULT_PEERS)[number];

/** When a fault fires; what is absent does not matter. */
export interface FaultTrigger {
  /** Names of hosts. Absent: every ISE node, and no other host. */
  readonly nodes?: readonly string[];
  /** `Administration`, `Policy Service`, `Monitoring`. */
  readonly persona?: string;
  /** The mail that the connection is for: `guest-credentials`, `alarm`, … */
  readonly mailType?: string;
  readonly peer?: FaultPeer;
  /** The fault holds during this step alone; absent: from the open connection to its end. */
  readonly stage?: FaultStage;
  /** The first so many times only. */
  readonly first?: number;
  /** This time only, counted from 1. */
  readonly nth?: number;
  /** Epoch milliseconds, included. */
  readonly from?: number;
  /** Epoch milliseconds, not included: then the fault is gone by itself. */
  readonly until?: number;
  /** From 0 to 1; drawn each time. */
  readonly probability?: number;
}

/** The connection that a trigger is asked about. */
export interface FaultSubject {
  /** Name of the host that dials. */
  readonly node: string;
  /** Of an ISE node; empty for any other host. */
  readonly personas: readonly string[];
  readonly mailType?: string | undefined;
  readonly peers: readonly FaultPeer[];
}

/** Whether the trigger means this connection, at whatever step and time. */
export function concerns(trigger: FaultTrigger, subject: FaultSubject): boolean {
  const { nodes, persona, mailType, peer } = trigger;
  const isMeant = nodes ? nodes.includes(subject.node) : subject.personas.length > 0;
  return (
    isMeant &&
    (persona === undefined || subject.personas.includes(persona)) &&
    (mailType === undefined || subject.mailType === mailType) &&
    (peer === undefined || subject.peers.includes(peer))
  );
}

/** Whether `now` (epoch milliseconds) is in the trigger's window. */
export function isWithin({ from = -Infinity, until = Infinity }: FaultTrigger, now: number): boolean {
  return from <= now && now < until;
}

/** Whether the trigger takes its `occasion`-th chance, counted from 1; probability aside. */
export function takesOccasion({ first, nth }: FaultTrigger, occasion: number): boolean {
  return (first === undefined || occasion <= first) && (nth === undefined || occasion === nth);
}

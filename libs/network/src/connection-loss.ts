import type { Duplex } from 'node:stream';
import { TestbedError } from '#libs/diagnosis';
import type { FaultStage } from '#libs/fault';
import { Link } from './link.ts';
import type { ConnectionTap } from './traffic-recorder.ts';

/** How an open connection can end before its work is done, as the node sees it. */
export type ConnectionLoss = 'connection-reset' | 'connection-closed' | 'read-timeout';

const REMEDIES: Record<ConnectionLoss, string> = {
  'connection-reset': 'Look for a firewall between this node and the server that ends the connection.',
  'connection-closed': 'Look for a firewall or a proxy between this node and the server that ends the connection.',
  'read-timeout': 'Check the path to the server: speed, MTU, and firewalls that hold traffic back.',
};

/** A connection that was lost, and at which step. */
export class ConnectionError extends TestbedError {
  constructor(
    readonly loss: ConnectionLoss,
    readonly during: FaultStage,
    readonly peer: { host: string; port: number },
    cause?: unknown,
  ) {
    super(`network.${loss}`, `the connection to ${peer.host}:${peer.port} was lost at ${during}: ${loss}`, {
      remedy: REMEDIES[loss],
      evidence: { ...peer, during },
      cause,
    });
  }
}

/**
 * What a socket's error says of the connection. Node gives the code ECONNRESET also to what it makes up itself when a
 * connection ends too early; a reset that came over the wire names its system call.
 */
export function lossOf(error: unknown): ConnectionLoss {
  if (typeof error !== 'object' || error === null || !('code' in error)) return 'connection-closed';
  if (error.code === 'ETIMEDOUT') return 'read-timeout';
  const isReset = error.code === 'EPIPE' || (error.code === 'ECONNRESET' && 'syscall' in error);
  return isReset ? 'connection-reset' : 'connection-closed';
}

/**
 * Tells a dialled connection which step its client begins, before the client sends anything of it: faults may be bound
 * to steps. Pass what `dial` returned, not the TLS socket above it.
 */
export function markStage(connection: Duplex, stage: FaultStage): void {
  if (connection instanceof Link) connection.enter(stage);
}

/** What records a dialled connection, if anything does. Pass what `dial` returned. */
export function tapOf(connection: Duplex): ConnectionTap | undefined {
  return connection instanceof Link ? connection.tap : undefined;
}

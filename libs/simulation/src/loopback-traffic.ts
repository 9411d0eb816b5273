import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/**
 * Real milliseconds without any movement, after which octets are taken to be left unread by their receiver. Well above
 * what a kernel delays them by: an acknowledgement that Nagle's algorithm waits for takes 40 (Linux) to 100 (macOS).
 */
const UNMOVED_MS_MAX = 250;

/** One direction of a connection. */
interface Flow {
  readonly from: Socket;
  readonly to: Socket;
  /** What was under way when it was last looked at, and since when that has not changed. */
  seen: { written: number; read: number; since: number } | undefined;
}

/**
 * The TCP connections of this thread, both of whose ends are in it: knows whether anything is under way between them,
 * by what one end wrote and the other has read. The kernel may take its time on a loaded machine, and then nothing else
 * tells that something is still to come.
 *
 * Connections with one end elsewhere are left out, and so are those opened before `start`, and the octets of clients that
 * `tls.connect` made without a socket of their own.
 */
export class LoopbackTraffic {
  /** Clients whose connection is being opened, or not accepted yet; and since when it is open at their end. */
  private readonly opening = new Map<Socket, number | undefined>();
  /** Ends whose other end is not known yet, by their own port and the other's. */
  private readonly single = new Map<string, Socket>();
  private readonly flows = new Set<Flow>();

  start(): void {
    subscribe('net.client.socket', this.onClient);
    subscribe('net.server.socket', this.onAccepted);
  }

  stop(): void {
    unsubscribe('net.client.socket', this.onClient);
    unsubscribe('net.server.socket', this.onAccepted);
  }

  /** Whether a connection is being opened, or octets or an end were sent and have not been received. */
  isUnderWay(): boolean {
    for (const [client, openSince] of this.opening) {
      const isAwaited = openSince === undefined ? !client.destroyed : isRecent(openSince);
      if (isAwaited) return true;
      this.opening.delete(client);
    }
    for (const [ports, socket] of this.single) if (socket.destroyed) this.single.delete(ports);
    for (const flow of this.flows) {
      if (flow.to.destroyed || flow.to.readableEnded) this.flows.delete(flow);
      else if (isMoving(flow)) return true;
    }
    return false;
  }

  private readonly onClient = (message: unknown): void => {
    const socket = socketOf(message);
    if (!socket) return;
    this.opening.set(socket, undefined);
    socket.once('connect', () => {
      this.opening.set(socket, performance.now());
      this.pair(socket);
    });
  };

  private readonly onAccepted = (message: unknown): void => {
    const socket = socketOf(message);
    if (socket) this.pair(socket);
  };

  private pair(socket: Socket): void {
    const { localPort, remotePort } = socket;
    if (localPort === undefined) return; // gone already, or no TCP
    const other = this.single.get(`${remotePort} to ${localPort}`);
    if (!other) {
      this.single.set(`${localPort} to ${remotePort}`, socket);
      return;
    }
    this.single.delete(`${remotePort} to ${localPort}`);
    this.opening.delete(socket);
    this.opening.delete(other);
    // It counts what it encrypts, the other end what is encrypted.
    if (socket instanceof TLSSocket || other instanceof TLSSocket) return;
    this.flows.add({ from: socket, to: other, seen: undefined });
    this.flows.add({ from: other, to: socket, seen: undefined });
  }
}

function isMoving(flow: Flow): boolean {
  const { from, to } = flow;
  const written = from.bytesWritten;
  const read = to.bytesRead;
  const hasEnded = from.destroyed || from.writableFinished;
  if (to.isPaused() || (written === read && !hasEnded)) {
    flow.seen = undefined;
    return false;
  }
  if (flow.seen?.written !== written || flow.seen.read !== read) {
    flow.seen = { written, read, since: performance.now() };
  }
  return isRecent(flow.seen.since);
}

function isRecent(sinceMs: number): boolean {
  return performance.now() - sinceMs < UNMOVED_MS_MAX;
}

function socketOf(message: unknown): Socket | undefined {
  if (typeof message !== 'object' || message === null || !('socket' in message)) return undefined;
  return isSocket(message.socket) ? message.socket : undefined;
}

function isSocket(value: unknown): value is Socket {
  return value instanceof Duplex && 'bytesRead' in value;
}

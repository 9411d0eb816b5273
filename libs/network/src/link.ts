import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { ActiveFault, ConnectionFaults, FaultStage } from '#libs/fault';
import type { Clock, Timer } from '#libs/simulation';
import { Lane } from './lane.ts';
import type { ConnectionTap } from './traffic-recorder.ts';
import type { Breakage } from './traffic-shaper.ts';

export interface LinkOptions {
  clock: Clock;
  /** One-way, milliseconds. */
  latencyMs: number;
  remoteAddress: string;
  remotePort: number;
  faults?: ConnectionFaults | undefined;
  /** Told of what passes. */
  tap?: ConnectionTap | undefined;
}

/**
 * The node's end of a connection, with the latency of the simulated path in both directions, and its faults.
 *
 * One latency for the whole connection, so bytes keep their order and it does not matter into how many chunks the
 * kernel happens to cut them. Offers the few methods of `net.Socket` that TLS, HTTP and SMTP clients call.
 */
export class Link extends Duplex {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly tap: ConnectionTap | undefined;
  private readonly clock: Clock;
  private readonly faults: ConnectionFaults | undefined;
  private readonly latencyMs: number;
  private readonly toPeer: Lane;
  private readonly toNode: Lane;
  private readonly timers: Timer[] = [];
  private struckBy: readonly ActiveFault[] = [];
  private idle: { timer: Timer; afterMs: number } | undefined;
  private peerGone = false;

  constructor(
    private readonly wire: Socket,
    { clock, latencyMs, remoteAddress, remotePort, faults, tap }: LinkOptions,
  ) {
    super({ allowHalfOpen: true });
    this.clock = clock;
    this.latencyMs = latencyMs;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
    this.faults = faults;
    this.tap = tap;
    const breakOff = (how: Breakage): void => this.breakOff(how);
    this.toNode = new Lane(clock, latencyMs, faults, { deliver: (bytes) => this.deliver(bytes), breakOff });
    this.toPeer = new Lane(clock, latencyMs, faults, {
      deliver: (bytes) => {
        if (wire.destroyed) return;
        tap?.arrived(bytes.length);
        wire.write(bytes);
      },
      breakOff,
    });
    wire.on('data', (chunk: Buffer) => {
      if (this.destroyed) return;
      this.toNode.send(chunk);
      if (this.toNode.hasRoom) return;
      wire.pause();
      this.toNode.whenRoom(() => wire.resume());
    });
    wire.on('end', () => {
      this.comesLast(() => {
        tap?.ended('peer', 'close');
        this.push(null);
      });
    });
    wire.on('error', (error) => {
      this.comesLast(() => {
        tap?.ended('peer', 'reset');
        this.destroy(error);
      });
    });
    wire.on('close', () => {
      this.peerGone = true;
      this.comesLast(() => this.closeBehindEnd());
    });
    faults?.onChange(() => this.faultsChanged());
    faults?.open();
  }

  /** The client goes on to the next step of its protocol. */
  enter(stage: FaultStage): void {
    if (!this.destroyed) this.faults?.enter(stage);
  }

  override _read(): void {
    this.wire.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.touch();
    this.tap?.sent(chunk);
    this.toPeer.send(chunk);
    this.toPeer.whenRoom(done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.tap?.ended('node', 'close');
    this.toPeer.afterwards(() => {
      this.tap?.closeArrived();
      this.wire.end();
    });
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.idle?.timer.cancel();
    for (const timer of this.timers) timer.cancel();
    this.tap?.ended('node', 'close');
    // What was written before still arrives: the close travels behind it. What a stall holds never does.
    if (this.peerGone || this.toPeer.isStalled) {
      this.toPeer.clear();
      this.wire.destroy();
    } else {
      this.toPeer.afterwards(() => {
        this.tap?.closeArrived();
        this.wire.destroy();
      });
    }
    this.toNode.clear();
    this.faults?.close();
    done(error);
  }

  /** Ends both directions at once, without waiting for what is under way, and without a word on the wire. */
  cut(): void {
    this.tap?.lost();
    this.wire.destroy();
    this.peerGone = true;
    this.destroy();
    this.toPeer.clear();
  }

  /** As `net.Socket.setTimeout`, but in the testbed's time. 0 switches it off. */
  setTimeout(timeoutMs: number, listener?: () => void): this {
    this.idle?.timer.cancel();
    this.idle = undefined;
    if (listener) this.once('timeout', listener);
    if (timeoutMs > 0) {
      this.idle = { afterMs: timeoutMs, timer: this.clock.after(timeoutMs, () => this.emit('timeout')) };
    }
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  /** What the peer's end of the connection brings about, behind all that came before. */
  private comesLast(action: () => void): void {
    if (!this.destroyed) this.toNode.afterwards(action);
  }

  private deliver(chunk: Buffer): void {
    if (this.destroyed || this.readableEnded) return;
    this.touch();
    this.tap?.received(chunk);
    if (!this.push(chunk)) this.wire.pause();
  }

  /** The peer's orderly end closes the link once the reader has come to it, as with `net.Socket`; anything else at once. */
  private closeBehindEnd(): void {
    if (this.wire.readableEnded && !this.readableEnded && !this.destroyed) this.once('end', () => this.destroy());
    else this.destroy();
  }

  /** Faults that need no bytes to strike do so now, as far away as the other end is. */
  private faultsChanged(): void {
    const { inForce = [] } = this.faults ?? {};
    const fresh = inForce.filter((active) => !this.struckBy.includes(active));
    this.struckBy = inForce;
    for (const active of fresh) this.tap?.note(faultNote(active, this.faults?.stage));
    for (const { fault } of fresh) {
      if (fault.type === 'down') this.breakOffIn(this.latencyMs, 'close');
      if (fault.type === 'reset' && !fault.afterBytes) this.breakOffIn(this.latencyMs, 'reset');
      if (fault.type === 'timeout' && fault.afterMs > 0) this.breakOffIn(fault.afterMs, 'close');
    }
    this.toPeer.wake();
    this.toNode.wake();
  }

  private breakOffIn(delayMs: number, how: Breakage): void {
    this.timers.push(this.clock.after(delayMs, () => this.breakOff(how)));
  }

  private breakOff(how: Breakage): void {
    if (this.destroyed) return;
    this.toPeer.clear();
    this.toNode.clear();
    this.tap?.ended('peer', how);
    if (how === 'reset') {
      this.wire.resetAndDestroy();
      this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }));
      return;
    }
    this.wire.destroy();
    this.peerGone = true;
    this.push(null);
    this.destroy();
  }

  private touch(): void {
    if (!this.idle) return;
    this.setTimeout(this.idle.afterMs);
  }
}

/** What a reader of a capture is told of a fault that has fired. */
export function faultNote({ name, fault }: ActiveFault, stage: FaultStage | undefined): string {
  return `fault "${name}" applied: ${fault.type}${stage === undefined ? '' : ` at ${stage}`}`;
}

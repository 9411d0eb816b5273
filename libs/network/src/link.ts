import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Clock, Timer } from '#libs/simulation';

/**
 * The node's end of a connection, with the latency of the simulated path in both directions.
 *
 * One latency for the whole connection, so bytes keep their order and it does not matter into how many chunks the
 * kernel happens to cut them. Offers the few methods of `net.Socket` that TLS, HTTP and SMTP clients call.
 */
export class Link extends Duplex {
  private idle: { timer: Timer; afterMs: number } | undefined;
  private peerGone = false;

  constructor(
    private readonly wire: Socket,
    private readonly clock: Clock,
    private readonly latencyMs: number,
    readonly remoteAddress: string,
    readonly remotePort: number,
  ) {
    super({ allowHalfOpen: true });
    wire.on('data', (chunk: Buffer) => this.later(() => this.deliver(chunk)));
    wire.on('end', () => this.later(() => this.push(null)));
    wire.on('error', (error) => this.later(() => this.destroy(error)));
    wire.on('close', () => {
      this.peerGone = true;
      this.later(() => this.closeBehindEnd());
    });
  }

  override _read(): void {
    this.wire.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.touch();
    this.later(() => {
      if (!this.wire.destroyed) this.wire.write(chunk);
    });
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.later(() => this.wire.end());
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.idle?.timer.cancel();
    // What was written before still arrives: the close travels behind it.
    if (this.peerGone) this.wire.destroy();
    else this.later(() => this.wire.destroy());
    done(error);
  }

  /** Ends both directions at once, without waiting for what is under way. For the end of a run. */
  cut(): void {
    this.wire.destroy();
    this.destroy();
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

  private later(action: () => void): void {
    this.clock.after(this.latencyMs, action);
  }

  private deliver(chunk: Buffer): void {
    if (this.destroyed || this.readableEnded) return;
    this.touch();
    if (!this.push(chunk)) this.wire.pause();
  }

  /** The peer's orderly end closes the link once the reader has come to it, as with `net.Socket`; anything else at once. */
  private closeBehindEnd(): void {
    if (this.wire.readableEnded && !this.readableEnded && !this.destroyed) this.once('end', () => this.destroy());
    else this.destroy();
  }

  private touch(): void {
    if (!this.idle) return;
    this.setTimeout(this.idle.afterMs);
  }
}

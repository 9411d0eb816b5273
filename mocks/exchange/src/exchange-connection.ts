import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';
import type { Clock, ConnectionPorts, Journal, Timer } from '#libs/simulation';
import { ehloLines, greetingTime, onTheWire } from './exchange-replies.ts';
import type { ExchangeSession } from './exchange-session.ts';
import type { ExchangeSettings } from './exchange-settings.ts';
import type { Reply } from './smtp/protocol-refusals.ts';
import type { SmtpEffect } from './smtp/smtp-effects.ts';
import { SmtpEngine } from './smtp/smtp-engine.ts';

/** Octets that wait for their turn, after which the client has to wait. */
const INBOX_BYTES_MAX = 65_536;

/** How long a client may take to close its side once the session has ended. */
const LINGER_MS = 2_000;

export interface ConnectionParts {
  clock: Clock;
  journal: Journal;
  settings: ExchangeSettings;
  secureContext: SecureContext;
  /** Whether STARTTLS is answered with a transient refusal for now. */
  isTlsRateExceeded: () => boolean;
  /** `FR3P281CA0123.outlook.office365.com` */
  publicHost: string;
  /** Aborted when the server closes. */
  closing: AbortSignal;
  onClosed: () => void;
}

/** A client's connection: carries octets between its socket and the engine, and the engine's questions to the session. */
export class ExchangeConnection {
  private readonly engine: SmtpEngine;
  /** Known also when the socket is gone. */
  readonly ports: ConnectionPorts;
  private inbox: Buffer[] = [];
  private inboxBytes = 0;
  private isBusy = true;
  private hasEnded = false;
  private idle: Timer | undefined;

  constructor(
    private socket: Socket,
    private readonly session: ExchangeSession,
    private readonly parts: ConnectionParts,
  ) {
    const { settings, publicHost, isTlsRateExceeded } = parts;
    const clientAddress = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    this.ports = { localPort: socket.localPort, remotePort: socket.remotePort };
    this.engine = new SmtpEngine({
      ...settings,
      ehlo: (isSecure) => ehloLines(publicHost, clientAddress, settings.messageBytesMax, isSecure),
      recipientsMax: () => session.recipientsMax(),
      isTlsRateExceeded,
    });
    this.listen(socket);
  }

  /** Greets after a while; 421 when the service takes nobody. `connections`: how many there are. */
  begin(connections: number): void {
    this.parts.clock.after(this.session.greetingDelayMs(), () => {
      this.work(async () => {
        if (this.socket.destroyed) return;
        this.session.opened();
        const refusal = this.session.refusalOfConnection(connections);
        if (refusal) {
          this.write(refusal);
          return this.end();
        }
        const { clock, publicHost } = this.parts;
        const time = greetingTime(clock.now());
        const text = `${publicHost} Microsoft ESMTP MAIL Service ready at ${time} [${this.session.sessionId}]`;
        this.write({ code: 220, text });
        await this.drainInbox();
      });
    });
  }

  destroy(): void {
    this.socket.destroy();
  }

  private listen(socket: Socket): void {
    socket.on('data', this.onData);
    socket.on('end', this.onEnd);
    socket.on('close', this.onClose);
    socket.on('error', () => undefined); // its end follows
  }

  private readonly onData = (octets: Buffer): void => {
    if (this.hasEnded) return;
    this.inbox.push(octets);
    this.inboxBytes += octets.length;
    if (this.inboxBytes > INBOX_BYTES_MAX) this.socket.pause();
    if (!this.isBusy) this.work(() => this.drainInbox());
  };

  /** A client that only half-closes still gets the replies to what it sent. */
  private readonly onEnd = (): void => {
    if (this.isBusy) this.inbox.push(END_OF_INPUT);
    else this.end();
  };

  private readonly onClose = (): void => {
    this.idle?.cancel();
    this.session.ended();
    this.parts.onClosed();
  };

  /** Runs `work` as a consequence of the dial that the session came from; only closing the server may interrupt it. */
  private work(work: () => Promise<void>): void {
    const { journal } = this.parts;
    this.isBusy = true;
    this.idle?.cancel();
    journal.within(journal.causeOfPeer(this.ports), () => {
      work()
        .catch((error: unknown) => {
          if (!this.parts.closing.aborted) throw error;
        })
        .finally(() => this.rest());
    });
  }

  private rest(): void {
    this.isBusy = false;
    if (this.hasEnded || this.socket.destroyed) return;
    this.idle = this.parts.clock.after(this.parts.settings.idleMsMax, () =>
      this.work(() => this.follow(this.engine.end('idle'))),
    );
  }

  private async drainInbox(): Promise<void> {
    for (let octets = this.inbox.shift(); octets; octets = this.inbox.shift()) {
      if (octets === END_OF_INPUT) return this.end();
      this.inboxBytes -= octets.length;
      if (this.socket.isPaused()) this.socket.resume();
      await this.follow(this.engine.receive(octets));
      if (this.hasEnded) return;
    }
  }

  private async follow(effects: readonly SmtpEffect[]): Promise<void> {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'heard':
          this.session.heard(effect.line);
          break;
        case 'reply':
          if (effect.refused === undefined) this.write(effect.reply);
          else this.write(await this.session.refuseCommand(effect.refused, effect.reply), effect.refused);
          break;
        case 'ask':
          await this.follow(this.engine.answer(await this.session.answer(effect.question)));
          break;
        case 'start-tls':
          await this.secure();
          break;
        case 'close':
          this.end();
          break;
      }
    }
    // A client that sends and never reads gets no more than the buffers hold, and no longer than an idle one.
    if (this.socket.writableNeedDrain && !(await settled(this.socket, 'drain', this.parts))) this.destroy();
  }

  private write(reply: Reply, refused?: string): void {
    const wire = onTheWire(reply);
    const shown = refused === 'command-unknown' ? wire.replace(/'[^']*'/, "'…'") : wire;
    for (const line of shown.trimEnd().split('\r\n')) this.session.said(line);
    if (this.socket.writable) this.socket.write(wire);
  }

  private async secure(): Promise<void> {
    const plain = this.socket;
    plain.off('data', this.onData).off('end', this.onEnd).off('close', this.onClose);
    this.inbox = [];
    this.inboxBytes = 0;
    const secure = new TLSSocket(plain, { isServer: true, secureContext: this.parts.secureContext });
    this.socket = secure;
    this.listen(secure);
    secure.once('_tlsError', () => secure.destroy());
    plain.once('close', () => secure.destroy());
    // A client that gives up inside the handshake may only close its side.
    const giveUp = (): void => void secure.destroy();
    secure.once('end', giveUp);
    const isDone = await settled(secure, 'secure', this.parts);
    secure.off('end', giveUp);
    if (!isDone) return this.destroy();
    this.engine.secured();
    this.session.secured();
  }

  private end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.inbox = [];
    this.session.ended();
    this.socket.end();
    this.socket.resume();
    const lingering = this.parts.clock.after(LINGER_MS, () => this.socket.destroy());
    if (this.socket.destroyed) lingering.cancel();
    else this.socket.once('close', () => lingering.cancel());
  }
}

const END_OF_INPUT = Buffer.alloc(0);

/** True after the event, false when the connection is gone before, or when it takes too long. */
function settled(
  socket: Socket,
  event: 'secure' | 'drain',
  { clock, settings }: Pick<ConnectionParts, 'clock' | 'settings'>,
): Promise<boolean> {
  return new Promise((resolve) => {
    const deadline = clock.after(settings.idleMsMax, () => resolve(false));
    socket.once(event, () => {
      deadline.cancel();
      resolve(true);
    });
    socket.once('close', () => {
      deadline.cancel();
      resolve(false);
    });
  });
}

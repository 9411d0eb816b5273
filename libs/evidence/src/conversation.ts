import type { ConnectionTap, DialFailure, DropReason, Host } from '#libs/network';
import type { Clock } from '#libs/simulation';
import type { Payload, PayloadStore } from './payload-store.ts';

/** Something that the dialling host saw of a connection. `said` and `heard` are what TLS carried, in plain text. */
export type TrafficEvent = { readonly at: number } & (
  | { readonly kind: 'sent' | 'received' | 'said' | 'heard'; readonly payload: Payload }
  | { readonly kind: 'arrived'; readonly count: number }
  | { readonly kind: 'node-close' | 'close-arrived' | 'peer-close' | 'peer-reset' | 'tls-begun' | 'lost' }
  | { readonly kind: 'note'; readonly text: string }
);

/** What became of a dial. */
export type DialOutcome =
  | { readonly kind: 'connected'; readonly at: number; readonly latencyMs: number }
  | { readonly kind: 'failed'; readonly at: number; readonly failure: DialFailure };

/** Who dials whom. */
export interface Dial {
  /** From 1, in the order of dials. */
  readonly number: number;
  readonly source: Host;
  readonly host: string;
  readonly port: number;
  /** Whom the proxy at `host` is asked to reach. */
  readonly beyondProxy: { readonly host: string; readonly port: number } | undefined;
  readonly clientPort: number;
  /** From where the name server is asked. */
  readonly resolverPort: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** The account of one dial and of the connection that came of it. */
export class Conversation implements ConnectionTap {
  /** Of the target; undefined: not known, or there is none. */
  address: string | undefined;
  /** Whether a name server was asked; undefined: it had not come to that. */
  looked: boolean | undefined;
  dropReason: DropReason | undefined;
  outcome: DialOutcome | undefined;
  readonly events: TrafficEvent[] = [];
  private lastNote = '';
  private nodeClosed = false;
  private over = false;

  constructor(
    readonly dial: Dial,
    private readonly clock: Clock,
    private readonly payloads: PayloadStore,
    /** False once the capture has ended. */
    private readonly isRecording: () => boolean,
  ) {}

  resolved(address: string | undefined, looked: boolean): void {
    if (!this.isRecording()) return;
    this.address = address;
    this.looked = looked;
  }

  dropped(reason: DropReason): void {
    this.dropReason = reason;
    this.note(`nothing gets through: ${reason}`);
  }

  failed(failure: DialFailure): void {
    if (this.isRecording()) this.outcome = { kind: 'failed', at: this.clock.now(), failure };
  }

  connected(latencyMs: number): void {
    if (this.isRecording()) this.outcome = { kind: 'connected', at: this.clock.now(), latencyMs };
  }

  sent(bytes: Buffer): void {
    this.carry('sent', bytes);
  }

  arrived(count: number): void {
    if (this.isOpen) this.events.push({ at: this.clock.now(), kind: 'arrived', count });
  }

  received(bytes: Buffer): void {
    this.carry('received', bytes);
  }

  ended(by: 'node' | 'peer', how: 'close' | 'reset'): void {
    if (!this.isOpen || (by === 'node' && this.nodeClosed)) return;
    if (by === 'node') this.nodeClosed = true;
    this.mark(by === 'node' ? 'node-close' : `peer-${how}`);
    if (by === 'peer' && how === 'reset') this.over = true;
  }

  closeArrived(): void {
    this.mark('close-arrived');
  }

  lost(): void {
    this.mark('lost');
    this.over = true;
  }

  /** The TLS handshake is about to begin; from here on `said` and `heard` tell what is meant. */
  tlsBegun(): void {
    this.mark('tls-begun');
  }

  said(bytes: Buffer): void {
    this.carry('said', bytes);
  }

  heard(bytes: Buffer): void {
    this.carry('heard', bytes);
  }

  /** Also of a connection that is over: why it is. */
  note(text: string): void {
    if (!this.isRecording() || text === this.lastNote) return;
    this.lastNote = text;
    this.events.push({ at: this.clock.now(), kind: 'note', text });
  }

  private get isOpen(): boolean {
    return !this.over && this.isRecording();
  }

  private carry(kind: 'sent' | 'received' | 'said' | 'heard', bytes: Buffer): void {
    if (bytes.length === 0 || !this.isOpen) return;
    this.events.push({ at: this.clock.now(), kind, payload: this.payloads.keep(bytes) });
  }

  private mark(kind: 'node-close' | 'close-arrived' | 'peer-close' | 'peer-reset' | 'tls-begun' | 'lost'): void {
    if (this.isOpen) this.events.push({ at: this.clock.now(), kind });
  }
}

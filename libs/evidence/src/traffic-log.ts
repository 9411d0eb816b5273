import type { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { tapOf, type ConnectionTap, type Host, type TrafficRecorder } from '#libs/network';
import type { Clock } from '#libs/simulation';
import type { TlsError, TlsWatcher } from '#libs/trust';
import { Conversation } from './conversation.ts';
import { PayloadStore } from './payload-store.ts';
import { listenIn } from './tls-tap.ts';

/** Octets of traffic that a run keeps; the oldest are given up beyond that. */
const PAYLOAD_BYTES_MAX = 64 * 1024 * 1024;

/** The range of RFC 6335, 6 for ports that nobody owns: client ends count through it, host by host. */
const CLIENT_PORT_MIN = 49_152;
const CLIENT_PORT_MAX = 65_535;

/** A host, and the names that lead to it. */
export interface NamedHost {
  readonly host: Host;
  readonly names: readonly string[];
}

/** A certificate chain that a server showed. */
export interface PresentedChain {
  readonly at: number;
  readonly node: string;
  readonly host: string;
  /** The server's own certificate first. */
  readonly certificates: readonly X509Certificate[];
}

/** The account of all traffic of a run, in virtual time: what captures and transcripts are made from. */
export class TrafficLog implements TrafficRecorder, TlsWatcher {
  readonly hosts: NamedHost[] = [];
  readonly conversations: Conversation[] = [];
  /** Lines of the TLS key log. They decrypt the traffic of this log, and nothing else. */
  readonly keys: string[] = [];
  readonly chains: PresentedChain[] = [];
  /** When the recording ended, epoch milliseconds. */
  endedAt: number | undefined;
  private readonly payloads: PayloadStore;
  private readonly nextPorts = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    payloadBytesMax = PAYLOAD_BYTES_MAX,
  ) {
    this.payloads = new PayloadStore(payloadBytesMax);
  }

  /** Octets that were given up, oldest first, to stay within the bound. */
  get leftOutBytes(): number {
    return this.payloads.leftOutBytes;
  }

  /** Nothing that happens from now on is recorded. */
  end(): void {
    this.endedAt ??= this.clock.now();
  }

  hostAdded(host: Host, names: readonly string[]): void {
    this.hosts.push({ host, names });
  }

  dialled(
    source: Host,
    { host, port }: { host: string; port: number },
    beyondProxy: { host: string; port: number } | undefined,
  ): ConnectionTap {
    const conversation = new Conversation(
      {
        number: this.conversations.length + 1,
        source,
        host,
        port,
        beyondProxy,
        resolverPort: this.nextPort(source.name),
        clientPort: this.nextPort(source.name),
        startedAt: this.clock.now(),
      },
      this.clock,
      this.payloads,
      () => this.isRecording,
    );
    if (this.isRecording) this.conversations.push(conversation);
    return conversation;
  }

  begins(connection: Duplex): void {
    conversationOf(connection)?.tlsBegun();
  }

  opened(connection: Duplex, socket: TLSSocket): void {
    const conversation = conversationOf(connection);
    listenIn(socket, {
      key: (line) => {
        if (this.isRecording) this.keys.push(line);
      },
      said: (bytes) => conversation?.said(bytes),
      heard: (bytes) => conversation?.heard(bytes),
    });
  }

  presented(connection: Duplex, host: string, certificates: readonly X509Certificate[]): void {
    const conversation = conversationOf(connection);
    if (!conversation || !this.isRecording || certificates.length === 0) return;
    this.chains.push({ at: this.clock.now(), node: conversation.dial.source.name, host, certificates });
  }

  failed(connection: Duplex, { failure, certificate }: TlsError): void {
    conversationOf(connection)?.note(`TLS failed: ${failure}${certificate ? ` (${certificate})` : ''}`);
  }

  private get isRecording(): boolean {
    return this.endedAt === undefined;
  }

  private nextPort(host: string): number {
    const port = this.nextPorts.get(host) ?? CLIENT_PORT_MIN;
    this.nextPorts.set(host, port === CLIENT_PORT_MAX ? CLIENT_PORT_MIN : port + 1);
    return port;
  }
}

function conversationOf(connection: Duplex): Conversation | undefined {
  const tap = tapOf(connection);
  return tap instanceof Conversation ? tap : undefined;
}

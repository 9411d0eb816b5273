import type { Conversation } from './conversation.ts';
import { addressBytes, encodeTcp, encodeUdp, TCP_FLAGS, type EncodedPacket, type Endpoint } from './ip-packet.ts';
import { dnsAnswer, dnsQuery, isDnsName } from './dns-message.ts';
import type { Payload } from './payload-store.ts';
import { retryTimes, SYN_RETRIES_MAX, wireScript, type WireStep } from './wire-script.ts';

/** A packet as the dialling host sees it go out or come in. */
export interface SeenPacket extends EncodedPacket {
  /** Epoch milliseconds; fractions count. */
  readonly at: number;
  /** Name of the host that sees it. */
  readonly seenBy: string;
  readonly isOutbound: boolean;
  readonly comments: string[];
}

const { fin: FIN, syn: SYN, rst: RST, psh: PSH, ack: ACK } = TCP_FLAGS;

/** Ethernet's 1500 octets less the headers of IP and TCP. */
const MSS_BYTES = 1_460;
/** MSS 1460 (kind 2), no-operation, window scale 7 (kind 3): RFC 9293, 3.2 and RFC 7323, 2.2. */
const SYN_OPTIONS = Buffer.from([2, 4, MSS_BYTES >> 8, MSS_BYTES & 0xff, 1, 3, 3, 7]);
const WINDOW_OF_SYN = 64_240;
/** In units of 128 octets: 8 MB, more than is ever under way. */
const WINDOW = 65_535;

/** Asked before each dial of a name. */
const NAME_SERVERS = { inside: '10.20.0.53', internet: '198.51.100.53' } as const;
const DNS_PORT = 53;
/** Milliseconds after the dial at which a successful look-up is answered, and at which SYN follows it. */
const ANSWERED_AFTER_MS = 0.25;
const SYN_AFTER_LOOKUP_MS = 0.5;

/** All packets of one dial, in the order of time: look-up, handshake, data, end. `endedAt`: when the recording ended. */
export function packetsOf(conversation: Conversation, endedAt: number): SeenPacket[] {
  const writer = new PacketWriter(conversation, conversation.outcome?.at ?? endedAt);
  writer.lookUp();
  const { address, outcome } = conversation;
  // Hosts of the simulated network have IPv4 addresses alone: nothing leaves them for any other.
  if (address === undefined || !/^\d+(\.\d+){3}$/.test(address)) return writer.packets;
  writer.handshake();
  if (outcome?.kind === 'connected') {
    for (const step of wireScript(conversation, outcome.latencyMs, endedAt)) writer.take(step);
    writer.settle(Infinity);
  } else {
    for (const event of conversation.events) if (event.kind === 'note') writer.note(event.text, event.at);
  }
  writer.attachRemainingNotes();
  return writer.packets;
}

/** Writes the packets of one conversation, with the sequence numbers of both ends. */
class PacketWriter {
  readonly packets: SeenPacket[] = [];
  private readonly node: Endpoint;
  private readonly peer: Endpoint;
  private readonly nodeStart: number;
  private readonly peerStart: number;
  /** Octets sent so far, SYN and FIN included. */
  private nodeSent = 0;
  private peerSent = 0;
  /** Octets of the node that the peer has acknowledged. */
  private peerHas = 0;
  private nodeOwesAckSince: number | undefined;
  private peerOwesAckSince: number | undefined;
  private notes: string[] = [];
  private identification: number;

  constructor(
    private readonly conversation: Conversation,
    /** When the dial was answered or given up. */
    private readonly answeredAt: number,
  ) {
    const { number, source, clientPort, port } = conversation.dial;
    this.node = { address: source.address, port: clientPort };
    this.peer = { address: conversation.address ?? '', port };
    // Any number will do as long as it is the same in each run.
    this.nodeStart = Math.imul(number, 0x9e3779b1) >>> 0;
    this.peerStart = Math.imul(number, 0x85ebca6b) >>> 0;
    this.identification = (number * 257) & 0xffff;
  }

  lookUp(): void {
    const { looked, address, outcome, dial } = this.conversation;
    const { host, startedAt, number, resolverPort, source } = dial;
    if (!looked || !isDnsName(host)) return;
    const resolver = { address: source.address, port: resolverPort };
    const server = { address: NAME_SERVERS[source.zone], port: DNS_PORT };
    const query = encodeUdp(resolver, server, dnsQuery(number, host), this.nextIdentification());
    this.push(startedAt, true, query);
    const failedAt = address === undefined ? outcome?.at : undefined;
    const bytes = dnsAnswer(number, host, address === undefined ? undefined : addressBytes(address));
    const answer = encodeUdp(server, resolver, bytes, this.nextIdentification());
    this.push(failedAt ?? startedAt + ANSWERED_AFTER_MS, false, answer);
  }

  /** SYN until something answers, or nothing ever does. */
  handshake(): void {
    const { answeredAt } = this;
    const { outcome, dial, looked, events } = this.conversation;
    for (const event of events) {
      if (event.kind === 'note' && event.at < answeredAt) this.notes.push(event.text);
    }
    const startedAt = dial.startedAt + (looked ? SYN_AFTER_LOOKUP_MS : 0);
    for (const at of [startedAt, ...retryTimes(startedAt, answeredAt, SYN_RETRIES_MAX)]) {
      this.nodeSent = 0;
      this.nodeSends(at, SYN);
    }
    const failure = outcome?.kind === 'failed' ? outcome.failure : undefined;
    if (outcome === undefined || failure === 'connect-timeout') return;
    this.peerHas = this.nodeSent;
    if (failure === 'connection-refused') return this.peerSends(answeredAt, RST | ACK);
    this.peerSends(answeredAt, SYN | ACK);
    this.nodeSends(answeredAt, ACK);
    if (failure !== undefined) this.peerSends(answeredAt, RST | ACK);
  }

  take(step: WireStep): void {
    this.settle(step.at);
    switch (step.kind) {
      case 'sent':
        return this.burst(step.at, step.payloads, true);
      case 'received':
        this.burst(step.at, step.payloads, false);
        this.nodeOwesAckSince = step.at;
        return;
      case 'resent':
        return this.resend(step.at, step.offset, step.payload);
      case 'peer-ack':
        this.peerHas = Math.max(this.peerHas, step.offset + 1);
        this.peerOwesAckSince = step.at;
        return;
      case 'node-close':
        return this.nodeSends(step.at, FIN | ACK);
      case 'peer-close-ack':
        this.peerHas = this.nodeSent;
        this.peerOwesAckSince = step.at;
        return;
      case 'peer-close':
        this.peerSends(step.at, FIN | ACK);
        this.nodeOwesAckSince = step.at;
        return;
      case 'peer-reset':
        this.nodeOwesAckSince = undefined;
        return this.peerSends(step.at, RST | ACK);
      case 'note':
        return this.note(step.text, step.at);
    }
  }

  /** To be said with the next packet; what came before the answer was said with the first SYN. */
  note(text: string, at: number): void {
    if (at >= this.answeredAt) this.notes.push(text);
  }

  /** Acknowledges what is still to be acknowledged, unless something at the same moment will do it. */
  settle(now: number): void {
    const owed: [number, () => void][] = [];
    const { nodeOwesAckSince, peerOwesAckSince } = this;
    if (peerOwesAckSince !== undefined && peerOwesAckSince < now) {
      owed.push([peerOwesAckSince, () => this.peerSends(peerOwesAckSince, ACK)]);
    }
    if (nodeOwesAckSince !== undefined && nodeOwesAckSince < now) {
      owed.push([nodeOwesAckSince, () => this.nodeSends(nodeOwesAckSince, ACK)]);
    }
    for (const [, send] of owed.sort(([a], [b]) => a - b)) send();
  }

  attachRemainingNotes(): void {
    this.packets.at(-1)?.comments.push(...this.notes);
    this.notes = [];
  }

  private burst(at: number, payloads: readonly Payload[], isOutbound: boolean): void {
    const send = (flags: number, bytes: Buffer | undefined, missing: number): void =>
      isOutbound ? this.nodeSends(at, flags, bytes, missing) : this.peerSends(at, flags, bytes, missing);
    const length = payloads.reduce((sum, payload) => sum + payload.length, 0);
    const parts = payloads.flatMap(({ bytes }) => bytes ?? []);
    const whole = parts.length === payloads.length ? Buffer.concat(parts) : undefined;
    for (let start = 0; start < length; start += MSS_BYTES) {
      const end = Math.min(start + MSS_BYTES, length);
      const flags = end === length ? PSH | ACK : ACK;
      send(flags, whole?.subarray(start, end), whole ? 0 : end - start);
    }
  }

  private resend(at: number, offset: number, { bytes, length }: Payload): void {
    const sent = this.nodeSent;
    const size = Math.min(length, MSS_BYTES);
    this.nodeSent = offset + 1;
    this.nodeSends(at, PSH | ACK, bytes?.subarray(0, size), bytes ? 0 : size);
    this.nodeSent = sent;
  }

  private nodeSends(at: number, flags: number, payload?: Buffer, missing = 0): void {
    this.push(at, true, this.segment(this.node, this.peer, flags, payload, missing));
    this.nodeSent += lengthOf(flags, payload, missing);
    if (flags & ACK) this.nodeOwesAckSince = undefined;
  }

  private peerSends(at: number, flags: number, payload?: Buffer, missing = 0): void {
    this.push(at, false, this.segment(this.peer, this.node, flags, payload, missing));
    this.peerSent += lengthOf(flags, payload, missing);
    this.peerOwesAckSince = undefined;
  }

  private segment(
    from: Endpoint,
    to: Endpoint,
    flags: number,
    payload: Buffer | undefined,
    missing: number,
  ): EncodedPacket {
    const isOutbound = from === this.node;
    const acknowledged = isOutbound ? this.peerStart + this.peerSent : this.nodeStart + this.peerHas;
    return encodeTcp({
      from,
      to,
      sequence: isOutbound ? this.nodeStart + this.nodeSent : this.peerStart + this.peerSent,
      acknowledgement: flags & ACK ? acknowledged : 0,
      flags,
      window: flags & SYN ? WINDOW_OF_SYN : WINDOW,
      ...(flags & SYN ? { options: SYN_OPTIONS } : {}),
      ...(payload ? { payload } : {}),
      missing,
      identification: this.nextIdentification(),
    });
  }

  private push(at: number, isOutbound: boolean, packet: EncodedPacket): void {
    const after = this.packets.at(-1)?.at ?? -Infinity;
    const { name } = this.conversation.dial.source;
    this.packets.push({ ...packet, at: Math.max(at, after), seenBy: name, isOutbound, comments: this.notes });
    this.notes = [];
  }

  private nextIdentification(): number {
    this.identification = (this.identification + 1) & 0xffff;
    return this.identification;
  }
}

/** What a segment takes of the sequence numbers (RFC 9293, 3.4). */
function lengthOf(flags: number, payload: Buffer | undefined, missing: number): number {
  return (payload?.length ?? 0) + missing + (flags & (SYN | FIN) ? 1 : 0);
}

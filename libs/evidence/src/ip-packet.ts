/** One end of an exchange: an IPv4 address and a port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Bits of a TCP header (RFC 9293, 3.1). */
export const TCP_FLAGS = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const;

const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;
const IP_HEADER_BYTES = 20;
const TCP_HEADER_BYTES = 20;
const UDP_HEADER_BYTES = 8;
const HOPS = 64;
const DO_NOT_FRAGMENT = 0x4000;

export interface TcpSegment {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly window: number;
  /** A multiple of four octets. */
  readonly options?: Buffer;
  readonly payload?: Buffer;
  /** Octets of payload that are not there any more: header and lengths are as if they were. */
  readonly missing?: number;
  /** Of the IP header. */
  readonly identification: number;
}

/** A packet, and how long it was on the wire. */
export interface EncodedPacket {
  readonly bytes: Buffer;
  readonly originalLength: number;
}

const NOTHING = Buffer.alloc(0);

/** An IPv4 packet with a TCP segment (RFC 791, 3.1; RFC 9293, 3.1). */
export function encodeTcp(segment: TcpSegment): EncodedPacket {
  const { from, to, options = NOTHING, payload = NOTHING, missing = 0, identification } = segment;
  const header = Buffer.alloc(TCP_HEADER_BYTES);
  header.writeUInt16BE(from.port, 0);
  header.writeUInt16BE(to.port, 2);
  header.writeUInt32BE(segment.sequence >>> 0, 4);
  header.writeUInt32BE(segment.acknowledgement >>> 0, 8);
  header.writeUInt8(((TCP_HEADER_BYTES + options.length) / 4) << 4, 12);
  header.writeUInt8(segment.flags, 13);
  header.writeUInt16BE(segment.window, 14);
  const bytes = Buffer.concat([header, options, payload]);
  // A checksum over octets that are gone would be a lie.
  if (missing === 0) bytes.writeUInt16BE(transportChecksum(from, to, PROTOCOL_TCP, bytes), 16);
  return encodeIp(from.address, to.address, PROTOCOL_TCP, identification, bytes, missing);
}

/** An IPv4 packet with a UDP datagram (RFC 768). */
export function encodeUdp(from: Endpoint, to: Endpoint, payload: Buffer, identification: number): EncodedPacket {
  const header = Buffer.alloc(UDP_HEADER_BYTES);
  header.writeUInt16BE(from.port, 0);
  header.writeUInt16BE(to.port, 2);
  header.writeUInt16BE(UDP_HEADER_BYTES + payload.length, 4);
  const bytes = Buffer.concat([header, payload]);
  // RFC 768: zero means "no checksum", so a sum of zero is sent as its complement.
  bytes.writeUInt16BE(transportChecksum(from, to, PROTOCOL_UDP, bytes) || 0xffff, 6);
  return encodeIp(from.address, to.address, PROTOCOL_UDP, identification, bytes, 0);
}

/** The four octets of a dotted address. */
export function addressBytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

function encodeIp(
  from: string,
  to: string,
  protocol: number,
  identification: number,
  payload: Buffer,
  missing: number,
): EncodedPacket {
  const header = Buffer.alloc(IP_HEADER_BYTES);
  header.writeUInt8(0x45, 0); // version 4, five words of header
  header.writeUInt16BE(IP_HEADER_BYTES + payload.length + missing, 2);
  header.writeUInt16BE(identification & 0xffff, 4);
  header.writeUInt16BE(DO_NOT_FRAGMENT, 6);
  header.writeUInt8(HOPS, 8);
  header.writeUInt8(protocol, 9);
  addressBytes(from).copy(header, 12);
  addressBytes(to).copy(header, 16);
  header.writeUInt16BE(checksum(header), 10);
  const bytes = Buffer.concat([header, payload]);
  return { bytes, originalLength: bytes.length + missing };
}

/** Over the pseudo-header, too (RFC 9293, 3.1). */
function transportChecksum(from: Endpoint, to: Endpoint, protocol: number, segment: Buffer): number {
  const pseudoHeader = Buffer.alloc(12);
  addressBytes(from.address).copy(pseudoHeader, 0);
  addressBytes(to.address).copy(pseudoHeader, 4);
  pseudoHeader.writeUInt8(protocol, 9);
  pseudoHeader.writeUInt16BE(segment.length, 10);
  return checksum(Buffer.concat([pseudoHeader, segment]));
}

/** RFC 1071: the complement of the sum of all 16-bit words, in ones' complement arithmetic. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let index = 0; index + 1 < bytes.length; index += 2) sum += bytes.readUInt16BE(index);
  if (bytes.length % 2 === 1) sum += bytes.readUInt8(bytes.length - 1) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

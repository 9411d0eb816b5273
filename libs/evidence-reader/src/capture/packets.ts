import type { Frame } from './capture-blocks.ts';

export interface TcpSegment {
  kind: 'tcp';
  from: string;
  to: string;
  fromPort: number;
  toPort: number;
  sequence: number;
  isSyn: boolean;
  isAck: boolean;
  isReset: boolean;
  isFin: boolean;
  data: Buffer;
}

interface UdpDatagram {
  kind: 'udp';
  fromPort: number;
  data: Buffer;
}

const TCP = 6;
const UDP = 17;

/** Octets before the IP header (tcpdump.org/linktypes.html): loopback, Ethernet, raw IP, Linux "any". */
const LINK_HEADERS: Readonly<Record<number, number>> = {
  0: 4,
  1: 14,
  12: 0,
  101: 0,
  108: 4,
  113: 16,
  228: 0,
  229: 0,
  276: 20,
};
const ETHERNET = 1;
const VLAN_TYPES: readonly number[] = [0x8100, 0x88a8];

/** The TCP segment or UDP datagram in a frame; undefined for all else, and for what is damaged. */
export function packetIn({ linkType, bytes }: Frame): TcpSegment | UdpDatagram | undefined {
  let start = LINK_HEADERS[linkType];
  if (start === undefined) return undefined;
  while (linkType === ETHERNET && bytes.length > start + 4 && VLAN_TYPES.includes(bytes.readUInt16BE(start - 2)))
    start += 4;
  const ip = bytes.subarray(start);
  const version = (ip[0] ?? 0) >> 4;
  if (version === 4 && ip.length >= 20) {
    const header = ((ip[0] ?? 0) & 15) * 4;
    const total = ip.readUInt16BE(2);
    const isFragment = (ip.readUInt16BE(6) & 0x1fff) !== 0;
    if (header < 20 || isFragment) return undefined;
    // Offloading leaves the length empty.
    const payload = ip.subarray(header, total >= header ? total : undefined);
    return transport(ip[9] ?? 0, payload, ip.subarray(12, 16).join('.'), ip.subarray(16, 20).join('.'));
  }
  if (version !== 6 || ip.length < 40) return undefined;
  const payload = ip.subarray(40, 40 + ip.readUInt16BE(4));
  return transport(ip[6] ?? 0, payload, ip.toString('hex', 8, 24), ip.toString('hex', 24, 40));
}

function transport(protocol: number, bytes: Buffer, from: string, to: string): TcpSegment | UdpDatagram | undefined {
  if (protocol === UDP && bytes.length >= 8)
    return { kind: 'udp', fromPort: bytes.readUInt16BE(0), data: bytes.subarray(8) };
  if (protocol !== TCP || bytes.length < 20) return undefined;
  const header = ((bytes[12] ?? 0) >> 4) * 4;
  const flags = bytes[13] ?? 0;
  if (header < 20) return undefined;
  return {
    kind: 'tcp',
    from,
    to,
    fromPort: bytes.readUInt16BE(0),
    toPort: bytes.readUInt16BE(2),
    sequence: bytes.readUInt32BE(4),
    isFin: (flags & 1) !== 0,
    isSyn: (flags & 2) !== 0,
    isReset: (flags & 4) !== 0,
    isAck: (flags & 16) !== 0,
    data: bytes.subarray(header),
  };
}

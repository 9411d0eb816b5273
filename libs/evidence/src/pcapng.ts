// The capture file format of draft-ietf-opsawg-pcapng, little-endian. Sections cited are those of that draft.

const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 0x00000001,
  names: 0x00000004,
  packet: 0x00000006,
  secrets: 0x0000000a,
} as const;

/** Options of any block (3.5), then of sections (4.1), interfaces (4.2) and packets (4.3). */
const OPTION = {
  comment: 1,
  sectionApplication: 4,
  interfaceName: 2,
  interfaceDescription: 3,
  interfaceAddress: 4,
  interfaceResolution: 9,
  packetFlags: 2,
} as const;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Packets begin with the IP header. */
const LINK_TYPE_RAW_IP = 101;
/** Timestamps in units of 10^-9 s (4.2, if_tsresol). */
const NANOSECONDS = 9;
const NAME_RECORD_IPV4 = 1;
/** "TLSK": lines of an NSS key log (4.7). */
const SECRETS_TLS_KEY_LOG = 0x544c534b;

type Option = readonly [code: number, value: Buffer];

export interface CapturedPacket {
  /** Epoch milliseconds; fractions count. */
  readonly at: number;
  /** By the order of the interface blocks, from 0. */
  readonly interfaceId: number;
  readonly isOutbound: boolean;
  readonly bytes: Buffer;
  readonly originalLength: number;
  readonly comments: readonly string[];
}

/** Section Header Block (4.1): the first of the file. */
export function sectionHeader(application: string, comments: readonly string[]): Buffer {
  const fixed = Buffer.alloc(16);
  fixed.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  fixed.writeUInt16LE(1, 4);
  fixed.writeUInt16LE(0, 6);
  fixed.writeBigInt64LE(-1n, 8); // length of the section: unspecified
  const options: Option[] = [...comments.map(comment), [OPTION.sectionApplication, Buffer.from(application)]];
  return block(BLOCK.section, fixed, options);
}

/** Interface Description Block (4.2). `address`: four octets. */
export function interfaceDescription(name: string, description: string, address: Buffer): Buffer {
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16LE(LINK_TYPE_RAW_IP, 0);
  fixed.writeUInt32LE(0, 4); // no limit of length
  return block(BLOCK.interface, fixed, [
    [OPTION.interfaceName, Buffer.from(name)],
    [OPTION.interfaceDescription, Buffer.from(description)],
    [OPTION.interfaceAddress, Buffer.concat([address, Buffer.from([255, 255, 255, 0])])],
    [OPTION.interfaceResolution, Buffer.from([NANOSECONDS])],
  ]);
}

/** Name Resolution Block (4.5). */
export function nameResolution(records: readonly { address: Buffer; names: readonly string[] }[]): Buffer {
  const entries = records.map(({ address, names }) => {
    const value = Buffer.concat([address, ...names.map((name) => Buffer.from(`${name}\0`))]);
    return option([NAME_RECORD_IPV4, value]);
  });
  return block(BLOCK.names, Buffer.concat([...entries, Buffer.alloc(4)]), []);
}

/** Decryption Secrets Block (4.7); to stand before the packets that it decrypts. */
export function decryptionSecrets(keyLog: string): Buffer {
  const data = Buffer.from(keyLog);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(SECRETS_TLS_KEY_LOG, 0);
  head.writeUInt32LE(data.length, 4);
  return block(BLOCK.secrets, Buffer.concat([head, padded(data)]), []);
}

/** Enhanced Packet Block (4.3). */
export function enhancedPacket({
  at,
  interfaceId,
  isOutbound,
  bytes,
  originalLength,
  comments,
}: CapturedPacket): Buffer {
  const wholeMs = Math.floor(at);
  const timestamp = BigInt(wholeMs) * 1_000_000n + BigInt(Math.round((at - wholeMs) * 1_000_000));
  const fixed = Buffer.alloc(20);
  fixed.writeUInt32LE(interfaceId, 0);
  fixed.writeUInt32LE(Number(timestamp >> 32n), 4);
  fixed.writeUInt32LE(Number(timestamp & 0xffffffffn), 8);
  fixed.writeUInt32LE(bytes.length, 12);
  fixed.writeUInt32LE(originalLength, 16);
  const direction = Buffer.alloc(4);
  direction.writeUInt32LE(isOutbound ? 2 : 1);
  return block(BLOCK.packet, Buffer.concat([fixed, padded(bytes)]), [
    ...comments.map(comment),
    [OPTION.packetFlags, direction],
  ]);
}

function block(type: number, body: Buffer, options: readonly Option[]): Buffer {
  const tail = options.length === 0 ? [] : [...options.map(option), Buffer.alloc(4)];
  const content = Buffer.concat([body, ...tail]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length + 12);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(type);
  return Buffer.concat([head, length, content, length]);
}

function option([code, value]: Option): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(code, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, padded(value)]);
}

function comment(text: string): Option {
  return [OPTION.comment, Buffer.from(text)];
}

/** To a multiple of four octets (3.1). */
function padded(bytes: Buffer): Buffer {
  const missing = -bytes.length & 3;
  return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)]);
}

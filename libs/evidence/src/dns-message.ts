/** Standard query and response with recursion, as a stub resolver and its server set them (RFC 1035, 4.1.1). */
const QUERY_FLAGS = 0x0100;
const RESPONSE_FLAGS = 0x8180;
const NAME_ERROR = 3;

const TYPE_A = 1;
const CLASS_IN = 1;
const TTL_SECONDS = 60;

/** Longest label and name (RFC 1035, 2.3.4). */
const LABEL_BYTES_MAX = 63;
const NAME_BYTES_MAX = 253;

/** Whether a name fits into a DNS message. */
export function isDnsName(name: string): boolean {
  const labels = name.split('.');
  return (
    name.length <= NAME_BYTES_MAX &&
    labels.every((label) => label !== '' && Buffer.byteLength(label) <= LABEL_BYTES_MAX)
  );
}

/** A query for the IPv4 address of `name`. */
export function dnsQuery(id: number, name: string): Buffer {
  return Buffer.concat([header(id, QUERY_FLAGS, 0), question(name)]);
}

/** What the server answers; without an address: NXDOMAIN. */
export function dnsAnswer(id: number, name: string, address: Buffer | undefined): Buffer {
  if (!address) return Buffer.concat([header(id, RESPONSE_FLAGS | NAME_ERROR, 0), question(name)]);
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0); // the name of the question, by a pointer (RFC 1035, 4.1.4)
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_IN, 4);
  record.writeUInt32BE(TTL_SECONDS, 6);
  record.writeUInt16BE(address.length, 10);
  return Buffer.concat([header(id, RESPONSE_FLAGS, 1), question(name), record, address]);
}

function header(id: number, flags: number, answers: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16BE(id & 0xffff, 0);
  bytes.writeUInt16BE(flags, 2);
  bytes.writeUInt16BE(1, 4);
  bytes.writeUInt16BE(answers, 6);
  return bytes;
}

function question(name: string): Buffer {
  const labels = name.split('.').map((label) => {
    const bytes = Buffer.from(label);
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  });
  const end = Buffer.alloc(5);
  end.writeUInt16BE(TYPE_A, 1);
  end.writeUInt16BE(CLASS_IN, 3);
  return Buffer.concat([...labels, end]);
}

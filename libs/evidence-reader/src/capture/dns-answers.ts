/** What a DNS answer says (RFC 1035, 4): the name that was asked for, and addresses or a refusal. */
export interface DnsAnswer {
  name: string;
  /** 3: there is no such name. */
  code: number;
  addresses: string[];
}

const RECORDS_MAX = 50;
const LABELS_MAX = 128;

export function dnsAnswerIn(bytes: Buffer): DnsAnswer | undefined {
  if (bytes.length < 12 || ((bytes[2] ?? 0) & 0x80) === 0 || bytes.readUInt16BE(4) !== 1) return undefined;
  const question = nameAt(bytes, 12);
  if (!question) return undefined;
  const addresses: string[] = [];
  let at = question.end + 4;
  for (let left = Math.min(bytes.readUInt16BE(6), RECORDS_MAX); left > 0; left -= 1) {
    const owner = nameAt(bytes, at);
    if (!owner || owner.end + 10 > bytes.length) break;
    const type = bytes.readUInt16BE(owner.end);
    const length = bytes.readUInt16BE(owner.end + 8);
    const data = bytes.subarray(owner.end + 10, owner.end + 10 + length);
    if (type === 1 && data.length === 4) addresses.push(data.join('.'));
    if (type === 28 && data.length === 16) addresses.push(data.toString('hex'));
    at = owner.end + 10 + length;
  }
  return { name: question.name, code: (bytes[3] ?? 0) & 15, addresses };
}

function nameAt(bytes: Buffer, start: number): { name: string; end: number } | undefined {
  const labels: string[] = [];
  for (let at = start; labels.length < LABELS_MAX;) {
    const length = bytes[at];
    if (length === undefined) return undefined;
    if (length === 0) return { name: labels.join('.').toLowerCase(), end: at + 1 };
    // A pointer ends the name; only names of answers have one, and those are not asked for.
    if (length >= 0xc0) return { name: labels.join('.').toLowerCase(), end: at + 2 };
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length).replaceAll(/[^\w-]/g, '?'));
    at += 1 + length;
  }
  return undefined;
}

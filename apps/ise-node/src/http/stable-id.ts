import { createHash } from 'node:crypto';

/**
 * A UUID that a resource without one of its own has in every run: made from its kind and name (RFC 9562, 5.8: version 8,
 * vendor-specific).
 */
export function stableId(kind: string, name: string): string {
  const bytes = createHash('sha256').update(`${kind}/${name}`).digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

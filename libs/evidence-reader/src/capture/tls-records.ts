import type { SeenTlsFailure } from '../observation-types.ts';

const HANDSHAKE = 22;
const ALERT = 21;
const APPLICATION_DATA = 23;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const FATAL = 2;
const SUPPORTED_VERSIONS = 43;
const CERTIFICATES_MAX = 20;

/** What can be seen of one direction of a TLS session without its keys (RFC 5246, RFC 8446). */
export interface SeenTls {
  serverName?: string;
  version?: string;
  /** DER, leaf first; only up to TLS 1.2 they are sent in the clear. */
  certificates: Buffer[];
  alert?: number;
  hasApplicationData: boolean;
}

/** By the numbers of alerts (RFC 8446, 6), who would send them to say what. */
export const ALERTS: Readonly<Record<number, SeenTlsFailure>> = {
  40: 'handshake-failed',
  42: 'no-certification-path',
  43: 'no-certification-path',
  45: 'expired',
  46: 'no-certification-path',
  48: 'no-certification-path',
  70: 'no-common-version',
  71: 'no-common-version',
};

const VERSIONS: Readonly<Record<number, string>> = {
  0x0301: 'TLSv1',
  0x0302: 'TLSv1.1',
  0x0303: 'TLSv1.2',
  0x0304: 'TLSv1.3',
};

export function isTls(data: Buffer): boolean {
  return data.length >= 5 && (data[0] === HANDSHAKE || data[0] === ALERT) && data[1] === 3 && (data[2] ?? 9) <= 4;
}

/** Never throws: what is cut off is read as far as it goes. */
export function seenTls(stream: Buffer): SeenTls {
  const seen: SeenTls = { certificates: [], hasApplicationData: false };
  const handshake: Buffer[] = [];
  for (let at = 0; at + 5 <= stream.length;) {
    const type = stream[at];
    const length = stream.readUInt16BE(at + 3);
    const body = stream.subarray(at + 5, at + 5 + length);
    if (type === HANDSHAKE) handshake.push(body);
    else if (type === ALERT && length === 2 && body[0] === FATAL && body[1] !== undefined) seen.alert ??= body[1];
    else if (type === APPLICATION_DATA) seen.hasApplicationData = true;
    at += 5 + length;
  }
  messages(Buffer.concat(handshake), seen);
  return seen;
}

function messages(bytes: Buffer, seen: SeenTls): void {
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUIntBE(at + 1, 3);
    const body = bytes.subarray(at + 4, at + 4 + length);
    const type = bytes[at];
    if (type === CLIENT_HELLO) clientHello(body, seen);
    else if (type === SERVER_HELLO) serverHello(body, seen);
    else if (type === CERTIFICATE) certificates(body, seen);
    else if (type === undefined || type > 24) return;
    at += 4 + length;
  }
}

function clientHello(body: Buffer, seen: SeenTls): void {
  let at = 34;
  at += 1 + (body[at] ?? 0);
  if (at + 2 > body.length) return;
  at += 2 + body.readUInt16BE(at);
  at += 1 + (body[at] ?? 0);
  const name = extensionsFrom(body, at).get(0);
  if (!name || name.length < 5) return;
  const host = name.toString('latin1', 5, 5 + name.readUInt16BE(3));
  if (/^[\w.-]{1,255}$/.test(host)) seen.serverName = host;
}

function serverHello(body: Buffer, seen: SeenTls): void {
  if (body.length < 35) return;
  const at = 35 + (body[34] ?? 0) + 3;
  const chosen = extensionsFrom(body, at).get(SUPPORTED_VERSIONS);
  const version = VERSIONS[chosen && chosen.length >= 2 ? chosen.readUInt16BE(0) : body.readUInt16BE(0)];
  if (version !== undefined) seen.version = version;
}

function extensionsFrom(body: Buffer, start: number): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = start + 2; at + 4 <= body.length;) {
    const length = body.readUInt16BE(at + 2);
    found.set(body.readUInt16BE(at), body.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

function certificates(body: Buffer, seen: SeenTls): void {
  for (let at = 3; at + 3 <= body.length && seen.certificates.length < CERTIFICATES_MAX;) {
    const length = body.readUIntBE(at, 3);
    if (at + 3 + length > body.length || length === 0) return;
    seen.certificates.push(body.subarray(at + 3, at + 3 + length));
    at += 3 + length;
  }
}

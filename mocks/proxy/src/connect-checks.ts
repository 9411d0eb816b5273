import { createHash, timingSafeEqual } from 'node:crypto';

/** What the proxy lets pass. */
export interface ProxyPolicy {
  /** Asked of every client when given. */
  credentials?: { user: string; password: string };
  /** All when absent. */
  allowedPorts?: readonly number[];
}

/** A CONNECT request (RFC 9110, 9.3.6). */
export interface ConnectRequest {
  host: string;
  port: number;
  /** The `Proxy-Authorization` header. */
  authorization?: string;
}

export type ConnectRefusalReason =
  | 'method'
  | 'target-malformed'
  | 'credentials-missing'
  | 'credentials-wrong'
  | 'port-forbidden'
  | 'target-unreachable'
  | 'target-timeout';

export interface ConnectRefusal {
  status: number;
  reason: ConnectRefusalReason;
}

export type ConnectCheck = (request: ConnectRequest, policy: ProxyPolicy) => ConnectRefusal | undefined;

/** Who asks comes before what is asked for, as in Squid's usual rules. */
const CONNECT_CHECKS: readonly ConnectCheck[] = [targetIsWellFormed, clientIsKnown, portIsAllowed];

export function judgeConnect(request: ConnectRequest, policy: ProxyPolicy): ConnectRefusal | undefined {
  for (const check of CONNECT_CHECKS) {
    const refusal = check(request, policy);
    if (refusal) return refusal;
  }
  return undefined;
}

/** Reads `host:port`; a port that is no number becomes NaN. */
export function parseTarget(authority: string): { host: string; port: number } {
  const colon = authority.lastIndexOf(':');
  return {
    host: authority.slice(0, Math.max(colon, 0)).replace(/^\[|\]$/g, ''),
    port: Number(authority.slice(colon + 1)),
  };
}

function targetIsWellFormed({ host, port }: ConnectRequest): ConnectRefusal | undefined {
  const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535;
  return isPort && /^[\w.:-]{1,253}$/.test(host) ? undefined : { status: 400, reason: 'target-malformed' };
}

function clientIsKnown({ authorization }: ConnectRequest, { credentials }: ProxyPolicy): ConnectRefusal | undefined {
  if (!credentials) return undefined;
  if (authorization === undefined) return { status: 407, reason: 'credentials-missing' };
  const expected = `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
  return isSame(authorization, expected) ? undefined : { status: 407, reason: 'credentials-wrong' };
}

function portIsAllowed({ port }: ConnectRequest, { allowedPorts }: ProxyPolicy): ConnectRefusal | undefined {
  return !allowedPorts || allowedPorts.includes(port) ? undefined : { status: 403, reason: 'port-forbidden' };
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** One RSA key per CA and server of the lab, and the one that signs Entra's tokens. */
export const LAB_KEY_ROLES = [
  'token-endpoint-root',
  'token-endpoint-issuing',
  'token-endpoint-leaf',
  'smtp-root',
  'smtp-issuing',
  'smtp-leaf',
  'token-signing',
  'new-root',
  'new-issuing',
  'other-root',
  'other-issuing',
  'inspection-root',
] as const;

export type LabKeyRole = (typeof LAB_KEY_ROLES)[number];

/** An RSA private key as a JSON Web Key (RFC 7518, 6.3), named by its RFC 7638 thumbprint. */
export interface RsaPrivateJwk {
  kty: 'RSA';
  kid: string;
  n: string;
  e: string;
  d: string;
  p: string;
  q: string;
  dp: string;
  dq: string;
  qi: string;
}

export type LabKeys = Readonly<Record<LabKeyRole, RsaPrivateJwk>>;

/** How the lab's keys are generated and what they sign with. */
export const LAB_KEY_ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;

/**
 * The keys of every scenario run, from `lab-keys.json`. They are published with the source: anybody has them, and they
 * protect nothing. A live testbed whose certificates real machines are told to trust uses `generateLabKeys` instead.
 */
export function publishedLabKeys(): LabKeys {
  const file = readFileSync(new URL('./lab-keys.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { keys: LabKeys }).keys;
}

/** Fresh RSA 2048 keys, another set at each call. Takes about a second of the thread pool: real time only. */
export async function generateLabKeys(): Promise<LabKeys> {
  const keys = await Promise.all(LAB_KEY_ROLES.map(() => generateRsaKey()));
  const byRole: Partial<Record<LabKeyRole, RsaPrivateJwk>> = {};
  LAB_KEY_ROLES.forEach((role, index) => (byRole[role] = keys[index]));
  if (!isComplete(byRole)) throw new TypeError('a lab key is missing');
  return byRole;
}

function isComplete(keys: Partial<Record<LabKeyRole, RsaPrivateJwk>>): keys is Record<LabKeyRole, RsaPrivateJwk> {
  return LAB_KEY_ROLES.every((role) => keys[role] !== undefined);
}

async function generateRsaKey(): Promise<RsaPrivateJwk> {
  const pair = await webcrypto.subtle.generateKey(LAB_KEY_ALGORITHM, true, ['sign', 'verify']);
  const { n, e, d, p, q, dp, dq, qi } = await webcrypto.subtle.exportKey('jwk', pair.privateKey);
  if (!n || !e || !d || !p || !q || !dp || !dq || !qi) throw new TypeError('WebCrypto left out a part of an RSA key');
  const thumbprint = await webcrypto.subtle.digest('SHA-256', Buffer.from(JSON.stringify({ e, kty: 'RSA', n })));
  return { kty: 'RSA', kid: Buffer.from(thumbprint).toString('base64url'), n, e, d, p, q, dp, dq, qi };
}

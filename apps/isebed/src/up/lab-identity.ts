import { createHash } from 'node:crypto';
import { z } from 'zod';
import { RealClock } from '#libs/simulation';
import { generateLabKeys, LAB_KEY_ROLES, LabPki, type LabKeys, type RsaPrivateJwk } from '#mocks/pki';
import type { DataFolder } from './data-folder.ts';

const FILE = 'keys.json';

const DAY_MS = 86_400_000;

/** Certificates are renewed, with the same keys, at a start that long after they were issued. */
const RENEWED_AFTER_MS = 200 * DAY_MS;

/**
 * The longest that every client takes from a root of one's own. Real clients go by their own clock, ISE nodes by the
 * testbed's, which may have jumped ahead: the certificates must be good for both.
 */
const LEAF_LIFETIME_MS = 825 * DAY_MS;

const part = z.string().min(1);
const jwkSchema = z.object({
  kty: z.literal('RSA'),
  kid: part,
  n: part,
  e: part,
  d: part,
  p: part,
  q: part,
  dp: part,
  dq: part,
  qi: part,
}) satisfies z.ZodType<RsaPrivateJwk>;

const keysSchema = z.record(z.enum(LAB_KEY_ROLES), jwkSchema) satisfies z.ZodType<LabKeys>;

/** `validFrom` is of the certificates, which are renewed; `madeAt` of the keys (files of the first version have none). */
const fileSchema = z.object({ validFrom: z.int(), madeAt: z.int().optional(), keys: keysSchema });

/** The keys and certificates of one live testbed: generated for it, and shared with nobody. */
export interface LabIdentity {
  pki: LabPki;
  signingKey: RsaPrivateJwk;
  /** When it was made: resets, restarts and renewed certificates leave its `kid` as it is. */
  signingKeyValidFrom: number;
  /** Drawn from the keys: what chance in this testbed starts from. */
  seed: string;
  /** Both roots, PEM: what clients are to trust. */
  rootsPem: string;
}

/** Takes the identity from the folder; the first time, and without a folder, generates it. */
export async function labIdentity(folder: DataFolder | undefined): Promise<LabIdentity> {
  const clock = new RealClock();
  const kept = folder?.read(FILE);
  const known = kept === undefined ? undefined : fileSchema.parse(JSON.parse(kept));
  const keys: LabKeys = known?.keys ?? (await generateLabKeys());
  const current = known && clock.now() - known.validFrom < RENEWED_AFTER_MS;
  const validFrom = current ? known.validFrom : clock.now();
  const madeAt = known?.madeAt ?? known?.validFrom ?? validFrom;
  if (!current) folder?.write(FILE, `${JSON.stringify({ validFrom, madeAt, keys }, null, 2)}\n`);
  const pki = await LabPki.issue({ validFrom, clock, keys, leafLifetimeMs: LEAF_LIFETIME_MS });
  const roots = pki.authorities.filter(({ kind }) => kind === 'root');
  return {
    pki,
    signingKey: keys['token-signing'],
    signingKeyValidFrom: madeAt,
    seed: createHash('sha256').update(`seed/${keys['token-signing'].d}`).digest('hex'),
    rootsPem: roots.map(({ certificatePem }) => certificatePem).join(''),
  };
}

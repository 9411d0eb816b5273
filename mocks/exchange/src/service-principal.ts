import type { Random } from '#libs/simulation';

/** An application as Exchange knows it, which is what it was told: nobody checks the object ID against Entra. */
export interface ServicePrincipal {
  appId: string;
  objectId: string;
  displayName: string;
  /** Security identifier, as access lists show it. */
  sid: string;
  /** Exchange's own identifier of it. */
  guid: string;
  /** Epoch milliseconds. */
  createdAt: number;
  changedAt: number;
}

/** What Exchange makes up when it registers one: the same for the same application in the same organization. */
export function identityOf(objectId: string, random: Random): { sid: string; guid: string } {
  const stream = random.stream(`service principal ${objectId}`);
  const part = (): number => stream.integer(100_000_000, 2_147_483_647);
  return {
    sid: `S-1-5-21-${part()}-${part()}-${part()}-${stream.integer(1_000_000, 39_999_999)}`,
    guid: stream.uuid(),
  };
}

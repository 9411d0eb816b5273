import { z } from 'zod';
import { TENANT_FACTS } from '#libs/diagnosis';

/** In an evidence folder, the lookups of the run; `isebed diagnose` decides with the last. */
export const TENANT_LOOKUPS_FILE = 'tenant.json';

/** What was looked up on the Microsoft side when attempts had failed. */
export const TENANT_LOOKUP = z.object({
  /** When, ISO 8601. */
  at: z.string(),
  /** `seq` of the records that the attempts begin with. */
  attempts: z.array(z.number()),
  facts: TENANT_FACTS,
});

export type TenantLookup = z.infer<typeof TENANT_LOOKUP>;

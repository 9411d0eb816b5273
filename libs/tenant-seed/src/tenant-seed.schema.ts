import { z } from 'zod';
import { flag, wholeNumber } from '#libs/scenario';
import { application, entraService, foreignApplication, policies, user } from './entra-seed.schema.ts';
import { exchangeOrganization, exchangeService } from './exchange-seed.schema.ts';
import { address, domain, guid, name } from './seed-scalars.ts';

/** Bounds that no lab reaches: a file with more is taken for something else. */
const TENANTS_MAX = 100;
const LIST_MAX = 1_000;

const tenantSchema = z.strictObject({
  name,
  tenantId: guid.optional().describe('Default: made up, the same each time.'),
  domains: z.array(domain).min(1).max(LIST_MAX).describe('Verified ones; the first is the default domain.'),
  unverifiedDomains: z.array(domain).max(LIST_MAX).default([]),
  seats: wholeNumber(0, 1_000_000).default(25).describe('Licences that were bought.'),
  policies: policies.default({}),
  users: z.array(user).max(LIST_MAX).default([]),
  applications: z.array(application).max(LIST_MAX).default([]),
  foreignApplications: z.array(foreignApplication).max(LIST_MAX).default([]),
  administrator: flag.default(true).describe('The application "Tenant set-up", for Graph and Exchange cmdlets.'),
  exchange: exchangeOrganization.prefault({}),
});

/** A file that says what tenants there are. Everything but the tenants' names and domains has a healthy default. */
export const tenantSeedSchema = z.strictObject({
  tenants: z.array(tenantSchema).min(1).max(TENANTS_MAX),
  ise: z
    .strictObject({
      tenant: name.optional(),
      application: name.optional(),
      mailbox: address.optional(),
    })
    .default({})
    .describe('What ISE is set up with. Default: the first application, and the first mailbox of its tenant.'),
  entra: entraService.default({}).describe('Entra as a whole.'),
  exchange: exchangeService.prefault({}).describe('Exchange Online as a whole.'),
});

/** A seed as it was read: instants and durations are milliseconds, IDs and domains lower case. */
export type TenantSeed = z.output<typeof tenantSeedSchema>;
export type SeededTenant = TenantSeed['tenants'][number];
export type SeededApplication = SeededTenant['applications'][number];

/** A seed that a program wrote, as an author would. @throws ZodError when it is none */
export function parseTenantSeed(raw: z.input<typeof tenantSeedSchema>): TenantSeed {
  return tenantSeedSchema.parse(raw);
}

/** JSON Schema (draft 7) of a seed file, for completion and checks in editors. */
export function tenantSeedJsonSchema(): object {
  return {
    title: 'isebed tenants',
    description: 'The tenants that a testbed begins with: Entra and Exchange Online.',
    ...z.toJSONSchema(tenantSeedSchema, { target: 'draft-7', io: 'input', override: withoutEmptyDefault }),
  };
}

/** Editors would insert such defaults. */
function withoutEmptyDefault({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const value: unknown = jsonSchema.default;
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) delete jsonSchema.default;
}

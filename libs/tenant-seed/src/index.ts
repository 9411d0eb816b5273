export { ADMINISTRATOR_APPLICATION } from './seed-references.ts';
export { readTenantSeed } from './tenant-seed-reader.ts';
export {
  parseTenantSeed,
  tenantSeedJsonSchema,
  type SeededApplication,
  type SeededTenant,
  type TenantSeed,
} from './tenant-seed.schema.ts';

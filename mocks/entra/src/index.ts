export type { ApplicationChanges, ApplicationRequest, CreatedSecret, SecretRequest } from './applications.ts';
export type { DirectoryChange } from './directory-core.ts';
export { EntraDirectory, type Application, type EntraDirectoryOptions, type TenantRequest } from './entra-directory.ts';
export { EntraMock, type EntraMockOptions, type StartedEntraMock } from './entra-mock.ts';
export type { TokenRefusalReason } from './entra-refusal.ts';
export { PERMISSION_NAMES, RESOURCES } from './resources.ts';
export { entraStateSchema } from './entra-state.ts';
export type {
  AppRegistration,
  AppRoleAssignment,
  ClientSecret,
  EntraSettings,
  EntraState,
  KeyCredential,
  Oauth2Grant,
  ServiceHealth,
  ServicePrincipal,
  SubscribedSku,
  Tenant,
  TenantPolicies,
  User,
} from './entra-state.ts';

export type { Application, ClientSecret } from './application.ts';
export { EntraDirectory, type EntraDirectoryOptions, type SecretRequest, type Tenant } from './entra-directory.ts';
export { EntraMock, type EntraMockOptions, type StartedEntraMock } from './entra-mock.ts';
export type { TokenRefusalReason } from './entra-refusal.ts';

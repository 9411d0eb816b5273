export type { ChainVariant, PkiPeer } from './lab-chains.ts';
export { generateLabKeys, LAB_KEY_ROLES, publishedLabKeys, type LabKeys, type RsaPrivateJwk } from './lab-keys.ts';
export { LabPki, type LabAuthority, type LabPkiOptions, type ServerCredentials } from './lab-pki.ts';

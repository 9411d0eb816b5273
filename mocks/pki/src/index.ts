export { CHAIN_VARIANTS, type ChainVariant, type PkiPeer } from './lab-chains.ts';
export { generateLabKeys, publishedLabKeys, type LabKeys, type LabKeyRole, type RsaPrivateJwk } from './lab-keys.ts';
export { LabPki, type LabAuthority, type LabPkiOptions, type ServerCredentials } from './lab-pki.ts';

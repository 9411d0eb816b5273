export { GUEST_ACCESS_KEYS, SELF_REGISTRATION_PORTAL } from './guest-access-settings.ts';
export { startIseNode, type IseNodeOptions, type StartedIseNode } from './ise-node.ts';
export { CONFIG_KEYS, type InitialConfig, type SystemCertificate } from './node-settings.ts';

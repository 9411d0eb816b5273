export { startIseNode, type IseNodeOptions, type StartedIseNode } from './ise-node.ts';
export { CONFIG_KEYS, type InitialConfig } from './node-settings.ts';

export { startIseNode, type InitialConfig, type IseNodeOptions, type StartedIseNode } from './ise-node.ts';
export { CONFIG_KEYS } from './node-settings.ts';

export { atOnce } from './at-once.ts';
export { isAhead, type ConfigChange, type ConfigEntries, type ConfigSnapshot, type Position } from './config-change.ts';
export { ConfigStore, type ChangedKey } from './config-store.ts';
export { NODE_PORT, NodeClient, NodeUnreachableError } from './node-client.ts';
export type { Leadership, ReplicationAnswer, ReplicationMessages } from './replication-messages.ts';
export { ReplicationPublisher, type ReplicationPeers, type ReplicationStatus } from './replication-publisher.ts';

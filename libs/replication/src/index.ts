export { ConfigStore, type ConfigChange, type ConfigSnapshot } from './config-store.ts';
export { NODE_PORT, NodeClient, NodeUnreachableError } from './node-client.ts';
export {
  REPLICATION_PATTERNS,
  ReplicationPublisher,
  type ReplicationAnswer,
  type ReplicationPeer,
  type ReplicationStatus,
} from './replication-publisher.ts';

export { ConnectionError, lossOf, markStage, type ConnectionLoss } from './connection-loss.ts';
export { DialError, type DialFailure } from './dial.error.ts';
export type { EgressPolicy } from './firewall.ts';
export type { Host } from './host.ts';
export {
  NetworkView,
  SimulatedNetwork,
  type DialRequest,
  type ProxySetting,
  type SimulatedNetworkOptions,
} from './simulated-network.ts';

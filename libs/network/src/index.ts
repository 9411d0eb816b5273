export { ConnectionError, lossOf, markStage, type ConnectionLoss } from './connection-loss.ts';
export { DialError, type DialFailure } from './dial.error.ts';
export type { EgressPolicy } from './firewall.ts';
export {
  NetworkView,
  SimulatedNetwork,
  type DialRequest,
  type Host,
  type ProxySetting,
  type SimulatedNetworkOptions,
} from './simulated-network.ts';

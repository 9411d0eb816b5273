export { DialError, type DialFailure } from './dial.error.ts';
export {
  NetworkView,
  SimulatedNetwork,
  type DialRequest,
  type EgressPolicy,
  type Host,
  type ProxySetting,
  type SimulatedNetworkOptions,
} from './simulated-network.ts';

export { ConnectionError, lossOf, markStage, tapOf, type ConnectionLoss } from './connection-loss.ts';
export { DialError, type DialFailure } from './dial.error.ts';
export type { DropReason, EgressPolicy } from './firewall.ts';
export type { Host } from './host.ts';
export { NetworkView } from './network-view.ts';
export {
  SimulatedNetwork,
  type DialRequest,
  type ProxySetting,
  type SimulatedNetworkOptions,
} from './simulated-network.ts';
export { ConnectionTap, TrafficRecorder } from './traffic-recorder.ts';

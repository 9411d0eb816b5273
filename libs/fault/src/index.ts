export type { ActiveFault, ConnectionFaults } from './connection-faults.ts';
export type { FaultError, FaultErrorCode } from './fault.error.ts';
export { FaultPlan, type NamedFault } from './fault-plan.ts';
export {
  FAULT_PEERS,
  FAULT_STAGES,
  type FaultPeer,
  type FaultStage,
  type FaultSubject,
  type FaultTrigger,
} from './fault-trigger.ts';
export { FAULT_NUMBER_MAX, type WireFault } from './wire-fault.ts';

export { Clock, type Timer } from './clock.ts';
export {
  fieldText,
  Journal,
  type ConnectionPorts,
  type JournalEvent,
  type JournalRecord,
  type JournalValue,
} from './journal.ts';
export { Random } from './random.ts';
export { RealClock } from './real-clock.ts';
export { JUMP_MS_MAX, PACE_MAX, PACE_MIN, ScaledClock, type ScaledClockOptions } from './scaled-clock.ts';
export { VirtualClock, type VirtualClockOptions } from './virtual-clock.ts';

export { Clock, type Timer } from './clock.ts';
export { fieldText, Journal, type JournalEvent, type JournalRecord, type JournalValue } from './journal.ts';
export { Random } from './random.ts';
export { RealClock } from './real-clock.ts';
export { VirtualClock, type VirtualClockOptions } from './virtual-clock.ts';

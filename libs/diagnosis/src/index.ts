export { consequencesOf, diagnose, type FailureDiagnosis } from './diagnose.ts';
export type { EvidenceRecord } from './evidence.ts';
export type { Observation } from './observation.ts';
export { ROOT_CAUSE_CODES, rootCause, type CauseFacts } from './root-cause.ts';
export { InvariantError, TestbedError } from './testbed-error.ts';

export { consequencesOf, diagnose, explainAttempt, type FailureDiagnosis } from './diagnose.ts';
export type { EvidenceRecord } from './evidence.ts';
export { explainFailure, type ExplainOptions } from './explain-failure.ts';
export type { ExplainedCause, Explanation, Verdict } from './explanation.ts';
export { LANGUAGES, type Language } from './language.ts';
export type { Observation, ObservationSource, PathStage, Peer, SmtpStage } from './observation.ts';
export { ROOT_CAUSE_CODES, rootCause, type CauseFacts } from './root-cause.ts';
export type { TenantFacts } from './tenant-facts.ts';
export { InvariantError, TestbedError } from './testbed-error.ts';

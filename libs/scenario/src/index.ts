export type { AdminAction, ExpectedRefusal } from './admin-action.ts';
export { isAdminAction } from './admin-action.schema.ts';
export type { Action, ActionName, Network } from './action.ts';
export type {
  AlarmSettingsFields,
  DebugLogFields,
  GuestEmailSettingsFields,
  InternalUserFields,
  PageClick,
  PanFailoverFields,
  PasswordPolicyFields,
  ProxyFields,
  SmtpServerFields,
  TrustedCertificateFields,
} from './click.ts';
export type {
  AlarmCountExpectation,
  AlarmExpectation,
  EndExpectations,
  LogExpectation,
  LogLevel,
  MailCountExpectation,
  MailExpectation,
  MailMatch,
  MailOutcome,
  MailType,
  Refuser,
  StepExpectations,
} from './expectation.ts';
export type {
  DeploymentGiven,
  Given,
  GuestGiven,
  GuestTypeGiven,
  NodeGiven,
  PersonaName,
  RetryGiven,
  SmtpSettingsGiven,
  SponsorGiven,
  TenantGiven,
} from './given.ts';
export type { CreateGuestFields, GuestPageClick, ResendGuestFields } from './guest-click.ts';
export { findScenarioFiles, type FoundFiles } from './find-scenario-files.ts';
export { defaultGiven, readActions } from './live.ts';
export { formatMistake, type Mistake } from './mistake.ts';
export { nearestOf } from './nearest.ts';
export { isMapping, quoted } from './plain-data.ts';
export { dateTime, duration, durationOrZero, flag, text, wholeNumber } from './scalar.schema.ts';
export { oneOf, readWith } from './schema-mistakes.ts';
export { resolvePlaceholders } from './placeholder.ts';
export { loadScenarioFile, readTextFile, reasonOf } from './scenario-file.ts';
export { readScenario, type ReadOptions, type ReadResult } from './scenario-reader.ts';
export { scenarioJsonSchema } from './scenario.schema.ts';
export type { Diagnosis, Failure, ScenarioResult, StoryDetail, StoryEntry } from './result.ts';
export type { TenantAction } from './tenant-action.ts';
export { isTenantAction } from './tenant-action.schema.ts';
export type { ActionStep, ClickStep, ExplainStep, RaiseStep, Scenario, Step, WaitStep } from './scenario.ts';
export { YamlSource, type YamlPath } from './yaml-source.ts';

export { ExchangeAdminApi, type ExchangeAdminApiOptions, type StartedExchangeAdminApi } from './admin/admin-api.ts';
export type { AdminContext, CmdletObject, CmdletValue } from './admin/cmdlet.ts';
export { runCommandLine, type ConsoleResult } from './admin/exchange-console.ts';
export type { AuthRefusalReason } from './auth-checks.ts';
export { ExchangeMock, type ExchangeMockOptions, type StartedExchangeMock } from './exchange-mock.ts';
export {
  ExchangeOnline,
  type ExchangeOnlineOptions,
  type MessageKeeper,
  type StoredMessage,
} from './exchange-online.ts';
export type { ExchangeOrganization } from './exchange-organization.ts';
export type {
  AcceptedDomain,
  BasicAuthentication,
  ExchangeOrganizationOptions,
  MailboxDetails,
  PasswordVerdict,
  SendingBlock,
} from './organization-options.ts';
export type { ExchangeState, OrganizationState, ServiceConditions } from './exchange-state.ts';
export { exchangeStateSchema } from './exchange-state.schema.ts';
export {
  USUAL_SETTINGS,
  WITHOUT_LIMITS,
  type ExchangeSettings,
  type PermissionPropagation,
} from './exchange-settings.ts';
export { isUsable, type Mailbox, type MailboxCondition, type MailboxPermission, type MailboxRight } from './mailbox.ts';
export { NO_PROCESSING, USUAL_PROCESSING, type ProcessingTimes, type Span } from './processing-times.ts';
export { isInScope, type ManagementScope, type RoleAssignment } from './role-based-access.ts';
export type { ServicePrincipal } from './service-principal.ts';
export type { SessionRecord, SessionRefusal, TranscriptLine } from './session-log.ts';
export type { SubmissionRefusalReason } from './submission-checks.ts';

export type { AuthRefusalReason } from './auth-checks.ts';
export { ExchangeMock, type ExchangeMockOptions, type StartedExchangeMock } from './exchange-mock.ts';
export { ExchangeOnline, type StoredMessage } from './exchange-online.ts';
export {
  type ExchangeOrganization,
  type ExchangeOrganizationOptions,
  type Mailbox,
  type ServicePrincipal,
} from './exchange-organization.ts';
export { NO_PROCESSING, USUAL_PROCESSING, type ProcessingTimes, type Span } from './processing-times.ts';

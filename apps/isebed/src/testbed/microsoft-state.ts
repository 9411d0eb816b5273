import { z } from 'zod';
import { entraStateSchema, type Application } from '#mocks/entra';
import { exchangeStateSchema, type ExchangeSettings } from '#mocks/exchange';

/** The mailbox and the tenant of a testbed that was told of no other. */
export const LAB_MAILBOX = 'no-reply@isebed.onmicrosoft.com';
export const LAB_TENANT_DOMAIN = 'isebed.onmicrosoft.com';

/** The names by which the two secrets that a healthy tenant starts with are known. */
export const FIRST_SECRET = 'current';
export const ADMINISTRATOR_SECRET = 'administrator';

const applicationSchema = z.object({
  clientId: z.string(),
  displayName: z.string(),
  objectId: z.string(),
  servicePrincipalObjectId: z.string(),
}) satisfies z.ZodType<Application>;

/** A client secret as the administrator noted it down when it was created. */
const notedSecretSchema = z.object({
  id: z.string(),
  value: z.string(),
  /** Of the application that it belongs to. */
  clientId: z.string(),
});
export type NotedSecret = z.infer<typeof notedSecretSchema>;

const limit = z.number().nonnegative().exactOptional();
const exchangeSettingsSchema = z.object({
  messageBytesMax: limit,
  connectionsMax: limit,
  concurrentConnectionsMax: limit,
  messagesPerMinuteMax: limit,
  rateDelayMsMax: limit,
  recipientsPerDayMax: limit,
  adminRequestsMax: limit,
  outOfScopeShowsAt: z.enum(['authentication', 'submission']).exactOptional(),
  permissionPropagation: z
    .object({ denyMs: z.number(), flapMs: z.number(), flapEveryMs: z.number().positive() })
    .exactOptional(),
}) satisfies z.ZodType<Partial<ExchangeSettings>>;

/**
 * Everything that Entra and Exchange know, as JSON, and which of it ISE was set up with. Secret values are in `secrets`
 * alone, where they were noted down; an export for everybody has them not.
 */
export const microsoftStateSchema = z.object({
  entra: entraStateSchema,
  exchange: exchangeStateSchema,
  /** Settings of Exchange Online that are not the usual ones. */
  exchangeSettings: exchangeSettingsSchema.prefault({}),
  /** What ISE was set up with; absent where there is none. */
  application: applicationSchema.exactOptional(),
  /** The mailbox that ISE sends from; empty where there is none. */
  mailbox: z.string().default(LAB_MAILBOX),
  /** A domain of the tenant that ISE uses. */
  tenantDomain: z.string().default(LAB_TENANT_DOMAIN),
  secrets: z.array(z.object({ name: z.string(), ...notedSecretSchema.shape, value: z.string().exactOptional() })),
});

export type MicrosoftState = z.infer<typeof microsoftStateSchema>;

/** The state as it may be shown to anybody. */
export function withoutSecretValues(state: MicrosoftState): MicrosoftState {
  return { ...state, secrets: state.secrets.map(({ value: _value, ...secret }) => secret) };
}

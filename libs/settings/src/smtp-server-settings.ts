import { createHash } from 'node:crypto';
import { z } from 'zod';

/** The token endpoint fills itself in from the tenant ID (fact sheet ise 1.2). */
export const TOKEN_ENDPOINT_HOST = 'login.microsoftonline.com';

/** The scope fills itself in (fact sheet ise 1.2; the host is outlook.office.com, not outlook.office365.com). */
export const OAUTH_SCOPE = 'https://outlook.office.com/.default';

const host = z.string().trim().min(1, 'SMTP Server is required').max(253);
const identifier = z.string().trim().min(1).max(253);
const calendarDate = z.iso.date();

const common = {
  smtpServer: host,
  smtpPort: z.int().min(1).max(65_535).default(25),
  connectionTimeoutSeconds: z.int().min(1).max(600).default(60),
  encryption: z.boolean().default(false),
};

/** What the page SMTP Server Settings holds (fact sheet ise 1.2 and 3); the secret in plain text. Strict. */
export const smtpServerFormSchema = z.discriminatedUnion('authentication', [
  z.strictObject({ ...common, authentication: z.literal('none') }),
  z.strictObject({
    ...common,
    authentication: z.literal('password'),
    userName: z.string().min(1),
    password: z.string().min(1),
  }),
  z.strictObject({
    ...common,
    authentication: z.literal('oauth'),
    emailAddress: z.email(),
    clientId: identifier,
    tenantId: identifier,
    clientSecret: z.string().min(1).max(1024),
    expiryDate: calendarDate,
  }),
]);

export type SmtpServerForm = z.infer<typeof smtpServerFormSchema>;

/** The values of the page with "MS Exchange Online OAuth" chosen. */
export type OauthSmtpForm = Extract<SmtpServerForm, { authentication: 'oauth' }>;

/** `https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token`: shown on the page, not editable. */
export function tokenEndpointOf(tenantId: string): string {
  return `https://${TOKEN_ENDPOINT_HOST}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`;
}

/**
 * Identifies the exact values of a form, the secret included, without revealing it: a passed Test Connection holds for
 * the values with the same fingerprint and for no others.
 */
export function fingerprintOf(form: SmtpServerForm): string {
  const canonical = Object.entries(form).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

/** Midnight UTC at the end of the typed expiry date: from then on the secret counts as expired. Epoch milliseconds. */
export function typedExpiryAt(form: { expiryDate: string }): number {
  return Date.parse(`${form.expiryDate}T00:00:00Z`) + 86_400_000;
}

import { isIPv6 } from 'node:net';
import { z } from 'zod';

/**
 * Administration > System > Settings > Proxy (fact sheet ise 9). The real product's list of users of the proxy does
 * not name SMTP, yet the timeouts of the field are cured by it: hence `appliesToSmtp`.
 */
export const proxySettingsSchema = z.strictObject({
  /** Host name or address; null switches the proxy off. */
  host: z
    .string()
    .trim()
    .min(1)
    .max(253)
    .refine((host) => isIPv6(host) || /^[\p{L}\p{N}._-]+$/u.test(host), 'a host name or an address, no scheme, no port')
    .nullable()
    .default(null),
  port: z.int().min(1).max(65_535).default(3128),
  userName: z.string().min(1).optional(),
  password: z.string().min(1).optional(),
  /** Hosts, and domains with a leading dot, that are reached without the proxy. */
  bypassHosts: z.array(z.string().min(1)).default([]),
  appliesToSmtp: z.boolean().default(true),
});
export type ProxySettings = z.infer<typeof proxySettingsSchema>;

/** The proxy that `settings` prescribe for a host, if any. */
export function proxyFor(
  settings: ProxySettings,
  host: string,
): { host: string; port: number; userName?: string; password?: string } | undefined {
  if (settings.host === null) return undefined;
  const bypassed = settings.bypassHosts.some((entry) =>
    entry.startsWith('.') ? host.endsWith(entry) : host === entry,
  );
  if (bypassed) return undefined;
  return {
    host: settings.host,
    port: settings.port,
    ...(settings.userName === undefined ? {} : { userName: settings.userName }),
    ...(settings.password === undefined ? {} : { password: settings.password }),
  };
}

/** Work Centers > Guest Access > Settings > Guest Email Settings (fact sheet ise 5.3; defaults as the API documents). */
export const guestEmailSettingsSchema = z.strictObject({
  /** "Enable email notifications to guests". */
  enabled: z.boolean().default(true),
  /** "Default 'From' email address". */
  defaultFrom: z.email().default('donotreply@example.com'),
  /** "Send notifications from sponsor's email address (if sponsored)" or always from the default. */
  from: z.enum(['sponsor', 'default']).default('sponsor'),
});
export type GuestEmailSettings = z.infer<typeof guestEmailSettingsSchema>;

/** Retry of the worker `GUEST_ACCESS_SMTP_RETRY_THREAD`: nobody knows the real policy (fact sheet ise 11.3). */
export const retrySettingsSchema = z.strictObject({
  /** Submissions of one mail, the first included. */
  attemptsMax: z.int().min(1).max(20).default(5),
  firstDelayMs: z.int().min(1000).default(60_000),
  /** Delays double from one attempt to the next, up to this. */
  delayMsMax: z.int().min(1000).default(900_000),
});
export type RetrySettings = z.infer<typeof retrySettingsSchema>;

/** Thresholds of the two secret alarms: unknown in the real product (fact sheet ise 11.2), so a setting. */
export const secretAlarmSettingsSchema = z.strictObject({
  thresholdsDays: z.array(z.int().min(1).max(365)).default([30, 14, 7, 3, 1]),
});
export type SecretAlarmSettings = z.infer<typeof secretAlarmSettingsSchema>;

/** Replication to nodes that were away. How long the real product queues for them is unknown: our choice. */
export const replicationSettingsSchema = z.strictObject({
  /** How old what a node missed may be, in milliseconds, to be caught up without a manual sync. */
  catchUpMsMax: z
    .int()
    .min(0)
    .default(6 * 3_600_000),
});
export type ReplicationSettings = z.infer<typeof replicationSettingsSchema>;

import { z } from 'zod';

/**
 * Administration > System > Settings > API Settings. ISE ships with ERS and OpenAPI off (fact sheet ise 7.1); here both
 * are on, since whoever starts a testbed wants to use them.
 */
export const apiSettingsSchema = z.strictObject({
  ersEnabled: z.boolean().default(true),
  openApiEnabled: z.boolean().default(true),
  /** "Use CSRF check for enhanced security": a write needs the token that a read with `X-CSRF-Token: fetch` got. */
  csrfCheck: z.boolean().default(false),
  /** Requests that each API of a node answers per second; 0: as many as come. The real limit is 100 (fact sheet ise 7.1). */
  requestsPerSecond: z.int().min(0).max(10_000).default(100),
});

export type ApiSettings = z.infer<typeof apiSettingsSchema>;

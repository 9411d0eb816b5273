import { z } from 'zod';

const DAY_MS = 86_400_000;
const text = z.string().max(256).optional();
const instant = z.iso.datetime().transform((moment) => Date.parse(moment));

/** What every dialog of the sponsor portal has. */
export const notificationChoice = {
  sponsor: z.string().min(1),
  copyMe: z.boolean().default(false),
  sendSummary: z.boolean().default(false),
  notify: z.boolean().optional(),
  sponsorEmail: z.email().optional(),
};

/** The fields of a guest account's form. */
export const guestFields = {
  firstName: text,
  lastName: text,
  emailAddress: text,
  mobileNumber: text,
  company: text,
  personBeingVisited: text,
  reasonForVisit: text,
  notificationLanguage: text,
  location: text,
  ssid: text,
  groupTag: text,
  customFields: z.record(z.string(), z.string()).optional(),
};

export const validity = {
  guestType: text,
  validFrom: z.iso.datetime().optional(),
  validDays: z.number().positive().max(999).optional(),
};

const reason = z.string().max(256).optional();

/** A button of "Manage Accounts" or "Pending Accounts", with what its dialog asks for. */
export const commandSchema = z.discriminatedUnion('operation', [
  z.strictObject({
    operation: z.literal('edit'),
    changes: z.strictObject({
      ...guestFields,
      guestType: text,
      validFrom: instant.optional(),
      validTo: instant.optional(),
    }),
  }),
  z.strictObject({ operation: z.enum(['resend', 'resetPassword', 'reinstate', 'delete', 'approve']) }),
  z
    .strictObject({
      operation: z.literal('extend'),
      byDays: z.number().positive().max(3_650).optional(),
      validTo: instant.optional(),
    })
    .refine(({ byDays, validTo }) => (byDays === undefined) !== (validTo === undefined), {
      path: ['byDays'],
      error: 'either byDays or validTo',
    })
    .transform(({ operation, byDays, validTo }) => ({
      operation,
      ...(validTo === undefined ? { byMs: Math.round((byDays ?? 0) * DAY_MS) } : { validTo }),
    })),
  z.strictObject({ operation: z.enum(['suspend', 'deny']), reason }),
]);

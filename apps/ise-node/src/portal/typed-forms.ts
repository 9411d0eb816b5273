import { z } from 'zod';
import { RequestError } from '../http/request-error.ts';
import type { NotificationChoice } from '../psn/sponsor-portal.service.ts';

const text = z.string().max(256).optional();
const tick = z
  .string()
  .optional()
  .transform((value) => value !== undefined);

/** What a browser sends of several boxes of one name: one text or a list. */
export const chosenForm = z.object({
  guests: z
    .union([
      z
        .string()
        .max(64)
        .transform((name) => [name]),
      z.array(z.string().max(64)).max(1_000),
    ])
    .default([]),
});

export const signInForm = z.object({
  username: z.string().max(256).default(''),
  password: z.string().max(256).default(''),
});

const secret = z.string().max(256).default('');

export const passwordForm = z.object({ password: secret, newPassword: secret, repeated: secret });

export const approvalForm = z.object({
  token: z.string().max(256).default(''),
  reason: z.string().max(256).optional(),
});

/** The boxes that say who is mailed. */
const choiceForm = z.object({
  notify: tick,
  copyMe: tick,
  sendSummary: tick,
  sponsorEmail: z.email().optional(),
});

/** The fields of a guest that the portals' forms have; location and language are lists. */
export const GUEST_FIELDS = [
  'firstName',
  'lastName',
  'emailAddress',
  'mobileNumber',
  'company',
  'personBeingVisited',
  'reasonForVisit',
  'notificationLanguage',
  'location',
] as const;
export type GuestField = (typeof GUEST_FIELDS)[number];

const guestFields = Object.fromEntries(GUEST_FIELDS.map((name) => [name, text])) as Record<GuestField, typeof text>;
const validity = { guestType: text, validFrom: text, validDays: z.coerce.number().positive().max(999).optional() };

export const registrationForm = z.object({ ...guestFields, portal: text });
export const knownForm = z.object({ ...guestFields, ...validity, username: text });
export const randomForm = z.object({
  ...validity,
  count: z.coerce.number().int().min(1).max(10_000),
  prefix: z.string().max(32).default(''),
  notificationLanguage: text,
  location: text,
});
export const importForm = z.object({ ...validity, location: text });

/** Reads a form; fields left empty are as if they were not there. @throws RequestError 400 that names every wrong field */
export function readForm<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const filled = Object.entries(isRecord(body) ? body : {}).filter(([, value]) => value !== '');
  const result = schema.safeParse(Object.fromEntries(filled));
  if (result.success) return result.data;
  throw mistyped(
    result.error.issues.map(({ path, message }) => ({
      code: 'request.invalid',
      text: `${path.join('.')}: ${message}`,
      field: String(path[0] ?? ''),
    })),
  );
}

/** A form that can't be as it was typed. */
export function mistyped(refusals: readonly { code: string; text: string; field?: string }[]): RequestError {
  const message = refusals.map((refusal) => refusal.text).join(' ');
  return new RequestError(400, refusals[0]?.code ?? 'request.invalid', message, 'Correct the named fields.', {
    refusals,
  });
}

/** @throws RequestError 400 */
export function choiceOf(body: unknown): NotificationChoice {
  return readForm(choiceForm, body);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What was typed, to be shown again; of passwords and files `formView` shows nothing. */
export function typedOf({ body }: { readonly body?: unknown }): Record<string, unknown> {
  return isRecord(body) ? body : {};
}

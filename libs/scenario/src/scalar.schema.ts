import { z } from 'zod';
import { LOG_LEVELS } from './expectation.ts';

/*
 * The scalars of a scenario file. Every `error` says what is accepted, since that is what a mistake shows as
 * "expected …"; what was found is read from the file.
 */

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(?<count>\d{1,9})(?<unit>[smhd])$/;
/** A longer wait is taken for a slip of the pen. */
const DURATION_DAYS_MAX = 3_650;

/** `90s`, `65m`, `12h`, `3d` in milliseconds; undefined if it is none, or zero, or longer than ten years. */
function durationMs(text: string): number | undefined {
  const { count, unit } = DURATION.exec(text)?.groups ?? {};
  const unitMs = Object.entries(UNIT_MS).find(([name]) => name === unit)?.[1];
  if (count === undefined || unitMs === undefined) return undefined;
  const ms = Number(count) * unitMs;
  return ms > 0 && ms <= DURATION_DAYS_MAX * UNIT_MS.d ? ms : undefined;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** A date (midnight UTC) or a date and time with a zone, in epoch ms; undefined if it is none or not in the calendar. */
function instant(text: string): number | undefined {
  const date = DATE.exec(DATE_TIME.exec(text)?.[1] ?? text);
  if (!date) return undefined;
  const [year, month, day] = date.slice(1).map(Number);
  const midnight = new Date(Date.UTC(year ?? NaN, (month ?? NaN) - 1, day));
  // Date.UTC turns 30 February into 2 March instead of refusing it.
  if (midnight.toISOString().slice(0, 10) !== date[0]) return undefined;
  return Date.parse(text);
}

function parsed(read: (text: string) => number | undefined, error: string) {
  return z.string({ error }).transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message: error, input: text });
    return z.NEVER;
  });
}

export const dateTime = parsed(
  instant,
  'a date such as 2026-03-15, or a date and time such as 2026-03-15T08:00:00Z',
).meta({
  description: 'A date (midnight UTC), or a date and time with its zone.',
  examples: ['2026-03-15', '2026-03-15T08:00:00Z'],
});

export const duration = parsed(durationMs, 'a duration above zero such as 90s, 65m, 12h or 3d').meta({
  description: 'A duration: a whole number with s, m, h or d.',
  examples: ['90s', '65m', '12h', '3d'],
});

export const durationOrZero = parsed(
  (text) => (/^0[smhd]$/.test(text) ? 0 : durationMs(text)),
  'a duration such as 90s, 65m or 0s',
).meta({ description: 'A duration, or 0s.', examples: ['90s', '0s'] });

const SIGNED_DURATION = 'a duration such as 90s, 12h, -60d or 0s';
export const signedDuration = parsed((text) => {
  if (/^-?0[smhd]$/.test(text)) return 0;
  const ms = durationMs(text.replace(/^-/, ''));
  return ms === undefined ? undefined : text.startsWith('-') ? -ms : ms;
}, SIGNED_DURATION).meta({ description: 'A duration; with a minus, backwards.', examples: ['1h', '-60d'] });

export const text = z.string().regex(/\S/, { error: 'text that is not empty' });

const NAME = 'a name without spaces, such as sponsoruser';
export const loginName = z.string({ error: NAME }).regex(/^\S+$/, { error: NAME });

const NOTE_NAME = 'a name of letters, digits and hyphens, such as second';
/** What something is noted down as, for placeholders. */
export const noteName = z.string({ error: NOTE_NAME }).regex(/^[A-Za-z][A-Za-z0-9-]*$/, { error: NOTE_NAME });

const NODE_NAME = 'a host name in lower case, such as psn1';
export const nodeName = z
  .string({ error: NODE_NAME })
  .regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, { error: NODE_NAME })
  .describe('Name of a node of the deployment.');

const TAG = 'a word in lower case, such as exchange-auth';
export const tag = z.string({ error: TAG }).regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: TAG });

const ADDRESS = 'a mail address such as ise@lab.example, or a placeholder such as {{mailbox}}';
export const mailAddress = z
  .string({ error: ADDRESS })
  .regex(/^[^\s@<>,;]+@[^\s@<>,;]+$|\{\{[^{}]+\}\}/, { error: ADDRESS })
  .meta({ examples: ['ise@lab.example', '{{mailbox}}'] });

const FLAG = 'true or false';
export const flag = z.boolean({ error: FLAG });

/** @param unit a plural noun for the message, such as `days` */
export function wholeNumber(min: number, max: number, unit = '') {
  const error = `a whole number from ${min} to ${max}${unit && ` (${unit})`}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export const days = wholeNumber(1, DURATION_DAYS_MAX, 'days');
export const port = wholeNumber(1, 65_535);
export const logLevel = z.enum(LOG_LEVELS);

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

const FORM = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/;

/** An instant as `datetime-local` fields hold it, `2026-02-02T10:25`, in `timeZone` (IANA). */
export function localTime(instant: number, timeZone: string): string {
  const { year, month, day, hour, minute } = partsAt(instant, timeZone);
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

/**
 * The instant of such a text: the earlier one of an hour that comes twice, and of an hour that does not come at all the
 * one that the clock shows then. Undefined when the text is no such time.
 */
export function instantOfLocalTime(text: string, timeZone: string): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = (FORM.exec(text) ?? []).slice(1).map(Number);
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  if (localTime(asUtc, 'UTC') !== text) return undefined;
  const candidates = [asUtc - DAY_MS, asUtc + DAY_MS].map((nearby) => asUtc - offsetAt(nearby, timeZone));
  const exact = candidates.filter((instant) => localTime(instant, timeZone) === text);
  return Math.min(...(exact.length > 0 ? exact : candidates));
}

/** The column Time Left of the sponsor portal, `72D 13H 1M` (fact sheet ise 5.2); parts of a minute are cut. */
export function timeLeft(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / MINUTE_MS));
  return `${Math.floor(minutes / 1_440)}D ${Math.floor((minutes % 1_440) / 60)}H ${minutes % 60}M`;
}

function offsetAt(instant: number, timeZone: string): number {
  const { year, month, day, hour, minute } = partsAt(instant, timeZone);
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  return wall - Math.floor(instant / MINUTE_MS) * MINUTE_MS;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function partsAt(instant: number, timeZone: string): Record<string, string> {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
}

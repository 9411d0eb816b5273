/** A wall-clock time of ERS, `MM/dd/yyyy HH:mm` (fact sheet ise 7.2). */
const FORM = /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}):(\d{2})$/;

const MINUTE_MS = 60_000;

/**
 * The instant of a wall-clock time in `timeZone` (IANA): the earlier one of an hour that comes twice, and of an hour that
 * does not come at all the time that the clock shows then. Undefined when the text is no such time.
 */
export function instantOf(text: string, timeZone: string): number | undefined {
  const parts = FORM.exec(text);
  if (!parts) return undefined;
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = parts.slice(1).map(Number);
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  if (wallTime(asUtc, 'UTC') !== text) return undefined;
  const candidates = [asUtc - 24 * 60 * MINUTE_MS, asUtc + 24 * 60 * MINUTE_MS].map(
    (nearby) => asUtc - offsetAt(nearby, timeZone),
  );
  const exact = candidates.filter((instant) => wallTime(instant, timeZone) === text);
  return Math.min(...(exact.length > 0 ? exact : candidates));
}

/** The wall-clock time of an instant. */
export function wallTime(instant: number, timeZone: string): string {
  const { year, month, day, hour, minute } = partsAt(instant, timeZone);
  return `${month}/${day}/${year} ${hour}:${minute}`;
}

/** `13-SEP-18`: the form that filters compare (fact sheet ise 7.2). */
export function shortDate(instant: number, timeZone: string): string {
  const { year = '', month, day } = partsAt(instant, timeZone);
  const name = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'][Number(month) - 1];
  return `${day}-${name}-${year.slice(2)}`;
}

/** Days from the date of one instant to that of another: what `validDays` is compared with. */
export function daysBetween(from: number, to: number, timeZone: string): number {
  const dateOf = (instant: number): number => {
    const { year, month, day } = partsAt(instant, timeZone);
    return Date.UTC(Number(year), Number(month) - 1, Number(day));
  };
  return Math.round((dateOf(to) - dateOf(from)) / (24 * 60 * MINUTE_MS));
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

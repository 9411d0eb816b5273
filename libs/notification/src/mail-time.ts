/**
 * An instant as the credentials mail prints it, `2026-02-02 10:25:00` (fact sheet ise 1.5).
 *
 * @param timeZone IANA name; an unknown one is a `RangeError`
 */
export function longTime(instant: number, timeZone: string): string {
  const { year, month, day, hour, minute, second } = fields(instant, timeZone);
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}

/** The other form in the same mail, `05/03/2026 10:25`, month first. */
export function shortTime(instant: number, timeZone: string): string {
  const { year, month, day, hour, minute } = fields(instant, timeZone);
  return `${month}/${day}/${year} ${hour}:${minute}`;
}

/** `90 days`, `12 hours`, `45 minutes`: the largest unit that comes out even; parts of a minute are cut. */
export function durationText(durationMs: number): string {
  const minutes = Math.floor(durationMs / 60_000);
  if (minutes > 0 && minutes % 1_440 === 0) return counted(minutes / 1_440, 'day');
  if (minutes > 0 && minutes % 60 === 0) return counted(minutes / 60, 'hour');
  return counted(minutes, 'minute');
}

function counted(count: number, unit: string): string {
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function fields(instant: number, timeZone: string): Record<string, string> {
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
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
}

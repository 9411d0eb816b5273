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

/** Singular and plural of day, hour and minute. */
const UNITS: Readonly<Record<string, readonly (readonly [one: string, many: string])[]>> = {
  English: [
    ['day', 'days'],
    ['hour', 'hours'],
    ['minute', 'minutes'],
  ],
  German: [
    ['Tag', 'Tage'],
    ['Stunde', 'Stunden'],
    ['Minute', 'Minuten'],
  ],
  Spanish: [
    ['día', 'días'],
    ['hora', 'horas'],
    ['minuto', 'minutos'],
  ],
};

/**
 * `90 days`, `12 hours`, `45 minutes`: the largest unit that comes out even; parts of a minute are cut. In English for
 * languages that are not built in.
 */
export function durationText(durationMs: number, language = 'English'): string {
  const minutes = Math.floor(durationMs / 60_000);
  const size = minutes > 0 && minutes % 1_440 === 0 ? 0 : minutes > 0 && minutes % 60 === 0 ? 1 : 2;
  const count = minutes / ([1_440, 60, 1][size] ?? 1);
  const [one, many] = (UNITS[language] ?? UNITS['English'])?.[size] ?? ['', ''];
  return `${count} ${count === 1 ? one : many}`;
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

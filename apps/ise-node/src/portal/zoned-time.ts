import { instantOf, wallTime } from '../ers/wall-time.ts';

const MINUTE_MS = 60_000;

const WALL_TIME = /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}:\d{2})$/;
const LOCAL_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2})$/;

/** An instant as `datetime-local` fields hold it, `2026-02-02T10:25`, in `timeZone` (IANA). */
export function localTime(instant: number, timeZone: string): string {
  return wallTime(instant, timeZone).replace(WALL_TIME, '$3-$1-$2T$4');
}

/** The instant of such a text; undefined when it is none. Where clocks change, as `instantOf` says. */
export function instantOfLocalTime(text: string, timeZone: string): number | undefined {
  return LOCAL_TIME.test(text) ? instantOf(text.replace(LOCAL_TIME, '$2/$3/$1 $4'), timeZone) : undefined;
}

/** The column Time Left of the sponsor portal, `72D 13H 1M` (fact sheet ise 5.2); parts of a minute are cut. */
export function timeLeft(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / MINUTE_MS));
  return `${Math.floor(minutes / 1_440)}D ${Math.floor((minutes % 1_440) / 60)}H ${minutes % 60}M`;
}

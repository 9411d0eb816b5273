import type { Observation } from './observation.ts';
import { isBefore } from './path.ts';
import type { Reading } from './reading.ts';

/** Failures this far apart in time are of different attempts. */
const ATTEMPT_MS_MAX = 5 * 60_000;

/** A failure is odd when another one was seen this many times as often, and it is not what was seen last. */
const ODD_SHARE = 1 / 20;
const LAST_SEEN = 2;

/** An instant that a zone belongs to; a log without zones has a clock of its own, which others can't be compared to. */
const ZONED = /(?:Z|[+-]\d\d:?\d\d)$/;

/** Epoch milliseconds at which it was seen; a time without a zone is taken for UTC. */
export function timeOf(observation: Observation | undefined): number | undefined {
  const at = observation?.source.at;
  if (at === undefined) return undefined;
  const time = Date.parse(ZONED.test(at) || !at.includes('T') ? at : `${at}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * Of all that failed: what a protocol says before what an exception or a page says; of several attempts the last one,
 * but for a failure that came up once among many of another kind; and of that the first step on the path, since nothing
 * behind it was tried.
 */
export function chooseFailure(readings: readonly Reading[]): Reading | undefined {
  const failures = readings.filter(({ outcome }) => outcome === 'failed');
  const known = failures.filter(({ symptoms }) => symptoms.length > 0);
  const candidates = withoutOdd(known.length > 0 ? known : failures);
  const precision = Math.max(...candidates.map((one) => one.precision));
  const recent = recentOf(candidates, failures);
  const precise = recent.filter((one) => one.precision === precision);
  const [first, ...others] = precise.length > 0 ? precise : recent;
  if (!first) return undefined;
  return others.reduce((best, other) => (isBetter(other, best) ? other : best), first);
}

/** Whether two failures may be the same, seen twice. */
export function isAlike(one: Reading, other: Reading): boolean {
  return one.symptoms.some((symptom) => other.symptoms.includes(symptom));
}

/**
 * Whether one was seen after another: lines of one file by their order, else by their times, if they are of clocks that
 * can be compared. Undefined: nobody can tell.
 */
export function isAfter({ source }: Observation, other: Observation): boolean | undefined {
  const { source: before } = other;
  if (source.seq !== undefined && before.seq !== undefined) return source.seq > before.seq;
  if (source.file !== undefined && source.file === before.file && source.line !== undefined) {
    return source.line > (before.line ?? Infinity);
  }
  const [time, timeBefore] = [timeOf({ kind: 'gui', text: '', source }), timeOf(other)];
  if (time === undefined || timeBefore === undefined || isZoned(source.at) !== isZoned(before.at)) return undefined;
  return time > timeBefore;
}

function isZoned(at: string | undefined): boolean {
  return at !== undefined && ZONED.test(at);
}

function isBetter(other: Reading, best: Reading): boolean {
  if (isBefore(other.step, best.step)) return true;
  if (other.step !== best.step) return false;
  // Of two at the same step the later one is how things stand.
  return isClearer(other, best) || (!isAlike(other, best) && isAfter(other.observation, best.observation) === true);
}

/** Says of the same step which of the kinds of failure it was that the other leaves open. */
function isClearer(one: Reading, other: Reading): boolean {
  return (
    one.symptoms.length > 0 &&
    one.symptoms.length < other.symptoms.length &&
    one.symptoms.every((symptom) => other.symptoms.includes(symptom))
  );
}

function recentOf(candidates: readonly Reading[], failures: readonly Reading[]): readonly Reading[] {
  const latestOf = (zoned: boolean): number =>
    failures.reduce((latest, { observation }) => {
      const time = isZoned(observation.source.at) === zoned ? timeOf(observation) : undefined;
      return Math.max(latest, time ?? Number.NEGATIVE_INFINITY);
    }, Number.NEGATIVE_INFINITY);
  const latest = { zoned: latestOf(true), own: latestOf(false) };
  return candidates.filter(({ observation }) => {
    const time = timeOf(observation);
    return time === undefined || latest[isZoned(observation.source.at) ? 'zoned' : 'own'] - time <= ATTEMPT_MS_MAX;
  });
}

function withoutOdd(failures: readonly Reading[]): readonly Reading[] {
  const keyOf = ({ step, symptoms }: Reading): string => [step, ...symptoms].join(' ');
  const counts = new Map<string, number>();
  for (const failure of failures) counts.set(keyOf(failure), (counts.get(keyOf(failure)) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const last = failures.slice(-LAST_SEEN).map(keyOf);
  const isNow = (key: string): boolean => last.length === LAST_SEEN && last.every((one) => one === key);
  return failures.filter((failure) => {
    const key = keyOf(failure);
    return (counts.get(key) ?? 0) >= most * ODD_SHARE || isNow(key);
  });
}

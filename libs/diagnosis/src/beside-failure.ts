import { isAfter, isAlike } from './choose-failure.ts';
import type { Observation } from './observation.ts';
import { isBefore, type PathStep } from './path.ts';
import { readingOf, type Reading } from './reading.ts';

/** Failures of other kinds that are told. */
const OTHERS_MAX = 3;
/** A connection that is lost next to another failure ended because of it. */
const AFTERMATH_LINES = 12;

/** Steps whose success shows that those before them went well. */
const TELLING_STEPS: readonly PathStep[] = ['token', 'auth', 'end-of-data'];

/** A failure of another kind in the same evidence. */
export interface FailureBeside {
  /** The one that was seen last. */
  reading: Reading;
  count: number;
}

/** Failures of other kinds than the one that is explained, those first that were seen most often. */
export function failuresBeside(failure: Reading, readings: readonly Reading[]): FailureBeside[] {
  const groups: FailureBeside[] = [];
  for (const reading of readings) {
    if (reading.outcome !== 'failed' || reading.precision < 3 || reading.symptoms.length === 0) continue;
    if (isAlike(reading, failure) || isAftermath(reading, failure)) continue;
    const group = groups.find((one) => isAlike(one.reading, reading));
    if (!group) groups.push({ reading, count: 1 });
    else [group.reading, group.count] = [reading, group.count + 1];
  }
  return groups.toSorted((one, other) => other.count - one.count).slice(0, OTHERS_MAX);
}

function isAftermath({ observation: { kind, source } }: Reading, failure: Reading): boolean {
  const { file, line } = failure.observation.source;
  if (kind !== 'network' && kind !== 'tls') return false;
  return source.file === file && Math.abs((source.line ?? 0) - (line ?? 0)) <= AFTERMATH_LINES;
}

/**
 * What shows that the failure is over: after the last of its kind the same node came as far, or further.
 *
 * @param later seen after all that the readings are of
 */
export function successSince(
  failure: Reading,
  readings: readonly Reading[],
  later: readonly Observation[],
): Reading | undefined {
  // With a recipient that is refused, the mail to the others goes on.
  if (failure.step === 'rcpt' || failure.step === 'delivery') return undefined;
  const last = readings.findLast((one) => one.outcome === 'failed' && isAlike(one, failure)) ?? failure;
  const { node } = last.observation.source;
  const came = [...readings, ...later.flatMap((one) => readingOf(one) ?? [])];
  return came.findLast(
    ({ outcome, step, observation }) =>
      outcome === 'worked' &&
      TELLING_STEPS.includes(step) &&
      !isBefore(step, failure.step) &&
      (node === undefined || observation.source.node === undefined || observation.source.node === node) &&
      isAfter(observation, last.observation) === true,
  );
}

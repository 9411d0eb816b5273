import { TestbedError } from '#libs/diagnosis';

/** An alarm was named that the catalogue does not have. */
export class UnknownAlarmError extends TestbedError {
  constructor(name: string, known: readonly string[]) {
    super('alarms.unknown-alarm', `there is no alarm named "${name}"`, {
      remedy: `Name an alarm of the catalogue: ${known.join(', ')}.`,
      evidence: { name },
    });
  }
}

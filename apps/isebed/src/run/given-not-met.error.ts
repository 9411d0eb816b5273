import { TestbedError } from '#libs/diagnosis';

/** `given` describes a world that can't be brought about: the fault of the scenario file, not of the program. */
export class GivenNotMetError extends TestbedError {
  constructor(
    what: string,
    readonly actual: string,
  ) {
    super('scenario.given-not-met', `${what}: ${actual}`, { remedy: 'Correct `given` in the scenario file.' });
  }
}

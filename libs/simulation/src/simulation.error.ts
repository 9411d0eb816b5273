import { InvariantError } from '#libs/diagnosis';

/** Everything waits, no timer is due, and nothing happened for a long while of real time: a deadlock of ours. */
export class SimulationStalledError extends InvariantError {
  constructor(held: number, timers: number) {
    super(`virtual time stands still: ${held} piece(s) of work held, ${timers} timer(s) pending, no I/O`, {
      held,
      timers,
    });
  }
}

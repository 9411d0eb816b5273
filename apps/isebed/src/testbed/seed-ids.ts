import type { Random } from '#libs/simulation';

/** Gives what a seed leaves open an ID that follows from its name: an object more or less does not change the others. */
export class SeedIds {
  private readonly open = new Set<string>();

  /** Without chance nothing is given, and the directory draws as it does for what is created later. */
  constructor(private readonly random?: Random) {}

  /** The ID of the seed, or one for the object that the path names. */
  pick(given: string | undefined, ...path: string[]): string | undefined {
    if (given !== undefined || !this.random) return given;
    this.note(...path);
    return this.random.stream(path.join(' / ').toLowerCase()).uuid();
  }

  /** Says that the seed leaves this open, whatever it becomes. */
  note(...path: string[]): void {
    this.open.add(path.join(' / '));
  }

  /** What the seed left open, as paths of a comparison. */
  get leftOpen(): ReadonlySet<string> {
    return this.open;
  }
}

/** A gap up to this long is drawn true to scale. */
const TRUE_GAP_MS_MAX = 8_000;
/** Each doubling of a longer gap adds so much. */
const DOUBLING_MS = 2_000;

/** From this length on a shortened gap is named in the picture. */
const NAMED_GAP_MS_MIN = 60_000;

/** A stretch in which nothing happened and that is drawn shorter than it was. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * Places moments on a line, 0 to 100 percent. Seconds in which a connection breaks stand beside days in which nothing
 * happens: a stretch between two moments is true to scale up to 8 s, and grows with its logarithm from there on.
 */
export class TimeScale {
  readonly gaps: readonly Gap[];
  /** How long the line would be, true to scale: what its width in the picture follows. */
  readonly drawnMs: number;
  readonly #moments: readonly number[];
  readonly #places: readonly number[];

  constructor(moments: Iterable<number>) {
    this.#moments = [...new Set(moments)].sort((a, b) => a - b);
    const gaps: Gap[] = [];
    let place = 0;
    this.#places = this.#moments.map((moment, index) => {
      const before = this.#moments[index - 1] ?? moment;
      place += drawn(moment - before);
      if (moment - before >= NAMED_GAP_MS_MIN) gaps.push({ from: before, to: moment });
      return place;
    });
    this.gaps = gaps;
    this.drawnMs = place;
  }

  /** Percent of the line, rounded to a thousandth; a moment in between is placed in proportion. */
  at(moment: number): number {
    const after = this.#moments.findIndex((one) => one >= moment);
    if (after === -1) return this.drawnMs === 0 ? 0 : 100;
    const to = this.#moments[after] ?? 0;
    const from = this.#moments[after - 1] ?? to;
    const [low, high] = [this.#places[after - 1] ?? 0, this.#places[after] ?? 0];
    const share = to === from ? 1 : Math.max(0, (moment - from) / (to - from));
    const place = low + (high - low) * share;
    return this.drawnMs === 0 ? 0 : Math.round((place / this.drawnMs) * 100_000) / 1_000;
  }
}

function drawn(ms: number): number {
  return ms <= TRUE_GAP_MS_MAX ? ms : TRUE_GAP_MS_MAX + Math.log2(ms / TRUE_GAP_MS_MAX) * DOUBLING_MS;
}

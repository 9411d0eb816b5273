/** A duration drawn between the two, both included; milliseconds. */
export interface Span {
  min: number;
  max: number;
}

/** How long the service takes over things. In real time all of it is best zero. */
export interface ProcessingTimes {
  /** Between the connection and the greeting. */
  greetingMs: Span;
  /** AUTH that succeeds. */
  authenticationMs: Span;
  /** Before AUTH is refused: the service makes failures slow (fact sheet microsoft 4.2). */
  refusalMs: Span;
  /** From the end of DATA to the reply. */
  submissionMs: Span;
}

/** Our estimate: connecting and authenticating take about 4.5 s over a network, as the source article's log shows. */
export const USUAL_PROCESSING: ProcessingTimes = {
  greetingMs: { min: 150, max: 300 },
  authenticationMs: { min: 3_000, max: 3_900 },
  refusalMs: { min: 4_800, max: 5_200 },
  submissionMs: { min: 500, max: 2_000 },
};

export const NO_PROCESSING: ProcessingTimes = {
  greetingMs: { min: 0, max: 0 },
  authenticationMs: { min: 0, max: 0 },
  refusalMs: { min: 0, max: 0 },
  submissionMs: { min: 0, max: 0 },
};

import type { Action } from './action.ts';
import type { PageClick } from './click.ts';
import type { EndExpectations, StepExpectations } from './expectation.ts';
import type { Given } from './given.ts';

/** A scenario file that was read and found free of mistakes: durations in ms, instants in epoch ms, defaults filled in. */
export interface Scenario {
  /** The path as it was given to `loadScenarioFile`. */
  readonly file: string;
  readonly name: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly given: Given;
  readonly steps: readonly Step[];
  readonly expect: EndExpectations;
}

interface StepBase {
  /** The step's line in the scenario file, from 1. */
  readonly line: number;
  /** The value of the headline key as the author wrote it: for the story. */
  readonly text: string;
}

/** Changes the world around ISE; `break` and `mend` tell the reader which way. Actions are in the file's order. */
export interface ActionStep extends StepBase, StepExpectations {
  readonly kind: 'do' | 'break' | 'mend';
  readonly actions: readonly Action[];
}

/** Someone types into a page of a node and clicks a button. Narrow with `page`, then `button`, to get the `fields`. */
export type ClickStep = StepBase &
  StepExpectations &
  PageClick & {
    readonly kind: 'click';
    readonly node: string;
    /** What the click means for the story: damage, repair, or neither. */
    readonly note?: { readonly kind: 'do' | 'break' | 'mend'; readonly text: string };
    /** What the page must show, to the letter. */
    readonly gui?: string;
  };

/** An alarm comes up on a node. */
export interface RaiseStep extends StepBase, StepExpectations {
  readonly kind: 'raise';
  readonly alarmName: string;
  readonly times: number;
  /** Between two of them. */
  readonly everyMs: number;
  readonly on: string;
}

/** Virtual time goes by: a duration, or until an instant. */
export type WaitStep = StepBase &
  StepExpectations & { readonly kind: 'wait' } & (
    | { readonly durationMs: number; readonly until?: undefined }
    | { readonly until: number; readonly durationMs?: undefined }
  );

/** The latest failure must be diagnosed with this code. */
export interface ExplainStep extends StepBase {
  readonly kind: 'explain';
  readonly code: string;
}

export type Step = ActionStep | ClickStep | RaiseStep | WaitStep | ExplainStep;

import type { Mistake } from './mistake.ts';
import { isMapping } from './plain-data.ts';
import { referenceMistakes } from './references.ts';
import type { Scenario } from './scenario.ts';
import { frameSchema, STEPS_MAX } from './scenario.schema.ts';
import { readWith } from './schema-mistakes.ts';
import { linesOf, readStep } from './step-reader.ts';
import { YamlSource } from './yaml-source.ts';

export interface ReadOptions {
  /** The codes that `explain` may name; absent: any. */
  readonly catalogueCodes?: readonly string[];
}

export interface ReadResult {
  /** There if and only if there is no mistake. */
  readonly scenario?: Scenario;
  /** All mistakes, in the order of the file. */
  readonly mistakes: readonly Mistake[];
}

/** Reads the text of a scenario file. `file` is for the mistakes and `scenario.file` only. */
export function readScenario(file: string, text: string, { catalogueCodes }: ReadOptions = {}): ReadResult {
  const source = new YamlSource(file, text);
  if (source.value === null && source.mistakes.length === 0) {
    return {
      mistakes: [source.mistakeAt([], { message: 'the file is empty', expected: 'a scenario: name and steps' })],
    };
  }
  if (source.value === undefined) return { mistakes: inOrder(source.mistakes) };

  const frame = readWith(frameSchema, source.value, source);
  const rawSteps = isMapping(source.value) && Array.isArray(source.value.steps) ? source.value.steps : [];
  if (rawSteps.length > STEPS_MAX) return { mistakes: inOrder([...source.mistakes, ...frame.mistakes]) };
  const steps = rawSteps.map((raw: unknown, index) => readStep(raw, source, ['steps', index]));
  const found = [
    ...frame.mistakes,
    ...steps.flatMap((step) => step.mistakes),
    ...referenceMistakes(source, catalogueCodes),
  ];
  // Where the YAML itself is wrong, the value is too: one of the two is enough.
  const known = new Set(source.mistakes.map(placeOf));
  const mistakes = inOrder([...source.mistakes, ...found.filter((mistake) => !known.has(placeOf(mistake)))]);
  if (!frame.output || mistakes.length > 0) return { mistakes };

  const { expect } = frame.output;
  const scenario: Scenario = {
    ...frame.output,
    file,
    steps: steps.flatMap(({ step }) => step ?? []),
    expect: {
      mails: linesOf(expect.mails, source, ['expect', 'mails']),
      alarms: linesOf(expect.alarms, source, ['expect', 'alarms']),
      log: linesOf(expect.log, source, ['expect', 'log']),
    },
  };
  const late = waitMistakes(scenario, source);
  return late.length > 0 ? { mistakes: late } : { scenario, mistakes: [] };
}

/** `waitUntil` an instant that is certainly over: time only goes forward. */
function waitMistakes({ given, steps }: Scenario, source: YamlSource): Mistake[] {
  let earliest = given.clock;
  return steps.flatMap((step, index) => {
    if (step.kind !== 'wait') return [];
    const isOver = step.until !== undefined && step.until <= earliest;
    const expected = `an instant after ${new Date(earliest).toISOString()}, which it is by then`;
    earliest = step.until === undefined ? earliest + step.durationMs : Math.max(earliest, step.until);
    if (!isOver) return [];
    const path = ['steps', index, 'waitUntil'];
    return [source.mistakeAt(path, { message: `"waitUntil" is ${source.describe(path)}`, expected })];
  });
}

function placeOf({ line, column }: Mistake): string {
  return `${line}:${column}`;
}

function inOrder(mistakes: readonly Mistake[]): Mistake[] {
  return mistakes.toSorted((one, other) => one.line - other.line || one.column - other.column);
}

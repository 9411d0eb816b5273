import type { StepExpectations } from './expectation.ts';
import type { Mistake } from './mistake.ts';
import { nearestOf } from './nearest.ts';
import { isMapping, quoted } from './plain-data.ts';
import type { Step } from './scenario.ts';
import { oneOf, readWith } from './schema-mistakes.ts';
import { CLICK_NOTES, CLICKS, HEADLINES, STEP_SCHEMAS, type Headline } from './step.schema.ts';
import type { YamlPath, YamlSource } from './yaml-source.ts';

interface ReadStep {
  readonly step?: Step;
  readonly mistakes: readonly Mistake[];
}

/** Reads one step by the schema of its headline. */
export function readStep(raw: unknown, source: YamlSource, path: YamlPath): ReadStep {
  if (!isMapping(raw)) {
    const message = `step ${Number(path.at(-1)) + 1} is ${source.describe(path)}`;
    return { mistakes: [source.mistakeAt(path, { message, expected: `a mapping with ${oneOf(HEADLINES)}` })] };
  }
  const headline = headlineOf(raw, source, path);
  if (typeof headline !== 'string') return { mistakes: [headline] };
  if (headline === 'click') return readClick(raw, source, path);

  const { output, mistakes } = readWith(STEP_SCHEMAS[headline], raw, source, path);
  if (!output) return { mistakes };
  const base = { line: source.lineOf(path), text: String(raw[headline]) };
  if (output.kind === 'explain') return { step: { ...base, ...output }, mistakes };
  const expectations = withLines(output, source, path);
  if (!('actions' in output)) return { step: { ...base, ...output, ...expectations }, mistakes };
  const order = Object.keys(raw);
  const actions = output.actions.toSorted((one, other) => order.indexOf(one.name) - order.indexOf(other.name));
  return { step: { ...base, kind: output.kind, actions, ...expectations }, mistakes };
}

function headlineOf(raw: Record<string, unknown>, source: YamlSource, path: YamlPath): Headline | Mistake {
  const present = Object.keys(raw).filter(isHeadline);
  const isNote = (key: Headline): boolean => CLICK_NOTES.some((each) => each === key);
  if (present.includes('click') && present.length === 2 && present.some(isNote)) return 'click';
  const [headline, another] = present;
  if (headline !== undefined && another === undefined) return headline;
  const expected = `exactly ${oneOf(HEADLINES)}`;
  if (another !== undefined) {
    return source.mistakeAt([...path, another], { message: `"${another}" beside "${headline}"`, expected }, 'key');
  }
  for (const key of Object.keys(raw)) {
    const nearest = nearestOf(key, HEADLINES);
    if (nearest)
      return source.mistakeAt([...path, key], { message: `unknown key ${quoted(key)}`, expected, nearest }, 'key');
  }
  return source.mistakeAt(path, { message: `step ${Number(path.at(-1)) + 1} does not say what it is`, expected });
}

function isHeadline(key: string): key is Headline {
  return HEADLINES.some((headline) => headline === key);
}

function readClick(raw: Record<string, unknown>, source: YamlSource, path: YamlPath): ReadStep {
  const target = targetOf(raw.click);
  const place = [...path, 'click'];
  if (!target) {
    const expected = 'node, page and button, such as: pan1 / SMTP Server / Save';
    return { mistakes: [source.mistakeAt(place, { message: `"click" is ${source.describe(place)}`, expected })] };
  }
  const { node, page, button } = target;
  const unknown = (kind: string, name: string, valid: string[]): ReadStep => {
    const found = {
      message: `unknown ${kind} ${quoted(name)}`,
      expected: oneOf(valid),
      nearest: nearestOf(name, valid),
    };
    return { mistakes: [source.mistakeAt(place, found)] };
  };
  const ofPage = CLICKS.filter((click) => click.page === page);
  if (ofPage.length === 0) return unknown('page', page, [...new Set(CLICKS.map((click) => click.page))]);
  const schema = ofPage.find((click) => click.button === button)?.schema;
  if (!schema)
    return unknown(
      `button of ${page}`,
      button,
      ofPage.map((click) => click.button),
    );

  const { output, mistakes } = readWith(schema, raw, source, path);
  if (!output) return { mistakes };
  const { click, gui, note, ...found } = output;
  const expectations = withLines(found, source, path);
  const log = expectations.log.map((line) => ({ ...line, node: line.node ?? node }));
  const base = { line: source.lineOf(path), text: String(raw.click) };
  return { step: { ...base, kind: 'click', node, ...click, note, gui, ...expectations, log }, mistakes };
}

/** Takes `node / page / button` apart; undefined if it is not that. */
export function targetOf(click: unknown): { node: string; page: string; button: string } | undefined {
  if (typeof click !== 'string') return undefined;
  const [node, page, button, ...rest] = click.split('/').map((part) => part.trim());
  return node && page && button && rest.length === 0 ? { node, page, button } : undefined;
}

type Lineless<Item> = Omit<Item, 'line'>;
type Found = { [Key in keyof StepExpectations]?: Lineless<StepExpectations[Key][number]>[] };

function withLines(found: Found, source: YamlSource, path: YamlPath): StepExpectations {
  return {
    log: linesOf(found.log, source, [...path, 'log']),
    mail: linesOf(found.mail, source, [...path, 'mail']),
    alarm: linesOf(found.alarm, source, [...path, 'alarm']),
  };
}

/** Gives each expectation its line. A single one stands at the path itself, those of a list below it. */
export function linesOf<Item>(
  found: readonly Item[] | undefined,
  source: YamlSource,
  path: YamlPath,
): (Item & { line: number })[] {
  const isList = source.describe(path) === 'a list';
  return (found ?? []).map((item, index) => ({ ...item, line: source.lineOf(isList ? [...path, index] : path) }));
}

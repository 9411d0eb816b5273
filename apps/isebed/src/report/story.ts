import type picocolors from 'picocolors';
import type { ScenarioResult, StoryDetail, StoryEntry } from '#libs/scenario';
import { plainText, seconds, wrap } from './text.ts';

export type Colors = ReturnType<typeof picocolors.createColors>;

const MARGIN = '  ';
const GAP = '  ';
const LABEL_WIDTH_MIN = 4;
/** However narrow the terminal, a column of text keeps this width. */
const TEXT_WIDTH_MIN = 20;

/** Where the columns of a story begin, from its widest entries. */
interface Layout {
  readonly columns: number;
  readonly withDate: boolean;
  readonly label: number;
  readonly action: number;
  readonly detailText: number;
  readonly peer: number;
}

/** The story of a scenario as aligned lines: what was done, what came of it, why, and how it is mended. */
export function storyLines({ story }: ScenarioResult, columns: number, colors: Colors): string[] {
  const layout = layOut(story, columns);
  return story.flatMap((entry) => entryLines(entry, layout, colors));
}

function layOut(story: readonly StoryEntry[], columns: number): Layout {
  const details = story.flatMap((entry) => entry.details);
  const withAction = story.filter(({ action }) => action !== undefined);
  const label = widest(
    withAction.map((entry) => entry.label),
    LABEL_WIDTH_MIN,
  );
  const alone = widest(story.filter(({ action }) => action === undefined).map((entry) => entry.label));
  const action = widest([...withAction.map((entry) => entry.action ?? ''), ...details.map((detail) => detail.label)]);
  return {
    columns,
    withDate: new Set(story.map(({ at }) => at.slice(0, 10))).size > 1,
    label,
    action: Math.max(action, alone - label - GAP.length),
    detailText: widest(details.map((detail) => detail.text)),
    peer: widest(details.map((detail) => detail.peer ?? '')),
  };
}

function entryLines(entry: StoryEntry, layout: Layout, colors: Colors): string[] {
  const head =
    entry.action === undefined
      ? colors.bold(entry.label.padEnd(layout.label + GAP.length + layout.action))
      : entry.label.padEnd(layout.label) + GAP + colors.bold(entry.action.padEnd(layout.action));
  const time = colors.dim(timeOf(entry, layout));
  const outcome = column(entry.outcome, outcomeColumn(layout), layout);
  const remark = (label: string, text: string | undefined): string[] => {
    if (text === undefined) return [];
    const prefix = ' '.repeat(labelColumn(layout)) + colors.bold(label.padEnd(layout.label)) + GAP;
    return hang(
      prefix,
      column(text, labelColumn(layout) + layout.label + GAP.length, layout),
      labelColumn(layout) + layout.label + GAP.length,
    );
  };
  return [
    ...hang(`${MARGIN}${time}${GAP}${head}${GAP}`, outcome, outcomeColumn(layout)),
    ...entry.details.flatMap((detail) => detailLines(detail, layout, colors)),
    ...remark('why', entry.why),
    ...remark('mend', entry.remedy),
    ...remark('sure', entry.doubt),
  ];
}

function detailLines(detail: StoryDetail, layout: Layout, colors: Colors): string[] {
  const start = labelColumn(layout) + layout.label + GAP.length;
  const duration = detail.durationMs === undefined ? '' : seconds(detail.durationMs);
  const side = [(detail.peer ?? '').padEnd(layout.peer), duration].join(GAP).trimEnd();
  const prefix = ' '.repeat(start) + detail.label.padEnd(layout.action) + GAP;
  const room = layout.columns - outcomeColumn(layout);
  if (side === '' || layout.detailText + GAP.length + side.length > room) {
    const lines = column(detail.text, outcomeColumn(layout), layout);
    const last = lines.at(-1) ?? '';
    const beside = plainText(side.replace(/ {2,}/g, GAP).trim());
    if (beside === '') return hang(prefix, lines, outcomeColumn(layout));
    // Peer and duration stay together: beside the text where they fit, below it where not.
    const fits = last.length + GAP.length + beside.length <= room;
    const told = fits ? [...lines.slice(0, -1), `${last}${GAP}${beside}`] : [...lines, beside];
    return hang(prefix, told, outcomeColumn(layout));
  }
  return [`${prefix}${plainText(detail.text).padEnd(layout.detailText)}${GAP}${colors.dim(plainText(side))}`];
}

function timeOf({ at }: StoryEntry, { withDate }: Layout): string {
  return withDate ? at.slice(0, 19).replace('T', ' ') : at.slice(11, 19);
}

function labelColumn({ withDate }: Layout): number {
  return MARGIN.length + (withDate ? 19 : 8) + GAP.length;
}

function outcomeColumn(layout: Layout): number {
  return labelColumn(layout) + layout.label + GAP.length + layout.action + GAP.length;
}

function column(text: string, start: number, { columns }: Layout): string[] {
  return wrap(plainText(text), Math.max(TEXT_WIDTH_MIN, columns - start));
}

function hang(prefix: string, [first = '', ...others]: string[], start: number): string[] {
  return [`${prefix}${first}`.trimEnd(), ...others.map((line) => ' '.repeat(start) + line)];
}

function widest(texts: readonly string[], min = 0): number {
  return Math.max(min, ...texts.map((text) => text.length));
}

import type { Figure } from './figure.ts';

const NAME_WIDTH = 72;
const NUMBER_WIDTH = 10;

/** The figures as a table for a terminal, group by group. */
export function renderTable(figures: readonly Figure[]): string {
  const groups = Map.groupBy(figures, ({ group }) => group);
  return [...groups].map(([group, rows]) => [heading(group), ...rows.map(row), ''].join('\n')).join('\n');
}

function heading(group: string): string {
  const columns = ['median', 'min', 'max'].map((title) => title.padStart(NUMBER_WIDTH)).join('');
  return `${group.padEnd(NAME_WIDTH)}${columns}  unit  rounds`;
}

function row({ name, unit, values, median, min, max, target, ratios = [] }: Figure): string {
  const numbers = [median, min, max].map((value) => short(value).padStart(NUMBER_WIDTH)).join('');
  const notes = [
    ...(target ? [`target ${short(target.max)}: ${target.met ? 'met' : 'not met'}`] : []),
    ...ratios.map(({ to, value }) => `${short(value)} x ${to}`),
  ];
  const line = `  ${name.padEnd(NAME_WIDTH - 2)}${numbers}  ${unit.padEnd(4)}  ${String(values.length).padStart(6)}  ${notes.join('; ')}`;
  return line.trimEnd();
}

/** Three significant digits, and never an exponent. */
function short(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

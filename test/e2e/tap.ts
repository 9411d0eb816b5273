import { parse } from 'yaml';

/** A test point of a TAP stream. */
export interface TapPoint {
  ok: boolean;
  number: number;
  description: string;
  diagnostic: Record<string, unknown>;
}

/** Reads a TAP 14 stream: version, numbered points with a YAML block each, one plan at the end that fits them. */
export function parseTap(stream: string): TapPoint[] {
  const lines = stream.split('\n');
  if (lines.shift() !== 'TAP version 14') throw new Error('no TAP version');
  if (lines.pop() !== '') throw new Error('the last line does not end');
  const plan = lines.pop();
  const points: TapPoint[] = [];
  while (lines.length > 0) {
    const line = lines.shift() ?? '';
    const [, not, number, description] = /^(not )?ok (\d+) - (.*)$/.exec(line) ?? [];
    if (number === undefined || description === undefined) throw new Error(`no test point: ${line}`);
    if (/(^|[^\\])#/.test(description)) throw new Error(`a directive: ${line}`);
    points.push({ ok: !not, number: Number(number), description, diagnostic: readBlock(lines) });
  }
  points.forEach(({ number }, index) => {
    if (number !== index + 1) throw new Error(`point ${number} comes as number ${index + 1}`);
  });
  if (plan !== `1..${points.length}`) throw new Error(`the plan is ${plan} for ${points.length} points`);
  return points;
}

function readBlock(lines: string[]): Record<string, unknown> {
  const end = lines.indexOf('  ...');
  if (lines[0] !== '  ---' || end < 0) throw new Error('no YAML block');
  const block = lines.splice(0, end + 1);
  if (!block.every((line) => line === '' || line.startsWith('  '))) throw new Error('the YAML block is not indented');
  return parse(block.slice(1, -1).join('\n')) as Record<string, unknown>;
}

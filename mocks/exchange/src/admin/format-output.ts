import type { CmdletObject, CmdletValue } from './cmdlet.ts';

/** As `Format-List` prints: a property a line, names padded to the longest, a blank line around each object. */
export function formatList(objects: readonly CmdletObject[], properties: readonly string[] = []): string {
  const parts = objects.map((object) => {
    const names = chosen(object, properties);
    const width = Math.max(0, ...names.map((name) => name.length));
    return names.map((name) => `${name.padEnd(width)} : ${shown(valueOf(object, name))}`.trimEnd() + '\n').join('');
  });
  return parts.length === 0 ? '' : `\n${parts.join('\n')}\n`;
}

/** As `Format-Table` prints: columns as wide as their widest value, dashes under their names. */
export function formatTable(objects: readonly CmdletObject[], properties: readonly string[]): string {
  const [first] = objects;
  if (!first) return '';
  const names = chosen(first, properties);
  const rows = objects.map((object) => names.map((name) => shown(valueOf(object, name))));
  const widths = names.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' ')}`.trimEnd();
  const dashes = names.map((name) => '-'.repeat(name.length));
  return `\n${[names, dashes, ...rows].map((cells) => line(cells)).join('\n')}\n\n`;
}

/** Properties by name or with `*`, in the spelling of the object; all of them when none was asked for. */
function chosen(object: CmdletObject, properties: readonly string[]): string[] {
  const all = Object.keys(object);
  if (properties.length === 0) return all;
  return properties.flatMap((wanted) => {
    const pattern = new RegExp(`^${wanted.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
    return all.filter((name) => pattern.test(name));
  });
}

function valueOf(object: CmdletObject, name: string): CmdletValue {
  return object[name] ?? null;
}

function shown(value: CmdletValue): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'object' ? `{${value.join(', ')}}` : String(value);
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { linkDefinitions, prose, readMarkdown, ROOT } from './markdown.ts';

const page = readMarkdown('docs/parity.md');
const targets = linkDefinitions(page);

interface Row {
  line: number;
  cells: string[];
}

/** The rows of the tables that have these heads. */
function rowsUnder(...heads: string[]): Row[] {
  const rows: Row[] = [];
  let inTable = false;
  for (const { line, text } of prose(page)) {
    const cells = text.startsWith('|')
      ? text
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim())
      : [];
    if (cells.length === 0) inTable = false;
    else if (cells.join() === heads.join()) inTable = true;
    else if (inTable && !cells.every((cell) => /^:?-+:?$/.test(cell))) rows.push({ line, cells });
  }
  return rows;
}

/** What `[name]` in a cell leads to, from the folder of the repository. */
function linkedFrom(cell: string): string[] {
  return [...cell.matchAll(/\[([^\]]+)\]/g)].map(([, name = '']) => {
    const target = targets.get(name.toLowerCase());
    return target === undefined ? `no definition of [${name}]` : join('docs', target);
  });
}

describe('docs/parity.md', () => {
  const behaviours = rowsUnder('behaviour', 'here', 'source', 'witnessed by');
  const choices = rowsUnder('nobody knows', 'here', 'setting', 'code');

  it('has tables with behaviours and with choices', () => {
    expect(behaviours.length).toBeGreaterThan(60);
    expect(choices.length).toBeGreaterThan(20);
  });

  it('says of each behaviour how it is here, and where that is known from', () => {
    const wrong = behaviours.filter(
      ({ cells: [, here = '', source] }) => !['exact', 'modelled', 'absent'].includes(here) || !source,
    );
    expect(wrong).toEqual([]);
  });

  it('names a test or a scenario for each behaviour that is there, and each of them exists', () => {
    const complaints = behaviours.flatMap(({ line, cells: [, here, , witnesses = ''] }) => {
      const paths = linkedFrom(witnesses);
      if (here === 'absent') return paths.length === 0 ? [] : [`line ${line}: absent, yet witnessed`];
      if (paths.length === 0) return [`line ${line}: no witness`];
      return paths
        .filter((path) => !/(\.spec\.ts|^scenarios\/.*\.yaml)$/.test(path) || !existsSync(join(ROOT, path)))
        .map((path) => `line ${line}: ${path}`);
    });
    expect(complaints).toEqual([]);
  });

  it('names the code of each choice', () => {
    const complaints = choices.flatMap(({ line, cells }) => {
      const paths = linkedFrom(cells[3] ?? '');
      const faulty = paths.length > 0 && paths.every((path) => existsSync(join(ROOT, path)));
      return faulty ? [] : [`line ${line}: ${paths.join(', ') || 'no code'}`];
    });
    expect(complaints).toEqual([]);
  });

  it('calls every built-in scenario as a witness', () => {
    const witnesses = new Set(behaviours.flatMap(({ cells }) => linkedFrom(cells[3] ?? '')));
    const scenarios = readdirSync(join(ROOT, 'scenarios'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => `scenarios/${name}`);
    expect(scenarios.filter((path) => !witnesses.has(path))).toEqual([]);
  });
});

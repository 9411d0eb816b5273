import { spawnSync } from 'node:child_process';
import { ROOT_CAUSE_CODES } from '#libs/diagnosis';
import { scenarioJsonSchema } from '#libs/scenario';
import { readMarkdown, ROOT } from './markdown.ts';

const text = readMarkdown('docs/scenarios.md').lines.join('\n');

/** Every value under this key, anywhere in the schema. */
function valuesOf(schema: unknown, wanted: string): unknown[] {
  if (Array.isArray(schema)) return schema.flatMap((item) => valuesOf(item, wanted));
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === wanted ? [value as unknown] : []),
    ...valuesOf(value, wanted),
  ]);
}

function missing(words: readonly string[], form: (word: string) => string): string[] {
  return [...new Set(words)].filter((word) => !text.includes(form(word)));
}

describe('docs/scenarios.md', () => {
  const schema = scenarioJsonSchema();

  it('explains every key of a scenario file', () => {
    const keys = valuesOf(schema, 'properties').flatMap((properties) => Object.keys(properties ?? {}));
    expect(keys.length).toBeGreaterThan(80);
    expect(missing(keys, (key) => `\`${key}\``)).toEqual([]);
  });

  it('names every word that a key may have', () => {
    const words = [...valuesOf(schema, 'enum').flat(), ...valuesOf(schema, 'const')].map(String);
    expect(words).toContain('six-nodes');
    expect(missing(words, (word) => `\`${word}\``)).toEqual([]);
  });

  it('names every page with its buttons', () => {
    const clicks = valuesOf(schema, 'click').flatMap((click) => valuesOf(click, 'examples').flat().map(String));
    expect(clicks).toContain('pan1 / SMTP Server / Test Connection');
    expect(missing(clicks, (click) => `\`${click.replace('pan1 / ', '')}\``)).toEqual([]);
  });

  it('leads to every code that a failure can be explained by, and no other', () => {
    expect(text.slice(text.indexOf('## Root causes'))).toContain('(catalogue.md)');
    const rows = readMarkdown('docs/catalogue.md').lines.flatMap((line) => /^\| \[`([^`]+)`\]/.exec(line)?.[1] ?? []);
    expect(rows).toEqual(ROOT_CAUSE_CODES);
  });

  it('names every option of isebed run', () => {
    const { stdout } = spawnSync(process.execPath, ['bin/isebed.js', 'run', '--help'], { cwd: ROOT, encoding: 'utf8' });
    const options = [...stdout.matchAll(/^ {2}(--[a-z-]+(?: <\w+>)?)/gm)].map(([, option = '']) => option);
    expect(options).toContain('--seed <n>');
    expect(missing(options, (option) => `\`${option}\``)).toEqual([]);
  });
});

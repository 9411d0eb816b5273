import { spawnSync } from 'node:child_process';
import { tenantSeedJsonSchema } from '#libs/tenant-seed';
import { readMarkdown, ROOT } from './markdown.ts';

const text = readMarkdown('docs/tenant.md').lines.join('\n');

/** Every key that a mapping of the schema may have. */
function keysOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(keysOf);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => [
    ...(key === 'properties' && typeof value === 'object' ? Object.keys(value ?? {}) : []),
    ...keysOf(value),
  ]);
}

describe('docs/tenant.md', () => {
  it('explains every key of a seed', () => {
    const keys = [...new Set(keysOf(tenantSeedJsonSchema()))];
    expect(keys.length).toBeGreaterThan(70);
    expect(keys.filter((key) => !text.includes(`\`${key}\``))).toEqual([]);
  });

  it('names every subcommand of isebed tenant with its options', () => {
    const help = (...words: string[]): string =>
      spawnSync(process.execPath, ['bin/isebed.js', 'tenant', ...words, '--help'], { cwd: ROOT, encoding: 'utf8' })
        .stdout;
    const commands = [...help().matchAll(/^ {2}([a-z]+) (?:\[|<)/gm)].map(([, name = '']) => name);
    expect(commands).toEqual(['export', 'compare', 'apply', 'reset', 'help']);
    const options = commands.flatMap((command) =>
      [...help(command).matchAll(/^ {2}(--[a-z-]+(?: <\w+>)?)/gm)].map(([, option = '']) => option),
    );
    expect(options).toContain('--api-port <port>');
    expect(options.filter((option) => !text.includes(`\`${option}\``))).toEqual([]);
    expect(commands.filter((name) => name !== 'help' && !text.includes(`\`isebed tenant ${name}`))).toEqual([]);
  });
});

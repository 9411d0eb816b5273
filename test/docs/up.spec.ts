import { spawnSync } from 'node:child_process';
import { readMarkdown, ROOT } from './markdown.ts';

const text = readMarkdown('docs/up.md').lines.join('\n');

describe('docs/up.md', () => {
  it.each(['up', 'ca'])('names every option of isebed %s', (command) => {
    const { stdout } = spawnSync(process.execPath, ['bin/isebed.js', command, '--help'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const options = [...stdout.matchAll(/^ {2}(--[a-z-]+(?: <\w+>)?)/gm)].map(([, option = '']) => option);
    expect(options).toContain('--data <dir>');
    expect(options.filter((option) => !text.includes(`\`${option}\``))).toEqual([]);
  });
});

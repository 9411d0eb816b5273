import { spawnSync } from 'node:child_process';
import { codeBlocks, markdownFiles, ROOT } from './markdown.ts';

/** Blocks of a command line and what it answers, marked `answered`. */
const answered = markdownFiles()
  .flatMap(codeBlocks)
  .filter(({ note, language }) => note === 'answered' && language === 'console')
  .map((block) => [`${block.file}:${block.line}`, block.text] as const);

it('there is an answer to read', () => {
  expect(answered).not.toEqual([]);
});

it.each(answered)('%s answers as it is shown', (_place, text) => {
  const [command = '', ...lines] = text.split('\n');
  const line = command.replace(/^\$ /, '').replace('npx isebed', '"$node" bin/isebed.js');
  const told = spawnSync('/bin/sh', ['-c', line], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', node: process.execPath },
  });
  expect({ status: told.status, stderr: told.stderr, stdout: told.stdout }).toEqual({
    status: 0,
    stderr: '',
    stdout: lines.join('\n'),
  });
});

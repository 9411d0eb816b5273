import { spawnSync } from 'node:child_process';
import { ROOT } from './markdown.ts';

const module: string = '../../tools/ansi-svg.ts';
const { ansiToSvg } = (await import(module)) as { ansiToSvg: (output: string, title: string) => string };

function textsIn(output: string): string[] {
  return ansiToSvg(output, 'a run').match(/<text .*<\/text>/g) ?? [];
}

describe('the picture of a run', () => {
  it('shows what a run of today tells', () => {
    const check = spawnSync(process.execPath, ['tools/check-recording.ts'], { cwd: ROOT, encoding: 'utf8' });
    expect(check.stderr + check.stdout).toBe('');
    expect(check.status).toBe(0);
  }, 30_000);

  it('puts words where they stand in the terminal, whatever blanks are between', () => {
    expect(textsIn('one\n  two   three')).toEqual([
      '<text x="16" y="29" textLength="24">one</text>',
      '<text x="32" y="47" textLength="24">two</text>',
      '<text x="80" y="47" textLength="40">three</text>',
    ]);
  });

  it('keeps colour and weight until they are switched off', () => {
    expect(
      textsIn('\u001b[1m\u001b[32mok\u001b[39m so\u001b[22m far').map((text) => /class="([^"]*)"/.exec(text)?.[1]),
    ).toEqual(['bold green', 'bold', undefined]);
  });

  it('takes marks of XML for text', () => {
    expect(textsIn('<a> & b')[0]).toContain('&lt;a&gt; &amp; b');
  });

  it.each(['\u001b[2Jgone', '\u001b[95mpink\u001b[39m'])('refuses what it cannot draw: %j', (output) => {
    expect(() => ansiToSvg(output, 'a run')).toThrow(/escape sequence|colour code 95/);
  });
});

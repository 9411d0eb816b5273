import { readReporters } from './reporter-list.ts';

describe('the list of reporters', () => {
  it('names several, each with a path of its own', () => {
    expect(readReporters('pretty,json=out/a=b.json, tap=t.tap')).toEqual([
      { name: 'pretty', path: undefined },
      { name: 'json', path: 'out/a=b.json' },
      { name: 'tap', path: 't.tap' },
    ]);
  });

  it('adds to what was chosen before', () => {
    const chosen = readReporters('html', readReporters('junit=j.xml'));
    expect(chosen.map(({ name }) => name)).toEqual(['junit', 'html']);
  });

  it('gives html a folder, for it is never for standard output', () => {
    expect(readReporters('pretty,html').at(-1)).toEqual({ name: 'html', path: 'isebed-report' });
  });

  it.each([
    ['nope', '"nope" is no reporter; they are pretty, json, junit, tap, html'],
    ['', '"" is no reporter; they are pretty, json, junit, tap, html'],
    ['json=', 'a path is missing after "json="'],
    ['pretty,json', 'pretty and json would both write to standard output; name files, as in pretty,json=FILE'],
    ['json=x,tap=x', 'two reporters would write to x'],
  ])('refuses "%s"', (text, message) => {
    expect(() => readReporters(text)).toThrow(new Error(message));
  });
});

import { span, wrap } from './text.ts';

describe('span', () => {
  it.each([
    [0, '0 s'],
    [499, '0 s'],
    [50_000, '50 s'],
    [59_600, '1 min'],
    [65_000, '1 min 5 s'],
    [3_600_000 * 3 + 42 * 60_000 + 9_000, '3 h 42 min'],
    [86_400_000, '1 day'],
    [86_400_000 * 90 + 60_000, '90 days'],
    [86_400_000 * 90 + 3_600_000, '90 days 1 h'],
  ])('tells %d ms as %s', (ms, text) => {
    expect(span(ms)).toBe(text);
  });
});

describe('wrap', () => {
  it('breaks between words at the width, and leaves longer words whole', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('one two three', 6)).toEqual(['one', 'two', 'three']);
    expect(wrap('a 0123456789 b', 4)).toEqual(['a', '0123456789', 'b']);
  });
});

import { nearestOf } from './nearest.ts';

describe('nearestOf', () => {
  it.each([
    ['deploiment', 'deployment'],
    ['NMAE', 'name'],
    ['Test', 'Test Connection'],
    ['x', undefined],
    ['do', undefined],
    ['something-else', undefined],
    ['n'.repeat(10_000), undefined],
  ])('%s is taken for %s', (name, expected) => {
    expect(nearestOf(name, ['name', 'deployment', 'Test Connection'])).toBe(expected);
  });
});

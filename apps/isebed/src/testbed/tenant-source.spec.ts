import fc from 'fast-check';
import { formatMistake } from '#libs/scenario';
import { withoutSecretValues } from './microsoft-state.ts';
import { looksLikeTenants } from './tenant-file.ts';
import { readTenantFile, readTenantText } from './tenant-source.ts';
import { EVERYTHING, stateOf } from './tenants.fixture.ts';

function mistakesOf(text: string): string[] {
  const read = readTenantText('tenant.yaml', text);
  return 'mistakes' in read ? read.mistakes.map(formatMistake) : [];
}

const STATE = JSON.stringify(stateOf(EVERYTHING), null, 2);

describe('what tenants begin with', () => {
  it('is told by its content: a seed, or a state that was exported', () => {
    expect(readTenantText('x', EVERYTHING)).toMatchObject({ source: { kind: 'seed' } });
    const read = readTenantText('x', STATE);
    expect(read).toMatchObject({ source: { kind: 'state' } });
    expect('source' in read && read.source.kind === 'state' && JSON.stringify(read.source.state, null, 2)).toBe(STATE);
  });

  it('may be a state without the values of its secrets', () => {
    expect(mistakesOf(JSON.stringify(withoutSecretValues(stateOf(EVERYTHING))))).toEqual([]);
  });

  it.each([
    ['nothing', '', 'neither of tenants nor of a state'],
    ['something else', 'name: a scenario', 'neither of tenants nor of a state; expected a tenant seed with "tenants"'],
    ['a misspelled key', 'tenents: []', 'tenant.yaml:1:1  unknown key "tenents"; expected a tenant seed'],
    ['broken YAML', 'tenants: [', 'tenant.yaml:1:11'],
  ])('is not %s', (_what, text, message) => {
    expect(mistakesOf(text)).toEqual([expect.stringContaining(message)]);
  });

  it('tells the place of a mistake in a state', () => {
    const line = STATE.split('\n').findIndex((text) => text.includes('"seats": 3'));
    const [mistake] = mistakesOf(STATE.replace('"seats": 3', '"seats": "three"'));
    expect(mistake).toMatch(new RegExp(`^tenant\\.yaml:${line + 1}:\\d+ {2}"seats" is "three"; expected a number`));
  });

  it.each([
    [
      'a filter that cannot be read',
      EVERYTHING.replace("CustomAttribute1 -eq 'ise'", 'CustomAttribute1 is ise'),
      'filter',
    ],
    [
      'a state whose parts do not fit',
      STATE.replace('"tenantDomain": "contoso.com"', '"tenantDomain": "contso.com"'),
      'no tenant has the domain contso.com',
    ],
  ])('is not %s', (_what, text, message) => {
    expect(mistakesOf(text)).toEqual([expect.stringContaining(message)]);
  });

  it('is not a file that is missing, or a folder', () => {
    expect(readTenantFile('/nowhere/tenant.yaml')).toMatchObject({ mistakes: [{ message: 'there is no such file' }] });
    expect(readTenantFile('/')).toMatchObject({ mistakes: [{ message: 'a folder', expected: 'a tenant seed' }] });
  });

  it('is a source or mistakes, whatever part of a state is something else', () => {
    const whole: unknown = JSON.parse(STATE);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.constantFrom(null, 0, -1, '', 'x', [], {}), (place, value) => {
        const read = readTenantText('x', JSON.stringify(replacedAt(whole, place, value)));
        expect('source' in read || read.mistakes.length > 0).toBe(true);
      }),
      { seed: 7, numRuns: 60 },
    );
  });
});

describe('a file', () => {
  it.each([
    ['a seed', EVERYTHING, true],
    ['a state', STATE, true],
    ['a seed on one line', '{"tenants":[]}', true],
    ['a scenario with tenants in its text', 'name: x\ndescription: |\n  tenants: two\nsteps: []', false],
    ['a scenario', 'name: x\nsteps: []', false],
  ])('%s looks like tenants: %#', (_what, text, expected) => {
    expect(looksLikeTenants(text)).toBe(expected);
  });
});

/** A copy in which the value with this number, counted depth first, is another. */
function replacedAt(value: unknown, place: number, other: unknown): unknown {
  let count = 0;
  const visit = (inner: unknown): unknown => {
    if (count++ === place) return other;
    if (Array.isArray(inner)) return inner.map(visit);
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, visit(item)]));
  };
  return visit(value);
}

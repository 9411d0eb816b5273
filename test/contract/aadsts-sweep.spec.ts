import { readdirSync, readFileSync } from 'node:fs';
import { ASSERTION_VECTORS } from './entra-assertion-vectors.ts';
import { REQUEST_VECTORS } from './entra-request-vectors.ts';
import { STATE_VECTORS } from './entra-state-vectors.ts';

/**
 * Every number of fact sheet microsoft 1.5, with what brings it about. 28000 is left out: it is the older number for what
 * is 700022 today.
 */
const FACT_SHEET = {
  7000215: 'wrong secret',
  7000222: 'expired secret',
  7000218: 'no secret, no assertion',
  700016: 'application not in the tenant',
  700038: 'client ID that is none',
  90002: 'unknown tenant',
  900023: 'malformed tenant',
  70011: 'malformed scope',
  1002012: 'scope without /.default',
  500011: 'unknown resource',
  700022: 'two resources',
  900144: 'missing parameter',
  70003: 'other grant type',
  9001023: '/common',
  900561: 'GET',
  7000112: 'disabled application',
  7000229: 'no service principal',
  501051: 'assignment required',
  53003: 'Conditional Access',
  700027: 'signature of an assertion',
  7000213: 'certificate chain of an assertion',
  700024: 'time of an assertion',
  90055: 'tenant throttled',
  50196: 'loop',
  90033: 'transient',
  90024: 'transient, of a server behind',
  90006: 'service unavailable',
};

/** Of instance discovery: entra.spec.ts. */
const INSTANCE_UNKNOWN = 50049;

/** The numbers that a request to the endpoint brings about, each in a test of its own. */
const REACHED = new Set([
  ...[...REQUEST_VECTORS, ...STATE_VECTORS].map(([, , { code }]) => code),
  ...ASSERTION_VECTORS.map(([, , code]) => code),
  INSTANCE_UNKNOWN,
]);

const ENTRA = new URL('../../mocks/entra/src/', import.meta.url);

/** Every number that stands in the source of the mock as one it answers with. */
function answered(): number[] {
  const sources = readdirSync(ENTRA)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => readFileSync(new URL(name, ENTRA), 'utf8'));
  const forms = [
    /\baadsts: (\d+)/g,
    /\brefusal\('[\w-]+', (\d+)/g,
    /\brefusal\(\s*'[\w-]+',\s*(\d+)/g,
    /^ {2}(\d{5}): \{/gm,
  ];
  return sources.flatMap((text) => forms.flatMap((form) => [...text.matchAll(form)].map(([, code]) => Number(code))));
}

describe('AADSTS numbers', () => {
  it.each(Object.entries(FACT_SHEET))('AADSTS%s (%s) is brought about by a request or a state', (code) => {
    expect(REACHED).toContain(Number(code));
  });

  it('are all in a test, those besides the fact sheet too', () => {
    const all = new Set(answered());
    expect(all.size).toBeGreaterThanOrEqual(Object.keys(FACT_SHEET).length);
    expect([...all].filter((code) => !REACHED.has(code))).toEqual([]);
  });
});

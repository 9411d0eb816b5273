import { readFileSync, readdirSync } from 'node:fs';
import { explainFailure, ROOT_CAUSE_CODES } from '#libs/diagnosis';
import { EvidenceReader, type EvidenceRead } from '#libs/evidence-reader';

const FOLDER = new URL('.', import.meta.url);
/** A day on which nothing of the corpus is out of date but what says so. */
const NOW = Date.parse('2026-06-01T00:00:00Z');

interface Expected {
  /** The cause that must come first. */
  first?: string;
  /** Causes that look alike: the first must be one of them. */
  among?: string[];
  verdict?: string;
}

const expected = new Map(
  Object.entries(JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')) as Record<string, Expected>),
);
const inputs = readdirSync(FOLDER).filter((name) => /^\d{3}-/.test(name));

function readWhole(name: string): EvidenceRead {
  const reader = new EvidenceReader({ now: NOW });
  const open = reader.open(name);
  open.feed(readFileSync(new URL(name, FOLDER)));
  open.end();
  return reader.result();
}

describe('the corpus', () => {
  it('has at least 60 inputs, each with its answer, and no answer without its input', () => {
    expect(inputs.length).toBeGreaterThanOrEqual(60);
    expect([...expected.keys()].sort()).toEqual(inputs.sort());
  });

  it('expects causes that exist', () => {
    const codes = [...expected.values()].flatMap(({ first, among = [] }) => (first === undefined ? among : [first]));
    for (const code of codes) expect(ROOT_CAUSE_CODES).toContain(code);
  });

  it.each(inputs)('%s is explained', (name) => {
    const { observations, history } = readWhole(name);
    const { verdict, causes } = explainFailure(observations, { history });
    const answer = expected.get(name) ?? {};
    if (answer.verdict !== undefined) expect(verdict).toBe(answer.verdict);
    if (answer.verdict === 'none') return expect(causes).toEqual([]);
    expect(answer.among ?? [answer.first]).toContain(causes[0]?.code);
  });

  it.each(inputs)('%s is read the same in pieces of seven bytes', (name) => {
    const reader = new EvidenceReader({ now: NOW });
    const open = reader.open(name);
    const bytes = readFileSync(new URL(name, FOLDER));
    for (let at = 0; at < bytes.length; at += 7) open.feed(bytes.subarray(at, at + 7));
    open.end();
    expect(reader.result().observations).toEqual(readWhole(name).observations);
  });
});

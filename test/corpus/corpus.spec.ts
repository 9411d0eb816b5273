import { readFileSync, readdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { explainFailure, ROOT_CAUSE_CODES } from '#libs/diagnosis';
import { EvidenceReader, unpacked, type EvidenceRead } from '#libs/evidence-reader';

const FOLDER = new URL('.', import.meta.url);
/** A day on which nothing of the corpus is out of date but what says so. */
const NOW = Date.parse('2026-06-01T00:00:00Z');

interface Expected {
  /** The cause that must come first. */
  first?: string;
  /** Causes that look alike: the first must be one of them. */
  among?: string[];
  verdict?: string;
  /** The step of the path at which it failed; absent where nothing did. */
  at?: string;
  /** What cause, remedy or check must name. */
  says?: string[];
  /** The cause of another failure in the same input. */
  beside?: string;
  /** It went well later. */
  since?: boolean;
}

const expected = new Map(
  Object.entries(JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')) as Record<string, Expected>),
);
const inputs = readdirSync(FOLDER).filter((name) => /^\d{3}-/.test(name));

async function read(name: string, pieceBytes = Infinity): Promise<EvidenceRead> {
  const reader = new EvidenceReader({ now: NOW });
  const open = reader.open(name);
  const bytes = readFileSync(new URL(name, FOLDER));
  for await (const chunk of unpacked(Readable.from(piecesOf(bytes, pieceBytes)))) open.feed(chunk);
  open.end();
  return reader.result();
}

function* piecesOf(bytes: Buffer, pieceBytes: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
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

  it.each(inputs)('%s is explained', async (name) => {
    const { observations, history } = await read(name);
    const explanation = explainFailure(observations, { history });
    const { verdict, causes, symptom, meaning, since, beside = [] } = explanation;
    const { first, among = [first], says = [], ...answer } = expected.get(name) ?? {};
    expect({ verdict, at: symptom?.step, beside: beside[0]?.code, since: since && true }).toEqual(answer);
    expect(among).toContain(causes[0]?.code);
    const told = JSON.stringify([causes[0], meaning]);
    for (const words of says) expect(told).toContain(words);
  });

  it.each(inputs)('%s is read the same in pieces of seven bytes', async (name) => {
    const [whole, pieces] = [await read(name), await read(name, 7)];
    expect(pieces.observations).toEqual(whole.observations);
  });
});

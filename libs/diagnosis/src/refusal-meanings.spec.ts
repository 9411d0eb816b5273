import { explainFailure } from './explain-failure.ts';
import { KNOWLEDGE } from './knowledge/root-cause-knowledge.ts';
import { LANGUAGES } from './language.ts';
import type { Observation } from './observation.ts';
import { REFUSAL_MEANINGS, refusalMeaning } from './refusal-meanings.ts';

const symptoms = REFUSAL_MEANINGS.flatMap((row) => row.symptoms);

it('explains no symptom twice, and none that a root cause shows as', () => {
  expect(new Set(symptoms).size).toBe(symptoms.length);
  const known = new Set(KNOWLEDGE.flatMap(({ shows }) => Object.keys(shows)));
  expect(symptoms.filter((symptom) => known.has(symptom))).toEqual([]);
});

it.each(symptoms)('%s has a meaning and a remedy in each language', (symptom) => {
  const told = LANGUAGES.map((language) => refusalMeaning([symptom], language));
  expect(new Set(told.flatMap((one) => [one?.text, one?.remedy])).size).toBe(LANGUAGES.length * 2);
});

it('names no cause for a refusal that ISE does not bring about, but says what it means', () => {
  const refused: Observation = { kind: 'aadsts', number: 700024, source: {} };
  const { verdict, causes, meaning } = explainFailure([refused], { language: 'de' });
  expect([verdict, causes]).toEqual(['none', []]);
  expect(meaning?.remedy).toContain('NTP');
});

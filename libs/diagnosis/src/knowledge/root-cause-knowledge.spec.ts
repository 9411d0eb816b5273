import { causeTexts } from '../cause-texts.ts';
import { CHECKS } from '../checks.ts';
import { CLUES } from '../clues.ts';
import { LANGUAGES } from '../language.ts';
import { ROOT_CAUSE_CODES } from '../root-cause.ts';
import { KNOWLEDGE } from './root-cause-knowledge.ts';

const NO_FACTS = {};

/** Facts that every text may name. */
const FACTS = {
  host: 'smtp.office365.com',
  expected: 'aaaa-1',
  actual: 'bbbb-2',
  mailbox: 'ise@lab.example',
  recipient: 'guest@lab.example',
  tenant: 't1',
  clientId: 'c1',
  certificate: 'DigiCert',
  proxy: 'proxy.lab.example:3128',
  during: 'auth',
  answer: '550',
};

describe.each(ROOT_CAUSE_CODES)('%s', (code) => {
  const known = KNOWLEDGE.filter((one) => one.code === code);

  it('is known once: how common it is, what it shows as, what tells it from others', () => {
    expect(known).toHaveLength(1);
    expect(known[0]?.prior).toBeGreaterThan(0);
    expect(Object.keys(known[0]?.shows ?? {})).not.toEqual([]);
    expect(Object.keys(CHECKS)).toContain(known[0]?.check);
  });

  it.each(LANGUAGES)('has a cause and a remedy in %s, with and without the facts of a case', (language) => {
    const { cause, remedy } = causeTexts(code, language);
    for (const text of [cause(NO_FACTS), remedy(NO_FACTS), cause(FACTS), remedy(FACTS)]) {
      expect(text).toMatch(/\S+ \S+/);
      expect(text).not.toMatch(/undefined|[{}[\]]| {2}| [.,;:](\s|$)/);
    }
  });

  it('says the same in three languages, not thrice in one', () => {
    const causes = LANGUAGES.map((language) => causeTexts(code, language).cause(NO_FACTS));
    expect(new Set(causes).size).toBe(LANGUAGES.length);
  });
});

describe('what is known', () => {
  it('names no cause that the catalogue does not have', () => {
    expect(KNOWLEDGE.map(({ code }) => code).toSorted()).toEqual([...ROOT_CAUSE_CODES].toSorted());
  });

  it('uses every check and every clue', () => {
    const used = new Set(KNOWLEDGE.flatMap(({ check, clues = {} }) => [check, ...Object.keys(clues)]));
    expect([...Object.keys(CHECKS), ...Object.keys(CLUES)].filter((id) => !used.has(id))).toEqual([]);
  });

  it('tells what the answer to each check means in three languages', () => {
    for (const { tells } of Object.values(CHECKS)) expect(new Set(Object.values(tells)).size).toBe(LANGUAGES.length);
  });
});

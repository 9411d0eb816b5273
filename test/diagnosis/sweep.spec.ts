import { explainFailure, LANGUAGES, ROOT_CAUSE_CODES, type Observation } from '#libs/diagnosis';
import { findScenarioFiles, loadScenarioFile } from '#libs/scenario';
import { ROOT } from '../docs/markdown.ts';
import { BREAKAGES } from './draw.ts';

const explained = new Set(
  findScenarioFiles([`${ROOT}/scenarios`]).files.flatMap((file) =>
    (loadScenarioFile(file).scenario?.steps ?? []).flatMap((step) => (step.kind === 'explain' ? [step.code] : [])),
  ),
);

it.each(ROOT_CAUSE_CODES)('%s has a scenario that shows it, and is drawn', (code) => {
  expect([...explained]).toContain(code);
  expect(Object.keys(BREAKAGES)).toContain(code);
});

it.each(LANGUAGES)('leads from a reply with many causes to cause, remedy and check in %s', (language) => {
  const refused: Observation = {
    kind: 'smtp-reply',
    code: 535,
    enhanced: '5.7.3',
    text: 'Authentication unsuccessful',
    source: { file: 'guest.log', line: 7 },
  };
  const { causes, verdict, symptom } = explainFailure([refused], { language });
  expect([verdict, symptom?.source.line]).toEqual(['ambiguous', 7]);
  expect(causes.length).toBeGreaterThan(8);
  for (const { code, cause, remedy, check, rivals } of causes) {
    expect([...explained]).toContain(code);
    expect([cause, remedy, check.ask, check.tells].every((text) => /\S \S/.test(text))).toBe(true);
    expect(rivals).toHaveLength(causes.length - 1);
  }
});

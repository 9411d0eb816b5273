import { CLICKS, STEP_SCHEMAS } from './step.schema.ts';
import { ACTION_SCHEMAS } from './action.schema.ts';
import { scenarioJsonSchema } from './scenario.schema.ts';

describe('the JSON Schema', () => {
  const text = JSON.stringify(scenarioJsonSchema());

  it('forbids unknown keys and has the words of the format for completion and hover', () => {
    expect(scenarioJsonSchema()).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['name', 'steps'],
      properties: {
        name: { description: 'What the scenario shows, in one line.' },
        given: {
          properties: { debugLog: { enum: ['FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'], default: 'INFO' } },
        },
      },
    });
  });

  it('offers every action, every step and every button', () => {
    for (const name of Object.keys(ACTION_SCHEMAS)) expect(text).toContain(JSON.stringify(name));
    for (const name of Object.keys(STEP_SCHEMAS)) expect(text).toContain(JSON.stringify(name));
    for (const { page, button } of CLICKS) expect(text).toContain(`pan1 / ${page} / ${button}`);
  });
});

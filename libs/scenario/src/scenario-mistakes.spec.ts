import { readFileSync } from 'node:fs';
import { formatMistake } from './mistake.ts';
import { loadScenarioFile } from './scenario-file.ts';
import { readScenario } from './scenario-reader.ts';

const CODES = ['exchange.no-consent', 'exchange.service-principal-wrong-object-id'];

function fixture(name: string): string {
  return new URL(`./fixtures/${name}`, import.meta.url).pathname;
}

function mistakesIn(text: string): string[] {
  return readScenario('case.yaml', text, { catalogueCodes: CODES }).mistakes.map(formatMistake);
}

/** Mistakes of a scenario with these steps; the first step is on line 3. */
function mistakesInSteps(...lines: string[]): string[] {
  return mistakesIn(['name: a case', 'steps:', ...lines].join('\n'));
}

describe('mistakes', () => {
  it('are all told at once, with line, column, expectation and the nearest name', () => {
    const file = fixture('five-mistakes.yaml');
    const { scenario, mistakes } = loadScenarioFile(file);
    expect(scenario).toBeUndefined();
    expect(mistakes).toMatchObject([
      {
        file,
        line: 4,
        column: 10,
        message: '"clock" is "2026-13-45"',
        expected: expect.stringContaining('2026-03-15'),
      },
      { file, line: 5, column: 3, message: 'unknown key "deploiment"', nearest: 'deployment' },
      { line: 7, column: 12, message: 'unknown button of SMTP Server "Tset Connection"', nearest: 'Test Connection' },
      {
        line: 8,
        column: 11,
        message: '"wait" is "-5m"',
        expected: 'a duration above zero such as 90s, 65m, 12h or 3d',
      },
      { line: 9, column: 12, message: 'unknown node "pan9"', nearest: 'pan1' },
    ]);
    expect(mistakes.map(formatMistake)[1]).toMatch(
      /five-mistakes\.yaml:5:3 {2}unknown key "deploiment"; expected one of: deployment, .*; did you mean "deployment"\?$/,
    );
  });

  it.each([
    ['an empty file', '', 'case.yaml:1:1  the file is empty; expected a scenario: name and steps'],
    ['nothing but a comment', '# later\n', 'the file is empty'],
    ['a text', 'hello', 'the file is "hello"; expected a mapping with one of: name'],
    ['a list', '- name: x', 'the file is a list; expected a mapping'],
    ['no name', 'steps: [{ wait: 1s }]', 'case.yaml:1:1  "name" is missing; expected text'],
    ['an empty name', 'name: ""\nsteps: [{ wait: 1s }]', ':1:7  "name" is ""; expected text that is not empty'],
    ['a key without value', 'name:\nsteps: [{ wait: 1s }]', '"name" is empty; expected text'],
    ['no step', 'name: x\nsteps: []', ':2:8  "steps" is a list; expected at least one step'],
    ['a key that is there twice', 'name: x\nname: y\nsteps: [{ wait: 1s }]', ':2:1  the key "name" is there twice'],
    ['two documents', 'name: x\n---\nname: y\n', ':2:1  a second document begins here; expected one document per file'],
    ['a tab', 'name: x\nsteps:\n\t- wait: 1s\n', ':3:1  a tab at the beginning of the line; expected spaces'],
    ['an open quote', 'name: "x\n', 'a quote, bracket or colon is missing'],
    ['a tag', 'name: !secret x\nsteps: [{ wait: 1s }]', ':1:15  the tag !secret; expected a value without a tag'],
    ['a tag of a mapping', 'name: x\ngiven: !!set {}\nsteps: [{ wait: 1s }]', 'expected a value without a tag'],
    ['a number for a text', 'name: 535\nsteps: [{ wait: 1s }]', '"name" is the number 535; expected text, in quotes'],
    ['a text for a list', 'name: x\ntags: y\nsteps: [{ wait: 1s }]', ':2:7  "tags" is "y"; expected a list'],
    ['a prototype key', 'name: x\n__proto__: {}\nsteps: [{ wait: 1s }]', ':2:1  unknown key "__proto__"'],
    ['a merge key', 'name: x\n<<: {}\nsteps: [{ wait: 1s }]', ':2:1  unknown key "<<"'],
    ['an alias of nothing', 'name: *x\nsteps: [{ wait: 1s }]', ':1:7  the alias "*x" has no anchor before it'],
    ['an alias inside its own anchor', 'name: &x [*x]\n', ':1:11  the alias "*x" has no anchor before it'],
  ])('%s', (_what, text, expected) => {
    expect(mistakesIn(text)).toContainEqual(expect.stringContaining(expected));
  });

  it.each([
    ['no headline', '  - gui: x', 'step 1 does not say what it is; expected exactly one of: do, break, mend, click'],
    ['a misspelled headline', '  - clik: x', ':3:5  unknown key "clik"; expected exactly one of: do, break'],
    ['two headlines', '  - wait: 1s\n    explain: exchange.no-consent', ':4:5  "explain" beside "wait"'],
    ['a step that is a word', '  - wait', 'step 1 is "wait"; expected a mapping with one of: do'],
    ['no action', '  - break: it', ':3:5  step 1 does not fit; expected an action besides'],
    ['an unknown action', '  - break: it\n    network.cutt: { node: psn1 }', 'did you mean "network.cut"?'],
    ['an action on an unknown node', '  - break: it\n    network.cut: { node: psn9 }', 'unknown node "psn9"'],
    ['values for an action that has none', '  - do: it\n    entra.grantConsent: { x: 1 }', 'expected {} (it takes no'],
    ['a click of one word', '  - click: Save', 'expected node, page and button, such as: pan1 / SMTP Server / Save'],
    [
      'an unknown page',
      '  - click: pan1 / SMPT Server / Save',
      'unknown page "SMPT Server"; expected one of: SMTP Server',
    ],
    ['a button cut short', '  - click: pan1 / SMTP Server / Test', 'did you mean "Test Connection"?'],
    [
      'a field of another page',
      '  - click: pan1 / SMTP Server / Save\n    with: { to: x }',
      'unknown key "to"; expected one of: smtpServer',
    ],
    [
      'a page without its fields',
      '  - click: psn1 / Sponsor Portal / Resend',
      ':3:5  "with" is missing; expected a mapping with one of: guest',
    ],
    [
      'a proxy without port',
      '  - click: pan1 / Proxy / Save\n    with: { host: x }',
      '"port" is missing; expected a port',
    ],
    [
      'an expected page text that is a number',
      '  - click: pan1 / SMTP Server / Save\n    gui: 535',
      ':4:10  "gui" is the number 535',
    ],
    [
      'a page text without a click',
      '  - wait: 1s\n    gui: x',
      'unknown key "gui"; expected one of: wait, log, mail, alarm',
    ],
    ['an empty log expectation', '  - wait: 1s\n    log: {}', '"log" does not fit; expected at least one of logger'],
    [
      'a log expectation among others',
      '  - wait: 1s\n    log: [{ text: a }, { txt: b }]',
      ':4:26  unknown key "txt"; expected one of: node, logger, level, thread, text; did you mean "text"?',
    ],
    ['an unknown outcome', '  - wait: 1s\n    mail: { outcome: deliverd }', 'did you mean "delivered"?'],
    ['a mail from an unknown node', '  - wait: 1s\n    mail: { outcome: none, from: mmt1 }', 'unknown node "mmt1"'],
    ['an alarm on an unknown node', '  - raise: x\n    on: psn3', ':4:9  unknown node "psn3"'],
    ['an unknown diagnosis', '  - explain: exchange.no-conset', 'did you mean "exchange.no-consent"?'],
    [
      'an unknown sponsor',
      '  - click: psn1 / Sponsor Portal / Create\n    with: { sponsor: sponsoruse }',
      'did you mean "sponsoruser"?',
    ],
    ['an unknown placeholder', '  - raise: "{{mailbx}}"\n    on: psn1', ':3:12  unknown placeholder "mailbx"'],
    [
      'a placeholder without quotes',
      '  - raise: {{mailbox}}\n    on: psn1',
      'a {{placeholder}} needs quotes around it',
    ],
    [
      'an instant that is over',
      '  - wait: 3d\n  - waitUntil: 2026-02-05',
      ':4:16  "waitUntil" is "2026-02-05"; expected an instant after 2026-02-05T05:00:00.000Z',
    ],
    ['a wait of no time', '  - wait: 0s', '"wait" is "0s"'],
    ['a wait of many lives', '  - wait: 40000d', '"wait" is "40000d"'],
  ])('in a step: %s', (_what, step, expected) => {
    expect(mistakesInSteps(step)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ['2026-02-30', '2026-02-28'],
    ['2026-02-29', '2028-02-29'],
    ['2026-03-15T24:00:00Z', '2026-03-15T23:59:59Z'],
    ['2026-03-15T08:00:00', '2026-03-15T08:00:00+01:00'],
    ['"15.03.2026"', '2026-03-15T08:00Z'],
  ])('a clock at %s is one, at %s is none', (wrong, right) => {
    const withClock = (clock: string): string => `name: x\ngiven: { clock: ${clock} }\nsteps: [{ wait: 1s }]`;
    expect(mistakesIn(withClock(wrong))).toEqual([expect.stringContaining('"clock" is')]);
    expect(mistakesIn(withClock(right))).toEqual([]);
  });

  it.each([
    ['seed: -1', 'seed: 0'],
    ['seed: 2147483648', 'seed: 2147483647'],
    ['retry: { attemptsMax: 21 }', 'retry: { attemptsMax: 20 }'],
    ['smtpSettings: { connectionTimeoutSeconds: 601 }', 'smtpSettings: { connectionTimeoutSeconds: 600 }'],
    ['tenant: { consent: yes }', 'tenant: { consent: true }'],
    ['guests: [{ emailAddress: nobody }]', 'guests: [{ emailAddress: some@body }]'],
    ['guests: [{ sponsor: kim }]', 'guests: [{ sponsor: sponsoruser }]'],
    ['tenant: ill', 'tenant: healthy'],
  ])('in given: %s is one, %s is none', (wrong, right) => {
    const withGiven = (given: string): string => `name: x\ngiven:\n  ${given}\nsteps: [{ wait: 1s }]`;
    expect(mistakesIn(withGiven(wrong))).toHaveLength(1);
    expect(mistakesIn(withGiven(right))).toEqual([]);
  });

  it('name a secret that is only made later', () => {
    const [use, make] = [
      '  - raise: "{{secrets.second.id}}"\n    on: psn1',
      '  - do: it\n    entra.addSecret: { as: second }',
    ];
    expect(mistakesInSteps(use, make)).toEqual([
      expect.stringContaining(':3:12  unknown placeholder "secrets.second.id"'),
    ]);
    expect(mistakesInSteps(make, use)).toEqual([]);
  });

  it('are secret values anywhere but in the client secret, and never repeat what stands there', () => {
    expect(mistakesInSteps('  - raise: "{{secrets.current.value}}"\n    on: psn1')).toEqual([
      'case.yaml:3:12  the value of a secret in "raise"; expected it in the field "clientSecret" only',
    ]);
    const [typed] = mistakesInSteps('  - click: pan1 / SMTP Server / Save\n    with: { clientSecret: 4711 }');
    expect(typed).toContain('"clientSecret" is another value; expected text, in quotes');
  });

  it('are too many steps', () => {
    const steps = (count: number): string => `name: x\nsteps:\n${'  - wait: 1s\n'.repeat(count)}`;
    expect(mistakesIn(steps(1_000))).toEqual([]);
    expect(mistakesIn(steps(1_001))).toEqual(['case.yaml:3:3  "steps" is a list; expected at most 1000 steps']);
  });

  it('are told without the control characters of the file', () => {
    expect(mistakesIn('"\\e[31mred": 1')).toContainEqual(expect.stringContaining('unknown key "\\u001b[31mred"'));
  });

  it('come in the order of the file', () => {
    const lines = readScenario('x', readFileSync(fixture('five-mistakes.yaml'), 'utf8')).mistakes.map(
      ({ line }) => line,
    );
    expect(lines).toEqual(lines.toSorted((one, other) => one - other));
  });
});

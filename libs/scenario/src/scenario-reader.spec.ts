import { formatMistake } from './mistake.ts';
import { loadScenarioFile } from './scenario-file.ts';
import { readScenario } from './scenario-reader.ts';
import type { Scenario } from './scenario.ts';

const CODES = ['exchange.no-consent', 'exchange.service-principal-wrong-object-id'];

function fixture(name: string): string {
  return new URL(`./fixtures/${name}`, import.meta.url).pathname;
}

function scenarioOf(...lines: string[]): Scenario {
  const { scenario, mistakes } = readScenario('case.yaml', lines.join('\n'), { catalogueCodes: CODES });
  if (!scenario) throw new Error(mistakes.map(formatMistake).join('\n'));
  return scenario;
}

describe('a scenario without mistakes', () => {
  it('gets every default when it says nothing', () => {
    expect(scenarioOf('name: least', 'steps: [{ wait: 1s }]')).toEqual({
      file: 'case.yaml',
      name: 'least',
      tags: [],
      given: {
        deployment: { kind: 'six-nodes' },
        tenant: { kind: 'standing', consent: true, servicePrincipal: 'enterprise', mailboxPermission: true },
        smtpSettings: { kind: 'saved', fields: {} },
        guestEmailSettings: {},
        alarmSettings: {},
        network: 'open',
        proxy: 'none',
        clock: Date.UTC(2026, 1, 2, 5),
        seed: 1,
        debugLog: 'INFO',
        guestTypes: [],
        sponsors: [{ username: 'sponsoruser', emailAddress: 'sponsoruser@lab.example', password: 'isebed-Sponsor-1' }],
        sponsorGroups: [],
        selfRegistration: {},
        guestLocations: [],
        guestTimeZone: 'UTC',
        guests: [],
        internalUsers: [],
        adminUsers: [],
        passwordPolicy: {},
        alarmThresholds: {},
        retry: {},
      },
      steps: [{ kind: 'wait', line: 2, text: '1s', durationMs: 1_000, log: [], mail: [], alarm: [] }],
      expect: { mails: [], alarms: [], log: [] },
    });
  });

  it('is read as a whole, with durations in ms, instants in epoch ms and the line of everything', () => {
    const { scenario, mistakes } = loadScenarioFile(fixture('whole.yaml'), { catalogueCodes: CODES });
    expect(mistakes).toEqual([]);
    expect(scenario?.given).toMatchObject({
      deployment: {
        kind: 'listed',
        nodes: [
          { name: 'ise1', adminRole: 'secondary', monitoringRole: 'active' },
          { name: 'ise2', adminRole: 'primary', monitoringRole: 'standby' },
        ],
      },
      tenant: { consent: false, servicePrincipal: 'enterprise', secretEndsOn: Date.UTC(2026, 2, 1) },
      smtpSettings: { kind: 'saved', fields: { expiryDate: Date.UTC(2026, 5, 1), connectionTimeoutSeconds: 30 } },
      alarmSettings: { sender: null },
      clock: Date.UTC(2026, 1, 2, 6),
      seed: 7,
      guestTypes: [{ name: 'Visitor', expirationNotification: { advanceMs: 43_200_000, text: 'Soon over' } }],
      retry: { attemptsMax: 3, firstDelayMs: 30_000, delayMsMax: 600_000 },
    });
    expect(scenario?.steps).toMatchObject([
      {
        kind: 'do',
        line: 27,
        text: 'a second secret',
        actions: [
          { name: 'network.heal', node: 'ise1' },
          { name: 'entra.addSecret', as: 'second', endsOn: Date.UTC(2026, 3, 1) },
        ],
      },
      {
        kind: 'click',
        line: 30,
        node: 'ise2',
        page: 'SMTP Server',
        button: 'Test Connection',
        fields: { clientSecret: '{{secrets.second.value}}', smtpPort: 587 },
        log: [
          { line: 34, node: 'ise2', logger: 'SmtpSession', level: 'DEBUG' },
          { line: 35, node: 'ise1' },
        ],
        mail: [{ line: 36, outcome: 'none' }],
      },
      { kind: 'click', page: 'Proxy', button: 'Save', fields: { host: null } },
      { kind: 'raise', alarmName: 'High Load Average', on: 'ise1', alarm: [{ line: 41, mailed: 'undeliverable' }] },
      { kind: 'wait', durationMs: 3_900_000 },
      { kind: 'wait', until: Date.UTC(2026, 2, 15), mail: [{ line: 45, by: 'exchange', to: 'guest' }] },
      { kind: 'explain', line: 46, code: 'exchange.no-consent' },
    ]);
    expect(scenario?.expect).toEqual({
      mails: [{ line: 48, type: 'alarm', count: 0 }],
      alarms: [{ line: 49, name: 'High Load Average', count: 1 }],
      log: [{ line: 50, text: 'MessagingException' }],
    });
  });

  it('may use an alias for a value that comes twice', () => {
    const { steps } = scenarioOf(
      'name: twice',
      'steps:',
      '  - { wait: 1s, mail: &none { outcome: none } }',
      '  - { wait: 2s, mail: *none }',
    );
    expect(steps).toMatchObject([{ mail: [{ outcome: 'none' }] }, { mail: [{ outcome: 'none' }] }]);
  });
});

describe('many by one entry', () => {
  const read = (guests: string) =>
    readScenario('case.yaml', `name: many\ngiven:\n  guests:\n    - ${guests}\nsteps: [{ wait: 1s }]\n`);

  it('numbers their texts from 1 and sets them apart', () => {
    const { scenario } = read(
      "{ count: 3, apart: 1h, username: 'g{n}', lastName: No {n}, validFrom: 2026-02-02 }".replace(
        'No {n}',
        "'No {n}'",
      ),
    );
    const start = Date.parse('2026-02-02');
    expect(scenario?.given.guests).toEqual(
      [1, 2, 3].map((n) => ({ username: `g${n}`, lastName: `No ${n}`, validFrom: start + (n - 1) * 3_600_000 })),
    );
  });

  it.each([
    ['{ count: 2, username: same }', '{n} in it, since there are 2 of them'],
    ["{ count: 2, username: 'g{n}', apart: 1h }", '"validFrom", from which on they are apart'],
    ['{ count: 0 }', 'a whole number from 1 to 10000'],
  ])('refuses %s', (entry, expected) => {
    expect(read(entry).mistakes.map((mistake) => mistake.expected)).toEqual([expected]);
  });
});

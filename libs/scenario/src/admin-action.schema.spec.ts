import { isAdminAction } from './admin-action.schema.ts';
import { formatMistake } from './mistake.ts';
import { readScenario } from './scenario-reader.ts';

const EMPTY = 'given: { tenant: empty, smtpSettings: none }';

function read(given: string, ...steps: string[]) {
  return readScenario('case.yaml', ['name: a case', given, 'steps:', ...steps].join('\n'), { catalogueCodes: [] });
}

function mistakesIn(given: string, ...steps: string[]): string[] {
  return read(given, ...steps).mistakes.map(formatMistake);
}

const CREATE = '  - { do: it, graph.request: { method: POST, path: "/v1.0/applications", note: { clientId: appId } } }';
const ADD_SECRET = '  - { do: it, graph.request: { method: POST, path: /v1.0/x, noteSecret: ise } }';

describe('a request of an administrator', () => {
  it('keeps what is sent, what is noted, and what is expected', () => {
    const { scenario } = read(
      EMPTY,
      '  - do: it',
      '    graph.request: { method: POST, path: "/v1.0/x?$top=1", body: { a: [1, { b: null }] }, noteSecret: ise }',
      '    exchange.invoke: { cmdlet: Get-Mailbox, note: { guid: Guid }, refused: { status: 404, code: NotFound } }',
    );
    expect(scenario?.given.tenant).toEqual({ kind: 'empty' });
    expect(scenario?.steps).toMatchObject([
      {
        actions: [
          {
            name: 'graph.request',
            method: 'POST',
            path: '/v1.0/x?$top=1',
            body: { a: [1, { b: null }] },
            noteSecret: 'ise',
          },
          {
            name: 'exchange.invoke',
            cmdlet: 'Get-Mailbox',
            parameters: {},
            note: { guid: 'Guid' },
            refused: { status: 404, code: 'NotFound' },
          },
        ],
      },
    ]);
  });

  it.each([
    ['{ method: GETT, path: /v1.0/x }', '"method" is "GETT"; expected one of: GET, POST, PATCH, PUT, DELETE'],
    ['{ method: GET, path: /users }', 'expected a path that begins with the version'],
    ['{ method: GET, path: /v1.0/x, note: { id: "a b" } }', 'expected a path into the answer, such as appId'],
    ['{ method: GET, path: /v1.0/x, note: { id: "a[0" } }', 'expected a path into the answer, such as appId'],
    ['{ method: GET, path: /v1.0/x, note: { s: secretText } }', '"noteSecret" notes a secret'],
    ['{ method: GET, path: /v1.0/x, note: { s: x.password } }', '"noteSecret" notes a secret'],
    ['{ method: GET, path: /v1.0/x, body: [1] }', '"body" is a list; expected a mapping'],
    ['{ method: GET, path: /v1.0/x, refused: { statuss: 400 } }', 'did you mean "status"?'],
    ['{ method: GET, path: /v1.0/x, refused: { status: 200 } }', 'expected a whole number from 400 to 599'],
  ])('%s', (request, mistake) => {
    expect(mistakesIn(EMPTY, `  - { do: it, graph.request: ${request} }`)).toEqual([expect.stringContaining(mistake)]);
  });

  it.each([
    ['{ cmdlet: Get Mailbox }', 'expected the name of a cmdlet, such as New-ServicePrincipal'],
    ['{ cmdlet: Get-Mailbox, parametres: {} }', 'did you mean "parameters"?'],
    ['{ cmdlet: Get-Mailbox, noteSecret: x }', 'unknown key "noteSecret"'],
  ])('%s', (call, mistake) => {
    expect(mistakesIn(EMPTY, `  - { do: it, exchange.invoke: ${call} }`)).toEqual([expect.stringContaining(mistake)]);
  });

  it('is told from other actions by its name', () => {
    expect(isAdminAction({ name: 'graph.request' })).toBe(true);
    expect(isAdminAction({ name: 'exchange.run' })).toBe(false);
  });
});

describe('what a request notes', () => {
  const use = (placeholder: string) =>
    `  - { do: it, graph.request: { method: GET, path: "/v1.0/{{${placeholder}}}" } }`;
  const type = (placeholder: string) =>
    `  - { click: pan1 / SMTP Server / Save, with: { clientSecret: "{{${placeholder}}}" } }`;

  it('can be named in later steps', () => {
    const steps = [CREATE, ADD_SECRET, use('noted.clientId'), use('secrets.ise.id'), type('secrets.ise.value')];
    expect(mistakesIn(EMPTY, ...steps)).toEqual([]);
  });

  it.each([
    ['before it was noted', [use('noted.clientId'), CREATE], 'unknown placeholder "noted.clientId"'],
    ['in the very request', [CREATE.replace('applications', '{{noted.clientId}}')], 'unknown placeholder'],
    ['under another name', [CREATE, use('noted.cilentId')], 'did you mean "noted.clientId"?'],
    ['as a secret, by its value, in a path', [ADD_SECRET, use('secrets.ise.value')], 'the value of a secret in "path"'],
  ])('cannot be named %s', (_when, steps, mistake) => {
    expect(mistakesIn(EMPTY, ...steps)).toEqual([expect.stringContaining(mistake)]);
  });
});

describe('an empty tenant', () => {
  it.each(['app.clientId', 'secrets.current.id'])('has no %s', (name) => {
    const step = `  - { do: it, graph.request: { method: GET, path: "/v1.0/{{${name}}}" } }`;
    expect(mistakesIn(EMPTY, step)).toEqual([expect.stringContaining(`unknown placeholder "${name}"`)]);
    expect(mistakesIn('given: { tenant: healthy }', step)).toEqual([]);
  });

  it.each(['given: { tenant: empty }', 'given: { tenant: empty, smtpSettings: { smtpPort: 25 } }'])(
    'cannot have passed Test Connection: %s',
    (given) => {
      expect(mistakesIn(given, CREATE)).toEqual([
        expect.stringContaining('expected none, since the tenant is empty: nothing could have been tested'),
      ]);
    },
  );
});

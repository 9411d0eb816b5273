import fc from 'fast-check';
import { callGraph, inGraphLab, type GraphHttpAnswer, type GraphLab } from './graph-lab.ts';
import { A_USER } from './graph-users.ts';

const RUNS = { numRuns: 80, seed: 7 };

/** Every route that takes a body, with objects of the lab in its path. */
function routesWithBody({ application }: GraphLab): [method: string, path: string][] {
  const { objectId, servicePrincipalObjectId } = application;
  return [
    ['POST', '/users'],
    ['POST', '/domains'],
    ['POST', '/applications'],
    ['PATCH', `/applications/${objectId}`],
    ['POST', `/applications/${objectId}/addPassword`],
    ['POST', `/applications/${objectId}/removePassword`],
    ['POST', '/servicePrincipals'],
    ['PATCH', `/servicePrincipals/${servicePrincipalObjectId}`],
    ['POST', `/servicePrincipals/${servicePrincipalObjectId}/appRoleAssignments`],
    ['POST', '/oauth2PermissionGrants'],
  ];
}

function expectGraphError({ status, body }: GraphHttpAnswer, statuses: readonly number[]): void {
  expect(statuses).toContain(status);
  expect(body).toEqual({
    error: {
      code: expect.stringMatching(/^\w+$/),
      message: expect.stringMatching(/./),
      innerError: {
        date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
        'request-id': expect.any(String),
        'client-request-id': expect.any(String),
      },
    },
  });
}

describe('input that Graph cannot use', () => {
  it('is refused in Graph’s shape when it is no JSON', async () => {
    await inGraphLab(async (lab) => {
      const notJson = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => {
        try {
          JSON.parse(text);
          return false;
        } catch {
          return true;
        }
      });
      const route = fc.constantFrom(...routesWithBody(lab));
      await fc.assert(
        fc.asyncProperty(route, notJson, async ([method, path], raw) => {
          const answer = await callGraph(lab, method, path, undefined, { raw });
          expectGraphError(answer, [400]);
          expect(answer.body.error.code).toBe('BadRequest');
        }),
        RUNS,
      );
    });
  });

  it('is refused or taken, but never brings Graph down, whatever JSON it is', async () => {
    await inGraphLab(async (lab) => {
      const route = fc.constantFrom(...routesWithBody(lab));
      await fc.assert(
        fc.asyncProperty(route, fc.jsonValue(), async ([method, path], body) => {
          const answer = await callGraph(lab, method, path, body);
          if (answer.status >= 300) expectGraphError(answer, [400, 404, 409]);
        }),
        RUNS,
      );
      expect((await callGraph(lab, 'GET', '/users')).status).toBe(200);
    });
  });

  it('is refused when a property has the wrong type, is unknown or is null where it must not be', async () => {
    await inGraphLab(async (lab) => {
      const wrong = fc.oneof(fc.integer(), fc.constant(null), fc.array(fc.integer(), { minLength: 1 }), fc.object());
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...Object.keys(A_USER)), wrong, async (name, value) => {
          fc.pre(!(name === 'usageLocation' && value === null));
          expectGraphError(await callGraph(lab, 'POST', '/users', { ...A_USER, [name]: value }), [400]);
        }),
        RUNS,
      );
      await fc.assert(
        fc.asyncProperty(fc.stringMatching(/^[a-z]{1,12}$/), async (name) => {
          fc.pre(!['surname', 'mail'].includes(name));
          const answer = await callGraph(lab, 'POST', '/users', { ...A_USER, [name]: 'x' });
          expectGraphError(answer, [400]);
          expect(answer.body.error.message).toContain(`The property '${name}' does not exist`);
        }),
        RUNS,
      );
      expect((await callGraph(lab, 'GET', '/users')).body.value).toEqual([]);
    });
  });

  it('is refused in the query, or understood', async () => {
    await inGraphLab(async (lab) => {
      const piece = fc.constantFrom(
        'displayName',
        'eq',
        'and',
        'or',
        'startswith',
        '(',
        ')',
        ',',
        "'a'",
        'null',
        'true',
        '1',
        ' ',
      );
      const filter = fc.oneof(
        fc.string(),
        fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(' ')),
      );
      await fc.assert(
        fc.asyncProperty(filter, async (text) => {
          const answer = await callGraph(lab, 'GET', `/users?$filter=${encodeURIComponent(text)}`);
          if (answer.status !== 200) expectGraphError(answer, [400]);
        }),
        RUNS,
      );
    });
  });

  it('is refused as a token, whatever it is', async () => {
    await inGraphLab(async (lab) => {
      const part = fc.base64String().map((text) => text.replaceAll(/[=+/]/g, ''));
      const token = fc.oneof(
        part,
        fc.tuple(part, part, part).map((parts) => parts.join('.')),
      );
      await fc.assert(
        fc.asyncProperty(token, async (text) => {
          expectGraphError(await callGraph(lab, 'GET', '/users', undefined, { token: text }), [401]);
        }),
        RUNS,
      );
    });
  });

  it('is not found in a path, whatever it is', async () => {
    await inGraphLab(async (lab) => {
      await fc.assert(
        fc.asyncProperty(fc.string({ minLength: 1, unit: 'grapheme' }), async (text) => {
          fc.pre(text.isWellFormed() && !['.', '..', '$count'].includes(text));
          expectGraphError(await callGraph(lab, 'GET', `/users/${encodeURIComponent(text)}`), [404]);
        }),
        RUNS,
      );
    });
  });

  it('ends the connection when it is far too long', async () => {
    await inGraphLab(async (lab) => {
      const raw = `{"displayName":"${'x'.repeat(1_100_000)}"}`;
      await expect(callGraph(lab, 'POST', '/applications', undefined, { raw })).rejects.toThrow();
      expect((await callGraph(lab, 'GET', '/applications')).status).toBe(200);
    });
  });
});

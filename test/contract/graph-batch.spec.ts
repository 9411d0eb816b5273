import { callGraph, graphToken, inGraphLab, type GraphLab } from './graph-lab.ts';
import { A_USER } from './graph-users.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

function batch(lab: GraphLab, requests: object[], token?: string) {
  return callGraph(lab, 'POST', '/$batch', { requests }, token === undefined ? {} : { token });
}

/** So many requests that change nothing. */
function reads(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({ id: String(index), method: 'GET', url: '/organization' }));
}

describe('a batch', () => {
  it('answers each request under its ID, as if it had come alone', async () => {
    await inGraphLab(async (lab) => {
      const { status, body } = await batch(lab, [
        { id: 'a', method: 'POST', url: '/users', headers: JSON_TYPE, body: A_USER },
        { id: 'b', method: 'GET', url: `users/${A_USER.userPrincipalName}?$select=displayName` },
        { id: 'c', method: 'GET', url: '/users/$count', headers: { ConsistencyLevel: 'eventual' } },
        { id: 'd', method: 'DELETE', url: `/users/${A_USER.userPrincipalName}` },
        { id: 'e', method: 'GET', url: '/groups' },
      ]);
      expect(status).toBe(200);
      const [created, read, count, deleted, unknown] = body.responses;
      expect(created).toMatchObject({
        id: 'a',
        status: 201,
        headers: {
          Location: `https://graph.microsoft.com/v1.0/users/${created.body.id}`,
          'Content-Type': expect.stringMatching(/^application\/json/),
        },
        body: { userPrincipalName: A_USER.userPrincipalName },
      });
      expect(read).toMatchObject({ id: 'b', status: 200, body: { displayName: A_USER.displayName } });
      expect(count).toMatchObject({ id: 'c', status: 200, headers: { 'Content-Type': 'text/plain' }, body: '1' });
      expect(deleted).toEqual({ id: 'd', status: 204, headers: {} });
      expect(unknown).toMatchObject({ id: 'e', status: 404, body: { error: { code: 'BadRequest' } } });
      const routes = lab.journal.records
        .filter(({ kind }) => kind.startsWith('graph.'))
        .map(({ route, path, status: own }) => [route ?? path, own]);
      expect(routes).toEqual([
        ['/v1.0/users', 201],
        ['/v1.0/users/{id}', 200],
        ['/v1.0/users/$count', 200],
        ['/v1.0/users/{id}', 204],
        ['/v1.0/groups', undefined],
        ['/v1.0/$batch', 200],
      ]);
    });
  });

  it('does not try what depends on a request that failed, and nothing that depends on that', async () => {
    await inGraphLab(async (lab) => {
      const { body } = await batch(lab, [
        { id: 'first', method: 'GET', url: '/users/nobody' },
        { id: 'second', method: 'POST', url: '/users', headers: JSON_TYPE, body: A_USER, dependsOn: ['FIRST'] },
        { id: 'third', method: 'GET', url: '/users', dependsOn: ['second'] },
        { id: 'fourth', method: 'GET', url: '/users' },
      ]);
      expect(body.responses.map(({ status }: { status: number }) => status)).toEqual([404, 424, 424, 200]);
      expect(body.responses[3].body.value).toEqual([]);
    });
  });

  it('may have twenty requests, not twenty-one', async () => {
    await inGraphLab(async (lab) => {
      expect((await batch(lab, reads(20))).body.responses).toHaveLength(20);
      const { status, body } = await batch(lab, reads(21));
      expect([status, body.error.code, body.error.message]).toEqual([
        400,
        'BadRequest',
        'Number of batch request steps exceeds the max value of 20.',
      ]);
    });
  });

  it.each([
    ['an ID twice', [...reads(1), ...reads(1)], 'Request Id : 0 is not unique in this batch.'],
    [
      'a write without body',
      [{ id: '1', method: 'POST', url: '/users', headers: JSON_TYPE }],
      'Write request id : 1 does not contain Content-Type header or body.',
    ],
    [
      'a write without Content-Type',
      [{ id: '1', method: 'patch', url: '/users/x', body: {} }],
      'Write request id : 1 does not contain Content-Type header or body.',
    ],
    [
      'a dependency on what comes later',
      [
        { id: '1', method: 'GET', url: '/users', dependsOn: ['2'] },
        { id: '2', method: 'GET', url: '/users' },
      ],
      'Invalid dependency for request Id : 1.',
    ],
    ['no request', [], "Invalid value specified for property 'requests' of resource 'Batch'."],
    ['a request without URL', [{ id: '1', method: 'GET' }], "'requests/0/url'"],
  ])('is refused as a whole with %s', async (_what, requests, message) => {
    await inGraphLab(async (lab) => {
      const { status, body } = await batch(lab, requests);
      expect([status, body.error.message]).toEqual([400, expect.stringContaining(message)]);
    });
  });

  it('needs a token, whose permissions count for each request', async () => {
    await inGraphLab(async (lab) => {
      expect((await batch(lab, reads(1), '')).status).toBe(401);
      const token = await graphToken(lab, { clientId: lab.application.clientId, value: lab.secret.value });
      const { status, body } = await batch(lab, reads(1), token);
      expect([status, body.responses[0].status]).toEqual([200, 403]);
    });
  });

  it('counts as many requests as it has, where Graph throttles', async () => {
    await inGraphLab(async (lab) => {
      lab.directory.changePolicies(lab.tenantId, {
        graphThrottling: { requestsMax: 2, windowMs: 60_000, retryAfterS: 10 },
      });
      const { status, body } = await batch(lab, reads(3));
      expect([status, ...body.responses.map((one: { status: number }) => one.status)]).toEqual([200, 200, 200, 429]);
      expect(body.responses[2].headers['Retry-After']).toBe('10');
    });
  });
});

describe('/me', () => {
  it.each([
    ['GET', '/me'],
    ['GET', '/me?$select=id'],
    ['GET', '/me/messages'],
    ['POST', '/me/sendMail'],
    ['PATCH', '/me'],
  ])('%s %s has no answer for an application', async (method, path) => {
    await inGraphLab(async (lab) => {
      const token = await graphToken(lab, { clientId: lab.application.clientId, value: lab.secret.value });
      for (const options of [{}, { token }]) {
        const { status, body } = await callGraph(lab, method, path, method === 'GET' ? undefined : {}, options);
        expect([status, body.error.code, body.error.message]).toEqual([
          400,
          'BadRequest',
          '/me request is only valid with delegated authentication flow.',
        ]);
      }
    });
  });
});

import { sixNodeDeployment } from '#libs/deployment';
import { ADMIN, inNodeLab, recordsOf, type NodeLab } from './node-lab.ts';
import { ers, request } from './ers-lab.ts';

const PASSWORD = 'Lab-Admin-7';
const as = (userName: string, password = PASSWORD) => ({ credentials: { userName, password } });

/** Creates an administrator of these groups. */
async function addAdministrator(lab: NodeLab, name: string, rbacGroups: string[], more: object = {}): Promise<void> {
  const body = { name, password: PASSWORD, rbacGroups, ...more };
  const { status, json } = await request(lab, 'POST', '/api/v1/rbac/admin-user', { body });
  expect([status, json]).toEqual([200, { code: 0, message: 'Admin user created successfully' }]);
}

const NEW_USER = { body: { InternalUser: { name: 'eve', password: 'Lab-User-1' } } };
const setApi = (lab: NodeLab, body: object, node = 'ise1') => lab.call(node, 'PUT', 'api-settings', { body });

describe('who may use ERS and OpenAPI', () => {
  it.each([
    ['no credentials', { authorization: null }],
    ['another scheme', { authorization: 'Bearer abc' }],
    ['Basic without credentials', { authorization: 'Basic' }],
    ['Basic that is no Base64', { authorization: 'Basic ?????' }],
    ['Basic without a colon', { authorization: `Basic ${Buffer.from('admin').toString('base64')}` }],
    ['a wrong password', { authorization: `Basic ${Buffer.from('admin:wrong').toString('base64')}` }],
    ['an unknown user', { authorization: `Basic ${Buffer.from(`nobody:${ADMIN.password}`).toString('base64')}` }],
  ])('answers 401 to %s, and says how to sign in', async (_what, headers) => {
    await inNodeLab({}, async (lab) => {
      const refused = await ers(lab, 'POST', 'internaluser', { ...NEW_USER, headers });
      expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Basic realm="ISE ERS"']);
      expect(refused.json.ERSResponse.messages).toEqual([
        { title: 'Unauthorized', type: 'ERROR', code: 'Unauthorized' },
      ]);
      const node = await request(lab, 'GET', '/api/v1/deployment/node', { headers });
      expect([node.status, node.json]).toEqual([401, { code: 401, message: 'Unauthorized' }]);
      expect(node.headers['www-authenticate']).toMatch(/^Basic realm=/);
    });
  });

  it('lets an ERS Admin write, an ERS Operator read, and nobody in who is in neither group', async () => {
    await inNodeLab({}, async (lab) => {
      await addAdministrator(lab, 'ers-admin', ['ERS Admin']);
      await addAdministrator(lab, 'ers-operator', ['ERS Operator']);
      await addAdministrator(lab, 'helpdesk', []);
      const attempt = async (name: string) => [
        (await ers(lab, 'GET', 'internaluser', as(name))).status,
        (await ers(lab, 'DELETE', 'internaluser/name/eve', as(name))).status,
        (await request(lab, 'GET', '/api/v1/task', as(name))).status,
        (await request(lab, 'POST', '/api/v1/deployment/sync-node/nowhere', as(name))).status,
      ];
      expect(await attempt('ers-admin')).toEqual([200, 404, 200, 404]);
      expect(await attempt('ers-operator')).toEqual([200, 403, 200, 403]);
      expect(await attempt('helpdesk')).toEqual([403, 403, 403, 403]);
      const refused = await ers(lab, 'DELETE', 'internaluser/name/eve', as('ers-operator'));
      expect(refused.json.ERSResponse.messages[0]).toMatchObject({
        title: expect.stringContaining('ERS Admin'),
        code: 'Forbidden',
      });
    });
  });

  it('shuts out an administrator who is disabled, or whose password was changed', async () => {
    await inNodeLab({}, async (lab) => {
      await addAdministrator(lab, 'ers-admin', ['ERS Admin']);
      const change = (body: object) =>
        request(lab, 'PUT', '/api/v1/rbac/admin-user/ers-admin', { body: { name: 'ers-admin', ...body } });
      const attempt = async (password?: string) => (await ers(lab, 'GET', 'node', as('ers-admin', password))).status;
      await change({ password: 'Lab-Admin-8' });
      expect([await attempt(), await attempt('Lab-Admin-8')]).toEqual([401, 200]);
      await change({ status: false });
      expect(await attempt('Lab-Admin-8')).toBe(401);
      await change({ status: true });
      expect(await attempt('Lab-Admin-8')).toBe(200);
      expect((await request(lab, 'DELETE', '/api/v1/rbac/admin-user/ers-admin')).status).toBe(200);
      expect(await attempt('Lab-Admin-8')).toBe(401);
    });
  });

  it('answers reads on every node, and writes on the primary PAN alone', async () => {
    await inNodeLab({ deployment: sixNodeDeployment() }, async (lab) => {
      expect((await ers(lab, 'POST', 'internaluser', NEW_USER, 'pan1')).status).toBe(201);
      await lab.clock.sleep(1_000);
      for (const node of ['pan1', 'pan2', 'psn1', 'mnt1']) {
        expect([node, (await ers(lab, 'GET', 'internaluser/name/eve', {}, node)).status]).toEqual([node, 200]);
        expect((await request(lab, 'GET', '/api/v1/deployment/node', {}, node)).status).toBe(200);
      }
      for (const node of ['pan2', 'psn1', 'mnt1']) {
        const refused = await ers(lab, 'DELETE', 'internaluser/name/eve', {}, node);
        expect([refused.status, refused.json.ERSResponse.messages[0].title]).toEqual([
          400,
          'Only the primary PAN (pan1) writes',
        ]);
        const synced = await request(lab, 'POST', '/api/v1/deployment/sync-node/psn1', {}, node);
        expect([synced.status, synced.json.error.message]).toEqual([400, 'Only the primary PAN (pan1) writes']);
      }
    });
  });
});

describe('the API settings', () => {
  it('redirect to the GUI while an API is switched off, as the real product does', async () => {
    await inNodeLab({}, async (lab) => {
      expect((await setApi(lab, { ersEnabled: false })).status).toBe(200);
      const off = await ers(lab, 'GET', 'node');
      expect([off.status, off.headers['location']]).toEqual([302, '/admin/']);
      expect((await request(lab, 'GET', '/api/v1/task')).status).toBe(200);
      await setApi(lab, { openApiEnabled: false });
      expect((await request(lab, 'GET', '/api/v1/task')).status).toBe(302);
      expect((await ers(lab, 'GET', 'node')).status).toBe(200);
    });
  });

  it('demand a CSRF token that a read has fetched, and that is younger than a minute', async () => {
    await inNodeLab({}, async (lab) => {
      await setApi(lab, { csrfCheck: true });
      const withToken = (token: string) => ({ headers: { 'x-csrf-token': token } });
      const write = async (token?: string) =>
        (await ers(lab, 'DELETE', 'internaluser/name/x', token === undefined ? {} : withToken(token))).status;
      expect([await write(), await write('fetch'), await write('made up')]).toEqual([403, 403, 403]);
      expect((await request(lab, 'DELETE', '/api/v1/rbac/admin-user/x')).status).toBe(403);

      const { headers } = await ers(lab, 'GET', 'node', withToken('fetch'));
      const token = headers['x-csrf-token'] ?? '';
      expect(token).toMatch(/^[0-9A-F]{32}$/);
      await lab.clock.sleep(60_000);
      expect(await write(token)).toBe(404);
      await lab.clock.sleep(60_000);
      expect(await write(token)).toBe(404);
      expect((await request(lab, 'DELETE', '/api/v1/rbac/admin-user/x', withToken(token))).status).toBe(404);
      await lab.clock.sleep(60_001);
      expect(await write(token)).toBe(403);
      expect((await ers(lab, 'GET', 'node')).headers['x-csrf-token']).toBeUndefined();
      await addToken(lab);
    });

    /** A token is worth nothing in the hands of somebody else. */
    async function addToken(lab: NodeLab): Promise<void> {
      await setApi(lab, { csrfCheck: false });
      await addAdministrator(lab, 'ers-admin', ['ERS Admin']);
      await setApi(lab, { csrfCheck: true });
      const fetch = { headers: { 'x-csrf-token': 'fetch' }, ...as('ers-admin') };
      const token = (await ers(lab, 'GET', 'node', fetch)).headers['x-csrf-token'] ?? '';
      const mine = { headers: { 'x-csrf-token': token } };
      expect((await ers(lab, 'DELETE', 'internaluser/name/x', mine)).status).toBe(403);
      expect((await ers(lab, 'DELETE', 'internaluser/name/x', { ...mine, ...as('ers-admin') })).status).toBe(404);
    }
  });

  it('bound the requests of a second, but never refuse for ever, and may be switched off', async () => {
    await inNodeLab({}, async (lab) => {
      const burst = async (count: number) => {
        const statuses: number[] = [];
        for (let i = 0; i < count; i += 1) statuses.push((await ers(lab, 'GET', 'op/systemconfig/iseversion')).status);
        return statuses;
      };
      await setApi(lab, { requestsPerSecond: 3 });
      // Answers take no time in a lab, so that only the setting decides.
      const statuses = await burst(20);
      expect(statuses.slice(0, 3)).toEqual([200, 200, 200]);
      expect(statuses).toContain(429);
      expect(
        statuses
          .join()
          .replaceAll('200', ' ')
          .split(' ')
          .every((row) => row.split('429').length <= 11),
      ).toBe(true);
      expect(statuses.slice(3)).toContain(200);
      const [refused] = [await ers(lab, 'GET', 'node')];
      expect(refused.headers['retry-after'] ?? 'let through').toMatch(/^(1|let through)$/);
      await lab.clock.sleep(1_000);
      expect(await burst(3)).toEqual([200, 200, 200]);
      await setApi(lab, { requestsPerSecond: 0 });
      expect(new Set(await burst(150))).toEqual(new Set([200]));
    });
  });

  it('refuse unknown names and are read back', async () => {
    await inNodeLab({}, async (lab) => {
      expect((await setApi(lab, { ers: true })).status).toBe(400);
      expect((await lab.call('ise1', 'GET', 'api-settings')).body).toEqual({
        ersEnabled: true,
        openApiEnabled: true,
        csrfCheck: false,
        requestsPerSecond: 100,
      });
    });
  });
});

it('tells the journal of writes and refusals, with the user, but not of reads', async () => {
  await inNodeLab({}, async (lab) => {
    await ers(lab, 'GET', 'node');
    await ers(lab, 'POST', 'internaluser', NEW_USER);
    await ers(lab, 'GET', 'guest', { credentials: null });
    const common = { kind: 'api.answered', node: 'ise1', api: 'ers' };
    expect(recordsOf(lab, 'api.answered')).toEqual([
      expect.objectContaining({
        ...common,
        method: 'POST',
        path: '/ers/config/internaluser',
        status: 201,
        user: 'admin',
      }),
      expect.objectContaining({ ...common, method: 'GET', path: '/ers/config/guest', status: 401 }),
    ]);
  });
});

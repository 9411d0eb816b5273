import { CONFIG_KEYS } from '#apps/ise-node';
import { sixNodeDeployment } from '#libs/deployment';
import { publishedLabKeys, LabPki } from '#mocks/pki';
import { request } from './ers-lab.ts';
import { START } from './microsoft-lab.ts';
import { inNodeLab, recordsOf, type NodeLab } from './node-lab.ts';
import { api } from './openapi-lab.ts';

const SIX = { deployment: sixNodeDeployment() };

describe('deployment over OpenAPI', () => {
  it('lists nodes with roles, services and status, and one of them', async () => {
    await inNodeLab(SIX, async (lab) => {
      const { status, json } = await api(lab, 'GET', 'deployment/node', {}, 'pan1');
      const row = (hostname: string, roles: string[], services: string[]) => ({
        hostname,
        fqdn: expect.stringMatching(`^${hostname}\\.`),
        ipAddress: expect.stringMatching(/^10\.20\./),
        roles,
        services,
        nodeStatus: 'Connected',
      });
      expect([status, json]).toEqual([
        200,
        {
          version: '1.0.0',
          response: [
            row('mnt1', ['PrimaryMonitoring'], []),
            row('mnt2', ['SecondaryMonitoring'], []),
            row('pan1', ['PrimaryAdmin'], []),
            row('pan2', ['SecondaryAdmin'], []),
            row('psn1', [], ['Session', 'Profiler']),
            row('psn2', [], ['Session', 'Profiler']),
          ],
        },
      ]);
      const one = await api(lab, 'GET', 'deployment/node/psn2', {}, 'pan1');
      expect(one.json).toEqual({ version: '1.0.0', response: json.response[5] });
      const missing = await api(lab, 'GET', 'deployment/node/psn9', {}, 'pan1');
      expect([missing.status, missing.json]).toEqual([
        404,
        { error: { message: 'Node psn9 is not part of the deployment' }, version: '1.0.0' },
      ]);
    });
  });

  it('filters nodes, also by one of several roles, and tells a filter that it does not know', async () => {
    await inNodeLab(SIX, async (lab) => {
      const names = async (query: string): Promise<string[]> =>
        (await api(lab, 'GET', `deployment/node?${query}`, {}, 'pan1')).json.response.map(
          ({ hostname }: { hostname: string }) => hostname,
        );
      expect(await names('filter=roles.CONTAINS.Admin')).toEqual(['pan1', 'pan2']);
      expect(await names('filter=hostname.EQ.pan1&filter=hostname.EQ.mnt1&filterType=or')).toEqual(['mnt1', 'pan1']);
      const refused = await api(lab, 'GET', 'deployment/node?filter=shoe.EQ.1', {}, 'pan1');
      expect([refused.status, refused.json.error.message]).toEqual([
        400,
        expect.stringContaining('cannot filter by "shoe"'),
      ]);
    });
  });

  it('synchronizes a node as a task', async () => {
    await inNodeLab(SIX, async (lab) => {
      const started = await api(lab, 'POST', 'deployment/sync-node/psn1', {}, 'pan1');
      expect([started.status, started.json]).toEqual([
        202,
        { version: '1.0.0', response: { id: expect.stringMatching(/^[0-9a-f-]{36}$/), message: expect.any(String) } },
      ]);
      await lab.clock.sleep(5_000);
      const task = await api(lab, 'GET', `task/${started.json.response.id}`, {}, 'pan1');
      expect(task.json).toEqual({
        id: started.json.response.id,
        executionStatus: 'COMPLETED',
        moduleType: 'NODE_SYNC',
        startTime: expect.stringMatching(/^2026-02-02T/),
        resourcesCount: 1,
        successCount: 1,
        failCount: 0,
        detailStatus: [{ name: 'psn1', status: 'SUCCESS', message: 'Node status Connected' }],
      });
      expect((await api(lab, 'GET', 'task', {}, 'pan1')).json).toEqual([task.json]);
      expect((await api(lab, 'GET', 'task/none', {}, 'pan1')).status).toBe(404);
      expect((await api(lab, 'POST', 'deployment/sync-node/pan1', {}, 'pan1')).status).toBe(400);
      expect(recordsOf(lab, 'config.synchronized', 'psn1')).toHaveLength(1);
    });
  });
});

describe('trusted certificates over OpenAPI', () => {
  const consents = { allowBasicConstraintCAFalse: false, allowOutOfDateCert: false, allowSHA1Certificates: false };
  const path = 'certs/trusted-certificate';
  const otherRoot = async (lab: NodeLab): Promise<string> => {
    const pki = await LabPki.issue({ validFrom: START, clock: lab.clock, keys: publishedLabKeys() });
    return (await pki.authorityNamed('Contoso Enterprise Root CA'))?.certificatePem ?? '';
  };

  it('are imported, listed, changed and deleted, and count as those of the page', async () => {
    await inNodeLab({}, async (lab) => {
      const body = { ...consents, data: await otherRoot(lab), name: 'Contoso', trustForIseAuth: true };
      const imported = await api(lab, 'POST', `${path}/import`, { body });
      expect([imported.status, imported.json]).toEqual([
        200,
        {
          version: '1.0.0',
          response: { id: expect.any(String), message: 'Trust certificate was added successfully', status: 'Success' },
        },
      ]);
      const { id } = imported.json.response;
      const shown = (await api(lab, 'GET', `${path}/${id}`)).json.response;
      expect(shown).toMatchObject({
        id,
        friendlyName: 'Contoso',
        issuedTo: 'Contoso Enterprise Root CA',
        keySize: '2048',
        status: 'Enabled',
        trustedFor: 'Infrastructure',
        validFrom: expect.stringMatching(/^\w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4}$/),
        sha256Fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        link: { rel: 'self', href: expect.stringContaining(`${path}/${id}`) },
      });
      const changed = await api(lab, 'PUT', `${path}/${id}`, {
        body: { name: 'Contoso Root', status: 'Disabled', trustForIseAuth: false },
      });
      expect(changed.json.response).toMatchObject({ id, status: 'Success' });
      expect(lab.node('ise1').context.settings.trustedCertificates).toContainEqual(
        expect.objectContaining({ name: 'Contoso Root', enabled: false, infrastructure: false }),
      );
      expect((await api(lab, 'DELETE', `${path}/${id}`)).json.response.message).toMatch(/deleted/);
      expect((await api(lab, 'GET', `${path}/${id}`)).status).toBe(404);
    });
  });

  it('have pages, filters and an order', async () => {
    await inNodeLab({}, async (lab) => {
      const first = await api(lab, 'GET', `${path}?size=1&sort=desc&sortBy=friendlyName`);
      expect(first.json.response.map(({ friendlyName }: { friendlyName: string }) => friendlyName)).toEqual([
        'token endpoint root',
      ]);
      const next = new URL(first.json.nextPage.href);
      const second = await request(lab, 'GET', next.pathname + next.search);
      expect(second.json.response[0].friendlyName).toBe('SMTP root');
      expect(second.json).toMatchObject({ previousPage: { rel: 'previous' } });
      expect(second.json.nextPage).toBeUndefined();
      const filtered = await api(lab, 'GET', `${path}?filter=friendlyName.CONTAINS.smtp&filter=status.EQ.enabled`);
      expect(filtered.json.response).toHaveLength(1);
      for (const [year, count] of Object.entries({ 2021: 2, 2026: 0 })) {
        const dated = await api(lab, 'GET', `${path}?filter=validFrom.STARTSW.${year}-&sort=asc&sortBy=expirationDate`);
        expect([year, dated.json.response.length]).toEqual([year, count]);
      }
      expect((await api(lab, 'GET', `${path}?page=x`)).json).toMatchObject({ response: { status: 'Fail' } });
    });
  });

  it('are refused with the reason', async () => {
    await inNodeLab({}, async (lab) => {
      const data = await otherRoot(lab);
      const attempt = async (body: object): Promise<[number, string]> => {
        const { status, json } = await api(lab, 'POST', `${path}/import`, { body });
        return [status, json.response.message];
      };
      expect(await attempt({ data })).toEqual([400, expect.stringContaining('allowBasicConstraintCAFalse: ')]);
      expect(await attempt({ ...consents, data: 'no PEM' })).toEqual([400, 'data is not one certificate in PEM']);
      expect(await attempt({ ...consents, data: data + data })).toEqual([400, 'data is not one certificate in PEM']);
      expect(await attempt({ ...consents, data, name: 'SMTP root' })).toEqual([409, expect.stringContaining('exists')]);
    });
  });
});

describe('system certificates over OpenAPI', () => {
  const path = 'certs/system-certificate';

  it('are those that a node presents, on every node', async () => {
    const pem = await inNodeLab({}, (lab) => Promise.resolve(lab.smtpRoot));
    const certificate = { node: 'psn1', name: 'mail root', pem };
    await inNodeLab({ ...SIX, config: [[CONFIG_KEYS.systemCertificate('psn1'), certificate]] }, async (lab) => {
      const { json } = await api(lab, 'GET', `${path}/psn1`, {}, 'mnt1');
      expect(json).toEqual({
        version: '1.0.0',
        response: [
          {
            id: expect.any(String),
            friendlyName: 'mail root',
            issuedTo: expect.any(String),
            issuedBy: json.response[0].issuedTo,
            validFrom: expect.stringMatching(/ UTC 2021$/),
            expirationDate: expect.stringMatching(/ UTC 2041$/),
            signatureAlgorithm: expect.stringMatching(/rsa/i),
            sha256Fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
            serialNumberDecimalFormat: expect.stringMatching(/^\d+$/),
            usedBy: 'Admin, Portal',
            keySize: 2048,
            groupTag: 'Default Portal Certificate Group',
            selfSigned: true,
            portalsUsingTheTag: '',
            link: { rel: 'self', href: expect.stringContaining(`${path}/psn1/`), type: 'application/json' },
          },
        ],
      });
      expect((await api(lab, 'GET', `${path}/psn2`, {}, 'mnt1')).json.response).toEqual([]);
      for (const missing of ['psn9', 'psn2/none']) {
        const { status, json: refused } = await api(lab, 'GET', `${path}/${missing}`, {}, 'pan1');
        expect([status, refused]).toMatchObject([404, { response: { status: 'Fail' } }]);
      }
    });
  });
});

describe('proxy over OpenAPI', () => {
  const PROXY = {
    fqdn: 'proxy.lab.example',
    port: 3128,
    userName: 'ise',
    password: 'Lab-Proxy-1',
    passwordRequired: true,
    bypassHosts: 'a.example,.lab.example',
  };
  const path = 'system-settings/proxy';

  it('is read and written, never with the password, which stays when its mask comes back', async () => {
    await inNodeLab({}, async (lab) => {
      expect((await api(lab, 'GET', path)).json.response).toEqual({
        fqdn: '',
        port: 3128,
        userName: '',
        password: '',
        passwordRequired: false,
        bypassHosts: '',
      });
      const put = await api(lab, 'PUT', path, { body: PROXY });
      const shown = { ...PROXY, password: '*******' };
      expect([put.status, put.json]).toEqual([200, { version: '1.0.0', response: shown }]);
      await api(lab, 'PUT', path, { body: { ...shown, port: '3129' } });
      expect(lab.node('ise1').context.settings.proxy).toMatchObject({
        host: 'proxy.lab.example',
        port: 3129,
        password: 'Lab-Proxy-1',
        bypassHosts: ['a.example', '.lab.example'],
      });
      await api(lab, 'PUT', path, { body: { fqdn: '' } });
      expect(lab.node('ise1').context.settings.proxy.host).toBeNull();
    });
  });

  it.each([
    [{ ...PROXY, port: 70_000 }, 'port: '],
    [{ ...PROXY, fqdn: 7 }, 'fqdn: '],
    [{ ...PROXY, user: 'x' }, 'user'],
    [undefined, 'body: '],
  ])('answers code and message to %j', async (body, message) => {
    await inNodeLab({}, async (lab) => {
      const refused = await api(lab, 'PUT', path, { body });
      expect([refused.status, refused.json]).toEqual([400, { code: 400, message: expect.stringContaining(message) }]);
      expect(refused.text).not.toContain('Lab-Proxy-1');
    });
  });
});

describe('every answer of OpenAPI', () => {
  it('repeats X-Request-ID, unless it is none', async () => {
    await inNodeLab({}, async (lab) => {
      const echo = async (id: string, path = 'task') =>
        (await api(lab, 'GET', path, { headers: { 'x-request-id': id } })).headers['x-request-id'];
      expect(await echo('run-7')).toBe('run-7');
      expect(await echo('run-8', 'no/such/path')).toBe('run-8');
      expect(await echo('two words')).toBeUndefined();
    });
  });

  it.each([
    ['GET', 'endpoint', 404, {}],
    ['PATCH', 'task', 405, {}],
    ['DELETE', 'deployment/sync-node/x', 405, {}],
    ['PUT', 'system-settings/proxy', 400, { body: '{"fqdn":' }],
    ['PUT', 'system-settings/proxy', 415, { body: '<a/>', headers: { 'content-type': 'application/xml' } }],
    ['PUT', 'system-settings/proxy', 413, { body: `"${'a'.repeat(2 * 1024 * 1024)}"` }],
    ['GET', 'task/%E0%A4', 400, {}],
  ])('says what is wrong with %s %s (%i), and the journal tells', async (method, path, status, call) => {
    await inNodeLab({}, async (lab) => {
      const refused = await api(lab, method, path, call);
      expect([refused.status, refused.json]).toEqual([status, { code: status, message: expect.any(String) }]);
      expect(recordsOf(lab, 'api.answered')).toMatchObject([
        { api: 'openapi', method, path: `/api/v1/${path}`, status },
      ]);
    });
  });
});

describe('administrators over OpenAPI', () => {
  const path = 'rbac/admin-user';

  it('are created, listed, shown and found in ERS, without their passwords', async () => {
    await inNodeLab(
      {
        config: [
          [
            CONFIG_KEYS.adminUser('olga'),
            { kind: 'admin', username: 'olga', enabled: true, passwordChangedAt: 0, includeSystemAlarmsInEmails: true },
          ],
        ],
      },
      async (lab) => {
        const body = {
          name: 'ursel',
          password: 'Lab-Admin-7',
          email: 'ursel@lab.example',
          rbacGroups: ['ERS Operator'],
          includeSystemAlarmsInEmails: true,
        };
        expect((await api(lab, 'POST', path, { body })).status).toBe(200);
        const list = await api(lab, 'GET', path);
        expect(list.json).toMatchObject({
          statusCode: 200,
          adminUserList: [
            { name: 'olga', rbacGroupNames: [], statusEnabled: true },
            { name: 'ursel', emailAddr: 'ursel@lab.example', rbacGroupNames: ['ERS Operator'] },
          ],
        });
        const one = await api(lab, 'GET', `${path}/ursel`);
        expect(one.json.adminUserDetails).toMatchObject({
          name: 'ursel',
          status: true,
          readOnly: true,
          includeSystemAlarmsInEmails: true,
        });
        const ersList = await request(lab, 'GET', '/ers/config/adminuser?filter=adminGroups.CONTAINS.Operator');
        const found = await request(lab, 'GET', `/ers/config/adminuser/${ersList.json.SearchResult.resources[0].id}`);
        expect(found.json.AdminUser).toMatchObject({
          name: 'ursel',
          adminGroups: 'ERS Operator',
          includeSystemAlarmsInEmail: true,
          password: '*******',
        });
        expect([list, one, found].map(({ text }) => text).join() + JSON.stringify(lab.journal.records)).not.toContain(
          'Lab-Admin-7',
        );
      },
    );
  });

  it.each([
    ['POST', path, { name: 'ursel' }, 400],
    ['POST', path, { name: 'a b', password: 'Lab-Admin-7' }, 400],
    ['POST', path, { name: 'ursel', password: 'Lab-Admin-7', rbacGroups: ['Kings'] }, 400],
    ['PUT', `${path}/nobody`, { name: 'nobody' }, 404],
    ['DELETE', `${path}/nobody`, undefined, 404],
  ])('answers %s %s with %j as it should', async (method, where, body, status) => {
    await inNodeLab({}, async (lab) => {
      const refused = await api(lab, method, where, { body });
      expect([refused.status, refused.json]).toEqual([status, { code: status, message: expect.any(String) }]);
    });
  });
});

describe("the description of the testbed's own API", () => {
  it('names every operation below /isebed/v1, with the bodies that are checked, and says whose it is', async () => {
    await inNodeLab({}, async (lab) => {
      const { status, json } = await request(lab, 'GET', '/isebed/v1/openapi.json', { credentials: null });
      expect([status, json.info.description]).toEqual([200, expect.stringContaining('This API is of the testbed')]);
      expect(Object.keys(json.paths).every((path) => path.startsWith('/isebed/v1/'))).toBe(true);
      expect(Object.keys(json.paths)).toEqual(
        expect.arrayContaining([
          '/isebed/v1/smtp-server/test-connection',
          '/isebed/v1/debug-log',
          '/isebed/v1/logs/guest.log',
        ]),
      );
      const { requestBody } = json.paths['/isebed/v1/debug-log'].put;
      expect(requestBody.content['application/json'].schema).toMatchObject({
        type: 'object',
        properties: { level: { enum: expect.arrayContaining(['DEBUG']) } },
        required: ['level'],
      });
    });
  });
});

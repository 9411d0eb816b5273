import { LAB_DOMAIN, sixNodeDeployment } from '#libs/deployment';
import type { ApiCall } from './ers-lab.ts';
import { ADMIN, inNodeLab, recordsOf, type NodeLab } from './node-lab.ts';
import { api, refusal } from './openapi-lab.ts';

const MINUTE_MS = 60_000;

const inSixNodes = (test: (lab: NodeLab) => Promise<void>): Promise<void> =>
  inNodeLab({ deployment: sixNodeDeployment(), debugLog: 'INFO' }, test);
const onPan1 = (lab: NodeLab, method: string, path: string, call: ApiCall = {}) =>
  api(lab, method, `deployment/${path}`, call, 'pan1');
const done = (message: unknown = expect.any(String)) => ({ success: { message }, version: '1.0.0' });

describe('registering and deregistering over OpenAPI', () => {
  const registration = (name: string, changes: object = {}) => ({
    body: {
      fqdn: `${name}.${LAB_DOMAIN}`,
      ...ADMIN,
      allowCertImport: true,
      roles: [],
      services: ['Session', 'DeviceAdmin'],
      ...changes,
    },
  });

  it('takes a node out and in again, with the services that were asked for', async () => {
    await inSixNodes(async (lab) => {
      const out = await onPan1(lab, 'DELETE', 'node/psn2');
      expect([out.status, out.json]).toEqual([200, done('psn2 was deregistered')]);
      expect((await onPan1(lab, 'GET', 'node/psn2')).status).toBe(404);
      await lab.clock.sleep(MINUTE_MS);
      expect(lab.node('psn2').context.roles.current.isRegistered).toBe(false);

      const back = await onPan1(lab, 'POST', 'node/', registration('psn2'));
      expect([back.status, back.json]).toEqual([200, done('psn2.lab.example was registered')]);
      await lab.clock.sleep(MINUTE_MS);
      expect((await onPan1(lab, 'GET', 'node/psn2')).json.response).toMatchObject({
        roles: [],
        services: ['Session', 'DeviceAdmin'],
        nodeStatus: 'Connected',
      });
      expect(lab.node('psn2').context.roles.current.isRegistered).toBe(true);
      expect(JSON.stringify(lab.journal.records)).not.toContain(ADMIN.password);
    });
  });

  it('makes an MnT that joins the active one when that is asked for', async () => {
    await inSixNodes(async (lab) => {
      await onPan1(lab, 'DELETE', 'node/mnt2');
      const joined = await onPan1(
        lab,
        'POST',
        'node',
        registration('mnt2', { roles: ['PrimaryMonitoring'], services: [] }),
      );
      expect([joined.status, joined.json]).toEqual([200, done()]);
      expect((await onPan1(lab, 'GET', 'node/mnt1')).json.response.roles).toEqual(['SecondaryMonitoring']);
      expect((await onPan1(lab, 'GET', 'node/mnt2')).json.response.roles).toEqual(['PrimaryMonitoring']);
    });
  });

  it.each([
    ['a wrong password', { password: 'wrong' }, 'psn2 refuses user name or password'],
    ['a node that is not there', { fqdn: 'psn9.lab.example' }, 'psn9.lab.example could not be reached'],
    ['a member', { fqdn: 'psn1.lab.example' }, 'psn1 is part of the deployment already'],
    [
      'personas that the node does not have',
      { roles: ['SecondaryMonitoring'] },
      'psn2 has the personas Policy Service',
    ],
    ['a second primary PAN', { roles: ['PrimaryAdmin'] }, 'roles: a PAN joins as SecondaryAdmin'],
    ['roles that exclude each other', { roles: ['PrimaryAdmin', 'SecondaryAdmin'] }, 'roles: one of each kind'],
    ['a standalone member', { roles: ['Standalone'] }, 'roles: no node of a deployment is Standalone'],
    ['pxGrid', { services: ['pxGrid'] }, expect.stringMatching(/^services\.0: /)],
    ['a missing consent', { allowCertImport: undefined }, expect.stringMatching(/^allowCertImport: /)],
  ])('refuses %s as a bad request', async (_what, changes, message) => {
    await inSixNodes(async (lab) => {
      await onPan1(lab, 'DELETE', 'node/psn2');
      expect(refusal(await onPan1(lab, 'POST', 'node', registration('psn2', changes)))).toEqual([400, message]);
      expect(lab.node('pan1').context.settings.deployment.has('psn2')).toBe(false);
    });
  });

  it.each([
    ['pan1', 400, 'pan1 is the primary PAN'],
    ['psn9', 404, 'Node psn9 is not part of the deployment'],
  ])('does not take %s out', async (name, status, message) => {
    await inSixNodes(async (lab) => {
      expect(refusal(await onPan1(lab, 'DELETE', `node/${name}`))).toEqual([status, message]);
    });
  });

  it('is for the primary PAN, and for those who may write', async () => {
    await inSixNodes(async (lab) => {
      const message = 'Only the primary PAN (pan1) writes';
      expect(refusal(await api(lab, 'DELETE', 'deployment/node/psn2', {}, 'pan2'))).toEqual([400, message]);
      const wrong = { userName: 'admin', password: 'wrong' };
      expect((await onPan1(lab, 'DELETE', 'node/psn2', { credentials: wrong })).status).toBe(401);
      const reader = { name: 'reader', password: 'Lab-Reader-1', rbacGroups: ['ERS Operator'] };
      await api(lab, 'POST', 'rbac/admin-user', { body: reader }, 'pan1');
      const credentials = { userName: reader.name, password: reader.password };
      expect((await onPan1(lab, 'DELETE', 'node/psn2', { credentials })).status).toBe(403);
      expect((await onPan1(lab, 'GET', 'node/psn2', { credentials })).status).toBe(200);
    });
  });
});

describe('a node that is changed over OpenAPI', () => {
  const update = (lab: NodeLab, name: string, roles: string[], services: string[] = []) =>
    onPan1(lab, 'PUT', `node/${name}`, { body: { roles, services } });

  it('becomes the active MnT, or stops being it', async () => {
    await inSixNodes(async (lab) => {
      expect((await update(lab, 'mnt2', ['PrimaryMonitoring'])).json).toEqual(done('mnt2 was updated'));
      await lab.clock.sleep(MINUTE_MS);
      expect(lab.node('mnt2').context.isActiveMnt).toBe(true);
      await update(lab, 'mnt2', ['SecondaryDedicatedMonitoring']);
      await lab.clock.sleep(MINUTE_MS);
      expect(lab.node('mnt1').context.isActiveMnt).toBe(true);
      expect(recordsOf(lab, 'mnt.switched')).toMatchObject([{ to: 'mnt2' }, { to: 'mnt1' }]);
    });
  });

  it('has other services from then on', async () => {
    await inSixNodes(async (lab) => {
      expect((await update(lab, 'psn1', [], ['Session', 'Session', 'SXP'])).status).toBe(200);
      expect((await onPan1(lab, 'GET', 'node/psn1')).json.response.services).toEqual(['Session', 'SXP']);
    });
  });

  it.each([
    [
      'psn1',
      ['SecondaryMonitoring'],
      ['Session'],
      'Exception occurred while making REST call: psn1 stays Policy Service',
    ],
    ['psn1', [], [], 'Exception occurred while making REST call: psn1 stays Policy Service'],
    ['pan2', ['PrimaryAdmin'], [], 'roles: the primary PAN changes by promotion of the secondary'],
  ])('keeps its personas: %s with %j and %j', async (name, roles, services, message) => {
    await inSixNodes(async (lab) => {
      expect(refusal(await update(lab, name, roles, services))).toEqual([400, message]);
    });
  });

  it('must be there, and a standalone one stays what it is', async () => {
    await inSixNodes(async (lab) => {
      expect((await update(lab, 'psn9', [], ['Session'])).status).toBe(404);
    });
    await inNodeLab({}, async (lab) => {
      const body = { roles: ['PrimaryAdmin', 'PrimaryMonitoring'], services: ['Session'] };
      const failed = [400, 'Exception occurred while making REST call'];
      expect(refusal(await api(lab, 'PUT', 'deployment/node/ise1', { body }))).toEqual(failed);
      expect(refusal(await api(lab, 'DELETE', 'deployment/node/ise1'))).toEqual([400, 'ise1 is a standalone node']);
      expect(refusal(await api(lab, 'POST', 'deployment/primary'))).toEqual(failed);
      expect(refusal(await api(lab, 'POST', 'deployment/standalone'))).toEqual(failed);
    });
  });
});

describe('promotion over OpenAPI', () => {
  it('is asked of the secondary PAN, which is the primary then', async () => {
    await inSixNodes(async (lab) => {
      const promoted = await api(lab, 'POST', 'deployment/promote', {}, 'pan2');
      expect([promoted.status, promoted.json]).toEqual([200, done('pan2 is the primary PAN')]);
      await lab.clock.sleep(MINUTE_MS);
      expect((await api(lab, 'GET', 'deployment/node/pan1', {}, 'pan2')).json.response.roles).toEqual([
        'SecondaryAdmin',
      ]);
      expect(refusal(await onPan1(lab, 'DELETE', 'node/psn2'))).toEqual([400, 'Only the primary PAN (pan2) writes']);
    });
  });

  it('goes without the primary when that is dead', async () => {
    await inSixNodes(async (lab) => {
      lab.kill('pan1');
      expect((await api(lab, 'POST', 'deployment/promote', {}, 'pan2')).status).toBe(200);
    });
  });

  it.each([
    ['promote', 'pan1', 'pan1 is the primary PAN already'],
    ['promote', 'psn1', 'psn1 is not an administration node'],
    ['primary', 'pan2', 'The node is not standalone'],
    ['standalone', 'pan1', 'The node is not the primary node of a single node cluster'],
  ])('refuses %s on %s', async (operation, node, message) => {
    await inSixNodes(async (lab) => {
      expect(refusal(await api(lab, 'POST', `deployment/${operation}`, {}, node))).toEqual([400, message]);
    });
  });
});

describe('failover of the PAN over OpenAPI', () => {
  const SETTINGS = {
    isEnabled: true,
    primaryHealthCheckNode: { hostname: 'psn1' },
    secondaryHealthCheckNode: { hostname: 'mnt1' },
    pollingInterval: 60,
    failedAttempts: 3,
  };
  const put = (lab: NodeLab, body: object) => onPan1(lab, 'PUT', 'pan-ha', { body });

  it('is read, written, and carried out', async () => {
    await inSixNodes(async (lab) => {
      expect((await onPan1(lab, 'GET', 'pan-ha')).json).toEqual({
        version: '1.0.0',
        response: { isEnabled: false, pollingInterval: 120, failedAttempts: 5 },
      });
      expect((await put(lab, SETTINGS)).json).toEqual(done('Automatic failover of the PAN is enabled'));
      await lab.clock.sleep(MINUTE_MS);
      expect((await api(lab, 'GET', 'deployment/pan-ha', {}, 'psn1')).json.response).toEqual(SETTINGS);
      lab.kill('pan1');
      await lab.clock.sleep(10 * MINUTE_MS);
      expect(lab.node('pan2').context.isPrimaryPan).toBe(true);
    });
  });

  it('is switched off whatever else is said with it', async () => {
    await inSixNodes(async (lab) => {
      await put(lab, SETTINGS);
      expect((await put(lab, { isEnabled: false, pollingInterval: 7 })).json).toEqual(
        done('Automatic failover of the PAN is disabled'),
      );
      expect((await onPan1(lab, 'GET', 'pan-ha')).json.response).toEqual({ ...SETTINGS, isEnabled: false });
    });
  });

  it.each([
    [{ primaryHealthCheckNode: { hostname: 'psn9' } }, 404, 'Node psn9 is not part of the deployment'],
    [{ primaryHealthCheckNode: { hostname: 'pan2' } }, 400, expect.stringContaining('a health check node is none')],
    [{ primaryHealthCheckNode: undefined }, 400, 'a health check node is needed'],
    [{ pollingInterval: 29 }, 400, expect.stringMatching(/^pollingInterval: /)],
    [{ failedAttempts: 61 }, 400, expect.stringMatching(/^failedAttempts: /)],
    [{ isEnabled: 'yes' }, 400, expect.stringMatching(/^isEnabled: /)],
  ])('is refused with %j', async (changes, status, message) => {
    await inSixNodes(async (lab) => {
      expect(refusal(await put(lab, { ...SETTINGS, ...changes }))).toEqual([status, message]);
      expect(lab.node('pan1').context.settings.panFailover.enabled).toBe(false);
    });
  });
});

describe('node groups over OpenAPI', () => {
  const group = (lab: NodeLab, method: string, path: string, body?: object) =>
    onPan1(lab, method, `node-group${path}`, { body });

  it('are created, changed, filled, emptied and deleted', async () => {
    await inSixNodes(async (lab) => {
      const created = await group(lab, 'POST', '', { name: 'east side', marCache: { 'query-timeout': 3 } });
      expect([created.status, created.json]).toEqual([201, done('Node group east side was created')]);
      const marCache = {
        'replication-timeout': 5,
        'replication-attempts': 2,
        'query-timeout': 3,
        'query-attempts': 1,
      };
      expect((await group(lab, 'GET', '')).json).toEqual({
        version: '1.0.0',
        response: [{ name: 'east side', marCache }],
      });
      const path = '/east%20side';
      expect((await group(lab, 'PUT', path, { name: 'east side', description: 'by the river' })).json).toEqual(done());
      expect((await group(lab, 'GET', path)).json.response).toEqual({ name: 'east side', description: 'by the river' });
      expect((await group(lab, 'POST', `${path}/add-node`, { hostname: 'psn1' })).status).toBe(201);
      expect((await group(lab, 'GET', `${path}/node`)).json.response).toEqual([{ hostname: 'psn1' }]);
      expect(refusal(await group(lab, 'DELETE', path))).toEqual([403, 'Node group contains one or more nodes']);
      expect((await group(lab, 'POST', `${path}/remove-node`, { hostname: 'psn1' })).status).toBe(200);
      expect((await group(lab, 'GET', `${path}/node`)).json.response).toEqual([]);
      await group(lab, 'POST', `${path}/add-node`, { hostname: 'psn2' });
      expect((await group(lab, 'DELETE', `${path}?forceDelete=true`)).status).toBe(200);
      expect((await group(lab, 'GET', '')).json.response).toEqual([]);
    });
  });

  it('are those of the page, and lose a node that leaves the deployment', async () => {
    await inSixNodes(async (lab) => {
      await group(lab, 'POST', '', { name: 'east', marCache: {} });
      await lab.call('pan1', 'PUT', 'node-groups/east', { body: { members: ['psn1', 'psn2'] } });
      await onPan1(lab, 'DELETE', 'node/psn2');
      expect((await group(lab, 'GET', '/east/node')).json.response).toEqual([{ hostname: 'psn1' }]);
      expect((await group(lab, 'GET', '/east')).json.response.marCache).toBeDefined();
    });
  });

  it.each([
    ['POST', '', { name: 'east' }, 409],
    ['POST', '', { name: 'a/b' }, 400],
    ['POST', '', { name: 'west', marCache: { 'query-attempts': 6 } }, 400],
    ['PUT', '/east', { name: 'west' }, 403],
    ['PUT', '/west', { name: 'west' }, 404],
    ['GET', '/west', undefined, 404],
    ['DELETE', '/west', undefined, 404],
    ['POST', '/east/add-node', { hostname: 'psn1' }, 409],
    ['POST', '/east/add-node', { hostname: 'psn9' }, 404],
    ['POST', '/east/add-node', { hostname: 'mnt1' }, 400],
    ['POST', '/east/remove-node', { hostname: 'psn2' }, 404],
  ])('refuse %s %s with %j (%i)', async (method, path, body, status) => {
    await inSixNodes(async (lab) => {
      await group(lab, 'POST', '', { name: 'east' });
      await group(lab, 'POST', '/east/add-node', { hostname: 'psn1' });
      expect(refusal(await group(lab, method, path, body))).toEqual([status, expect.any(String)]);
    });
  });
});

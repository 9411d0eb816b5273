import { FaultPlan } from '#libs/fault';
import { SimulatedNetwork } from '#libs/network';
import { Random } from '#libs/simulation';
import { AdminWorkstation } from '#libs/tenant-admin';
import { NodeTrust } from '#libs/trust';
import { inGraphLab, type GraphLab } from './graph-lab.ts';

const LOGIN = 'login.microsoftonline.com';
const GRAPH = 'graph.microsoft.com';
/** By then connection and TLS are there, and Graph has not answered yet. */
const REQUEST_SENT_MS = 90;
const USERS = { method: 'GET', path: '/v1.0/users' } as const;

interface Workplace {
  lab: GraphLab;
  network: SimulatedNetwork;
  faults: FaultPlan;
  workstation: AdminWorkstation;
}

function inWorkplace<T>(test: (workplace: Workplace) => Promise<T>, { trusts = true } = {}): Promise<T> {
  return inGraphLab(async (lab) => {
    const { clock, journal, directory, entraServer, graph, tokenEndpointRoot: pem } = lab;
    const faults = new FaultPlan({ clock, journal, random: new Random('7') });
    const network = new SimulatedNetwork({
      clock,
      journal,
      random: new Random('7'),
      faults,
      latencyMs: { min: 10, max: 10 },
    });
    network.addHost({ name: 'workstation', address: '192.0.2.44', zone: 'internet' });
    network.addHost({ name: LOGIN, address: '198.51.100.10', zone: 'internet' });
    network.addHost({ name: GRAPH, address: '198.51.100.20', zone: 'internet' });
    network.listen(LOGIN, 443, entraServer);
    network.listen(GRAPH, 443, graph);
    const store = () => (trusts ? [{ name: 'root', pem, infrastructure: true, enabled: true }] : []);
    const workstation = new AdminWorkstation({
      clock,
      network: network.viewOf('workstation'),
      trust: new NodeTrust({ node: 'workstation', clock, journal, store }),
      tenantId: () => directory.findTenant('lab.example')?.tenantId ?? '',
      credential: directory.createAdministrator(lab.tenantId),
    });
    try {
      return await test({ lab, network, faults, workstation });
    } finally {
      network.close();
    }
  });
}

/** Tokens that were issued so far; the lab itself has asked for one. */
function granted({ journal }: GraphLab): number {
  return journal.records.filter(({ kind }) => kind === 'entra.token-granted').length - 1;
}

describe('the workstation of an administrator', () => {
  it('asks for a token once, and again five minutes before its end', async () => {
    await inWorkplace(async ({ lab, workstation }) => {
      const startedAt = lab.clock.now();
      await workstation.graph(USERS);
      await workstation.graph(USERS);
      expect(granted(lab)).toBe(1);
      await lab.clock.sleep(startedAt + (3_599 - 300) * 1_000 - lab.clock.now());
      await workstation.graph(USERS);
      expect(granted(lab)).toBe(1);
      await lab.clock.sleep(1_000);
      await workstation.graph(USERS);
      expect(granted(lab)).toBe(2);
    });
  });

  it('asks anew when the tenant has moved', async () => {
    await inWorkplace(async ({ lab, workstation }) => {
      await workstation.graph(USERS);
      lab.directory.changeTenantId(lab.tenantId, '99999999-0000-4000-8000-000000000001');
      expect(await workstation.graph(USERS)).toMatchObject({ kind: 'done', status: 200 });
      expect(granted(lab)).toBe(2);
    });
  });

  it('sends a query and a body as they are, and gives what was answered', async () => {
    await inWorkplace(async ({ workstation }) => {
      const created = await workstation.graph({
        method: 'POST',
        path: '/v1.0/applications',
        body: { displayName: 'Größe & Maß' },
      });
      expect(created).toMatchObject({ kind: 'done', status: 201, body: { displayName: 'Größe & Maß' } });
      const path = "/v1.0/applications?$filter=displayName eq 'Größe %26 Maß'&$select=displayName";
      const found = await workstation.graph({ method: 'GET', path });
      expect(found).toMatchObject({ status: 200, body: { value: [{ displayName: 'Größe & Maß' }] } });
    });
  });

  it('tells refusals by status, code and text', async () => {
    await inWorkplace(async ({ workstation }) => {
      expect(await workstation.graph({ method: 'GET', path: '/v1.0/me' })).toEqual({
        kind: 'refused',
        status: 400,
        code: 'BadRequest',
        text: '/me request is only valid with delegated authentication flow.',
      });
    });
  });

  it.each<[string, (workplace: Workplace) => void, object]>([
    [
      'without a token',
      ({ lab }) => lab.directory.changeSettings({ serviceHealth: { status: 'down', httpStatus: 503 } }),
      {
        code: 'tenant-admin.no-token',
        message: 'the administrator got no token for https://graph.microsoft.com: HTTP 503',
      },
    ],
    ['where nothing listens', ({ network }) => network.stopServices(GRAPH), { code: 'network.connection-refused' }],
    ['where nothing comes back', ({ network }) => network.cut(GRAPH), { code: 'network.connect-timeout' }],
  ])('sends nothing %s', async (_where, arrange, error) => {
    await inWorkplace(async (workplace) => {
      arrange(workplace);
      await expect(workplace.workstation.graph(USERS)).rejects.toMatchObject(error);
      expect(workplace.lab.journal.records.some(({ kind }) => kind === 'graph.request')).toBe(false);
    });
  });

  it('sends nothing to a server that it does not trust', async () => {
    await inWorkplace(
      async ({ workstation }) => {
        await expect(workstation.graph(USERS)).rejects.toMatchObject({ failure: 'no-certification-path' });
      },
      { trusts: false },
    );
  });

  it('waits a minute for an answer, and no longer', async () => {
    await inWorkplace(async ({ lab, faults, workstation }) => {
      await workstation.graph(USERS);
      const startedAt = lab.clock.now();
      const lost = expect(workstation.graph(USERS)).rejects.toMatchObject({ code: 'network.read-timeout' });
      await lab.clock.sleep(REQUEST_SENT_MS);
      faults.add({ name: 'nothing comes back', fault: { type: 'stall' }, trigger: { nodes: ['workstation'] } });
      await lost;
      expect(lab.clock.now() - startedAt).toBeGreaterThan(60_000);
      expect(lab.clock.now() - startedAt).toBeLessThan(60_000 + REQUEST_SENT_MS);
    });
  });
});

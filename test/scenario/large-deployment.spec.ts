import { defineDeployment, LAB_DOMAIN, POLICY_SERVICE_NODES_MAX, type NodeDefinition } from '#libs/deployment';
import { inNodeLab } from '../contract/node-lab.ts';

type Kind = Omit<NodeDefinition, 'name' | 'fqdn' | 'ipAddress'>;

const KINDS: readonly Kind[] = [
  { personas: ['Administration'], adminRole: 'primary' },
  { personas: ['Administration'], adminRole: 'secondary' },
  { personas: ['Monitoring'], monitoringRole: 'active' },
  { personas: ['Monitoring'], monitoringRole: 'standby' },
  ...Array.from({ length: POLICY_SERVICE_NODES_MAX }, (): Kind => ({ personas: ['Policy Service'] })),
];

const LARGEST = defineDeployment(
  KINDS.map((kind, index) => {
    const name = `ise${index + 1}`;
    return { ...kind, name, fqdn: `${name}.${LAB_DOMAIN}`, ipAddress: `10.20.1.${index + 11}` };
  }),
);

describe('the largest deployment: 2 PAN, 2 MnT, 50 PSN in one process', () => {
  it('is started and healthy, takes a change everywhere, and a promotion', async () => {
    await inNodeLab({ deployment: LARGEST, debugLog: 'ERROR' }, async (lab) => {
      const statuses = async (pan: string): Promise<string[]> =>
        (await lab.call(pan, 'POST', 'deployment/refresh')).body.map((row: { status: string }) => row.status);
      const names = LARGEST.nodes.map(({ name }) => name);
      for (const name of names) expect((await lab.call(name, 'GET', 'health')).body).toMatchObject({ status: 'ok' });
      expect(await statuses('ise1')).toEqual(names.map(() => 'Connected'));

      await lab.call('ise1', 'PUT', 'proxy', { body: { host: 'proxy.lab.example' } });
      await lab.clock.sleep(10_000);
      const proxies = names.map((name) => lab.node(name).context.settings.proxy.host);
      expect(proxies).toEqual(names.map(() => 'proxy.lab.example'));

      lab.kill('ise1');
      expect((await lab.call('ise2', 'POST', 'deployment/promote')).status).toBe(200);
      await lab.clock.sleep(60_000);
      expect((await statuses('ise2')).toSorted()).toEqual(
        names.map((_name, index) => (index === names.length - 1 ? 'Disconnected' : 'Connected')).toSorted(),
      );
    });
  }, 180_000);
});

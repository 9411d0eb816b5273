import { CONFIG_KEYS } from '#apps/ise-node';
import { defineDeployment, LAB_DOMAIN } from '#libs/deployment';
import { NODE_PORT, NodeClient, NodeUnreachableError } from '#libs/replication';
import { inNodeLab, recordsOf, type NodeLab, type NodeLabSettings } from './node-lab.ts';

const TWO_NODES = defineDeployment([
  {
    name: 'pan1',
    fqdn: `pan1.${LAB_DOMAIN}`,
    ipAddress: '10.20.1.11',
    personas: ['Administration', 'Monitoring'],
    adminRole: 'primary',
    monitoringRole: 'active',
  },
  { name: 'psn1', fqdn: `psn1.${LAB_DOMAIN}`, ipAddress: '10.20.1.12', personas: ['Policy Service'] },
]);

const inTwoNodes = (test: (lab: NodeLab) => Promise<void>, config: NodeLabSettings['config'] = []): Promise<void> =>
  inNodeLab({ deployment: TWO_NODES, config }, test);

/** What a node missed is too old for it after ten seconds. */
const IMPATIENT = [[CONFIG_KEYS.replication, { catchUpMsMax: 10_000 }]] as const;

const snapshots = ({ node }: NodeLab) => ['pan1', 'psn1'].map((name) => node(name).context.store.snapshot());

async function statusOf(lab: NodeLab, name: string): Promise<string> {
  const { body } = await lab.call('pan1', 'GET', 'deployment');
  return body.find((row: { name: string }) => row.name === name).status;
}

const setProxy = (lab: NodeLab, host: string) => lab.call('pan1', 'PUT', 'proxy', { body: { host } });
const proxyOn = ({ node }: NodeLab, name: string) => node(name).context.settings.proxy.host;
const sync = async (lab: NodeLab, name: string) => (await lab.call('pan1', 'POST', `deployment/sync/${name}`)).body;

describe('replication from the primary PAN to another node', () => {
  it('brings a change to the node, the secret still sealed', async () => {
    await inTwoNodes(async (lab) => {
      await lab.saveSmtpServer('pan1');
      await lab.clock.sleep(1_000);
      const [pan1, psn1] = snapshots(lab);
      expect(psn1).toEqual(pan1);
      expect(JSON.stringify(psn1)).not.toContain(lab.secret.value);
      expect(lab.node('psn1').context.settings.smtpServer).toEqual(lab.form);
      expect(await statusOf(lab, 'psn1')).toBe('Connected');
    });
  });

  it('keeps the order of many changes written at once', async () => {
    await inTwoNodes(async (lab) => {
      await Promise.all(Array.from({ length: 20 }, (_, index) => setProxy(lab, `proxy${index}.lab.example`)));
      await lab.clock.sleep(10_000);
      const versions = (kind: string) => recordsOf(lab, kind).map((record) => record['version']);
      expect(versions('config.replicated')).toEqual(versions('config.written'));
      expect(versions('config.written')).toHaveLength(20);
      const [pan1, psn1] = snapshots(lab);
      expect(psn1).toEqual(pan1);
    });
  });

  it('lets the node’s record follow from the write that it carries', async () => {
    await inTwoNodes(async (lab) => {
      await setProxy(lab, 'proxy.lab.example');
      await lab.clock.sleep(1_000);
      const [replicated] = recordsOf(lab, 'config.replicated', 'psn1');
      expect(lab.journal.chainOf(replicated?.seq ?? 0).map(({ kind }) => kind)).toContain('config.written');
    });
  });

  it('leaves a node that was cut off too long with its old settings, tells so, and mends it by a manual sync', async () => {
    await inTwoNodes(async (lab) => {
      await setProxy(lab, 'old.lab.example');
      await lab.clock.sleep(1_000);
      lab.network.cut('psn1');
      await setProxy(lab, 'missed.lab.example');
      await lab.clock.sleep(60_000);
      expect(await statusOf(lab, 'psn1')).toBe('ReplicationStopped');

      lab.network.heal('psn1');
      await setProxy(lab, 'new.lab.example');
      await lab.clock.sleep(30_000);
      expect(await statusOf(lab, 'psn1')).toBe('NotInSync');
      expect([proxyOn(lab, 'pan1'), proxyOn(lab, 'psn1')]).toEqual(['new.lab.example', 'old.lab.example']);

      expect(await sync(lab, 'psn1')).toEqual({ status: 'Connected' });
      const [pan1, psn1] = snapshots(lab);
      expect(psn1).toEqual(pan1);
      await setProxy(lab, 'next.lab.example');
      await lab.clock.sleep(1_000);
      expect(proxyOn(lab, 'psn1')).toBe('next.lab.example');
    }, IMPATIENT);
  });

  it('brings up a node that was cut off for a while, without a word of the administrator', async () => {
    await inTwoNodes(async (lab) => {
      await setProxy(lab, 'old.lab.example');
      await lab.clock.sleep(1_000);
      lab.network.cut('psn1');
      await setProxy(lab, 'missed.lab.example');
      await lab.clock.sleep(3_600_000);
      lab.network.heal('psn1');
      await lab.clock.sleep(600_000);
      expect(proxyOn(lab, 'psn1')).toBe('missed.lab.example');
      expect(await statusOf(lab, 'psn1')).toBe('Connected');
    });
  });

  it('says Disconnected when a node is to be synchronized that can not be reached', async () => {
    await inTwoNodes(async (lab) => {
      lab.network.cut('psn1');
      expect(await sync(lab, 'psn1')).toEqual({ status: 'Disconnected' });
    });
  });

  it('reaches a node again that was stopped and is there again', async () => {
    await inTwoNodes(async (lab) => {
      await setProxy(lab, 'first.lab.example');
      await lab.clock.sleep(1_000);
      lab.network.cut('psn1');
      lab.network.heal('psn1');
      await setProxy(lab, 'second.lab.example');
      await lab.clock.sleep(1_000);
      expect(proxyOn(lab, 'psn1')).toBe('second.lab.example');
      expect(await statusOf(lab, 'psn1')).toBe('Connected');
    });
  });

  it('knows no node of another name', async () => {
    await inTwoNodes(async (lab) => {
      expect(await lab.call('pan1', 'POST', 'deployment/sync/psn9')).toMatchObject({
        status: 404,
        body: { code: 'deployment.unknown-node', remedy: 'Nodes: pan1, psn1.' },
      });
    });
  });
});

describe('a message to another node', () => {
  const clientOf = ({ clock, network }: NodeLab, peer = 'pan1') =>
    new NodeClient({ clock, network: network.viewOf('psn1'), peer: { name: peer, fqdn: `${peer}.${LAB_DOMAIN}` } });

  it('shares one connection with the others, also those sent at the same time', async () => {
    await inTwoNodes(async (lab) => {
      const client = clientOf(lab);
      const update = (username: string) => client.send('guest.update', { data: { username } });
      const answers = await Promise.all([update('1001'), update('1002'), update('1003')]);
      await update('1004');
      expect(answers).toEqual([{ taken: true }, { taken: true }, { taken: true }]);
      expect(recordsOf(lab, 'network.dialled').filter(({ node }) => node === 'psn1')).toHaveLength(1);
      client.close();
    });
  });

  it('fails with the name of the node when that does not take it', async () => {
    await inTwoNodes(async (lab) => {
      const client = clientOf(lab);
      const outcome: unknown = await client.send('no.such.message', {}).catch((error: unknown) => error);
      expect(outcome).toBeInstanceOf(NodeUnreachableError);
      expect(outcome).toMatchObject({ code: 'deployment.node-unreachable', message: expect.stringContaining('pan1') });
      client.close();
    });
  });

  it('fails after ten seconds without an answer, to the millisecond', async () => {
    await inTwoNodes(async (lab) => {
      lab.network.cut('pan1');
      const startedAt = lab.clock.now();
      await expect(clientOf(lab).send('guest.update', {})).rejects.toBeInstanceOf(NodeUnreachableError);
      expect(lab.clock.now() - startedAt).toBe(10_000);
    });
  });

  it('fails when the connection breaks while it waits, and the next one dials anew', async () => {
    await inTwoNodes(async (lab) => {
      const client = clientOf(lab);
      await client.send('guest.update', { data: { username: '1001' } });
      const lost = client.send('guest.update', { data: { username: '1002' } });
      lost.catch(() => undefined);
      lab.network.cut('pan1');
      await expect(lost).rejects.toBeInstanceOf(NodeUnreachableError);
      lab.network.heal('pan1');
      expect(await client.send('guest.update', { data: { username: '1003' } })).toEqual({ taken: true });
      client.close();
    });
  });

  it('goes to the port for nodes', async () => {
    await inTwoNodes(async (lab) => {
      const client = clientOf(lab);
      await client.send('guest.update', { data: { username: '1001' } });
      expect(recordsOf(lab, 'network.dialled', 'psn1')).toMatchObject([{ host: 'pan1.lab.example', port: NODE_PORT }]);
      client.close();
    });
  });
});

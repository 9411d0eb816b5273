import { CONFIG_KEYS } from '#apps/ise-node';
import { defineDeployment, LAB_DOMAIN } from '#libs/deployment';
import {
  ALL,
  guestDueAt,
  HOUR_MS,
  inSixNodes,
  MINUTE_MS,
  positions,
  promote,
  proxyOn,
  rolesOn,
  setProxy,
  SHORT_VISIT,
} from './deployment-lab.ts';
import { START } from './microsoft-lab.ts';
import { ADMIN, GUEST, inNodeLab, recordsOf, type NodeLab } from './node-lab.ts';

describe('Promote to Primary', () => {
  it('swaps the roles of both PANs everywhere while the primary is there, and loses nothing', async () => {
    await inSixNodes(async (lab) => {
      await setProxy(lab, 'pan1', 'old.lab.example');
      expect(await promote(lab, 'pan2')).toMatchObject({ status: 200, body: { message: 'pan2 is the primary PAN' } });
      await lab.clock.sleep(MINUTE_MS);
      for (const name of ALL) {
        expect(rolesOn(lab, name).slice(0, 2)).toEqual(['pan1 SEC(A)', 'pan2 PRI(A)']);
        expect(proxyOn(lab, name)).toBe('old.lab.example');
      }
      expect(new Set(positions(lab, ALL).map((position) => JSON.stringify(position))).size).toBe(1);
    });
  });

  it('makes the former primary refuse to be written on, and name the new one', async () => {
    await inSixNodes(async (lab) => {
      await promote(lab, 'pan2');
      expect(await setProxy(lab, 'pan1', 'p')).toMatchObject({
        status: 409,
        body: { code: 'deployment.not-primary-pan', remedy: 'Use pan2.' },
      });
      expect((await setProxy(lab, 'pan2', 'new.lab.example')).status).toBe(200);
      await lab.clock.sleep(MINUTE_MS);
      expect(ALL.map((name) => proxyOn(lab, name))).toEqual(ALL.map(() => 'new.lab.example'));
    });
  });

  it('goes without the primary when that is dead; back again, it is the secondary', async () => {
    await inSixNodes(async (lab) => {
      await setProxy(lab, 'pan1', 'old.lab.example');
      await lab.clock.sleep(MINUTE_MS);
      lab.kill('pan1');
      expect((await promote(lab, 'pan2')).status).toBe(200);
      await setProxy(lab, 'pan2', 'new.lab.example');
      await lab.start('pan1');
      await lab.clock.sleep(MINUTE_MS);
      expect(rolesOn(lab, 'pan1').slice(0, 2)).toEqual(['pan1 SEC(A)', 'pan2 PRI(A)']);
      expect(proxyOn(lab, 'pan1')).toBe('new.lab.example');
      expect((await setProxy(lab, 'pan1', 'p')).status).toBe(409);
    });
  });

  it('takes over first what any other node knows better', async () => {
    await inSixNodes(async (lab) => {
      await setProxy(lab, 'pan1', 'before.lab.example');
      await lab.clock.sleep(MINUTE_MS);
      lab.network.cut('pan2');
      await setProxy(lab, 'pan1', 'while-pan2-was-away.lab.example');
      await lab.clock.sleep(MINUTE_MS);
      lab.kill('pan1');
      lab.network.heal('pan2');
      await promote(lab, 'pan2');
      expect(proxyOn(lab, 'pan2')).toBe('while-pan2-was-away.lab.example');
      expect(recordsOf(lab, 'config.taken-over')).toMatchObject([{ node: 'pan2' }]);
    });
  });

  it('discards what a cut-off former primary wrote by itself, and says how much', async () => {
    await inSixNodes(async (lab) => {
      await setProxy(lab, 'pan1', 'common.lab.example');
      await lab.clock.sleep(MINUTE_MS);
      lab.network.cut('pan1');
      await promote(lab, 'pan2');
      await setProxy(lab, 'pan1', 'only-on-pan1.lab.example');
      await setProxy(lab, 'pan1', 'only-on-pan1-too.lab.example');
      lab.network.heal('pan1');
      await lab.clock.sleep(HOUR_MS);
      expect(ALL.map((name) => proxyOn(lab, name))).toEqual(ALL.map(() => 'common.lab.example'));
      expect(recordsOf(lab, 'config.synchronized', 'pan1')).toMatchObject([{ discarded: 2 }]);
      expect(lab.node('pan1').context.isPrimaryPan).toBe(false);
    });
  });

  it('is refused on the primary itself, and unknown on a node without the persona', async () => {
    await inSixNodes(async (lab) => {
      expect(await promote(lab, 'pan1')).toMatchObject({ status: 409, body: { code: 'deployment.primary-already' } });
      const { status, body } = await promote(lab, 'psn1');
      expect({ status, body }).toMatchObject({
        status: 404,
        body: { code: 'node.no-such-page', remedy: 'Administration pages are on pan1, the primary PAN.' },
      });
    });
  });
});

describe('reminders that are due around a promotion', () => {
  const dueAt = START + HOUR_MS;
  const guests = ['1001', '1002', '1003', '1004'].map((name) => guestDueAt(name, dueAt));
  const later = guestDueAt('1005', dueAt + HOUR_MS);
  const mailsTo = (lab: NodeLab): string[] =>
    lab.exchange.deliveredTo(GUEST).map(({ messageId }) => messageId.replace(/-\d+@.*|</g, ''));

  it('are sent by the node that claimed them, once, also when it was killed in the middle and is none any more', async () => {
    await inSixNodes(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        await lab.clock.sleep(dueAt - lab.clock.now() + 7_000);
        lab.kill('pan1');
        const before = mailsTo(lab).length;
        expect(before).toBeGreaterThan(0);
        expect(before).toBeLessThan(4);
        await promote(lab, 'pan2');
        await lab.clock.sleep(2 * HOUR_MS);
        expect(mailsTo(lab).slice(before)).toEqual(['pan2']);
        await lab.start('pan1');
        await lab.clock.sleep(HOUR_MS);
        expect(mailsTo(lab).toSorted()).toEqual(['pan1', 'pan1', 'pan1', 'pan1', 'pan2']);
      },
      [SHORT_VISIT, ...guests, later],
    );
  });

  it('are sent by the new primary when the old one died before it could claim them', async () => {
    await inSixNodes(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        await lab.clock.sleep(dueAt - lab.clock.now() - MINUTE_MS);
        lab.kill('pan1');
        await lab.clock.sleep(HOUR_MS / 2);
        expect(mailsTo(lab)).toEqual([]);
        await promote(lab, 'pan2');
        await lab.clock.sleep(HOUR_MS);
        await lab.start('pan1');
        await lab.clock.sleep(HOUR_MS);
        expect(mailsTo(lab)).toEqual(['pan2', 'pan2', 'pan2', 'pan2', 'pan2']);
      },
      [SHORT_VISIT, ...guests, later],
    );
  });

  it('are sent once though both took themselves for the primary: the one that was cut off withdraws', async () => {
    await inSixNodes(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        await lab.clock.sleep(dueAt - lab.clock.now() - 1);
        lab.network.cut('pan1');
        await lab.clock.sleep(MINUTE_MS);
        expect(recordsOf(lab, 'mail.held', 'pan1')).toHaveLength(4);
        await promote(lab, 'pan2');
        await lab.clock.sleep(MINUTE_MS);
        lab.network.heal('pan1');
        await lab.clock.sleep(HOUR_MS / 2);
        expect(mailsTo(lab)).toEqual(['pan2', 'pan2', 'pan2', 'pan2']);
        expect(recordsOf(lab, 'mail.withdrawn', 'pan1')).toHaveLength(4);
      },
      [SHORT_VISIT, ...guests],
    );
  });

  it('wait while the primary can reach too few nodes to be certain, and are sent as soon as it can', async () => {
    await inSixNodes(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        await lab.clock.sleep(MINUTE_MS);
        for (const name of ['pan2', 'psn1', 'psn2']) lab.network.cut(name);
        await lab.clock.sleep(dueAt - lab.clock.now() + MINUTE_MS);
        expect(mailsTo(lab)).toEqual([]);
        lab.network.heal('psn1');
        await lab.clock.sleep(20 * MINUTE_MS);
        expect(mailsTo(lab)).toHaveLength(4);
      },
      [SHORT_VISIT, ...guests],
    );
  });

  it('are given up when the account ended before they could be sent', async () => {
    await inSixNodes(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        await lab.clock.sleep(dueAt - lab.clock.now() + 7_000);
        lab.kill('pan1');
        const before = mailsTo(lab).length;
        await lab.clock.sleep(7 * HOUR_MS);
        await lab.start('pan1');
        await lab.clock.sleep(HOUR_MS);
        expect(mailsTo(lab)).toHaveLength(before);
        const reasons = recordsOf(lab, 'mail.given-up').map((record) => record['reason']);
        expect(reasons.length).toBe(4 - before);
        expect(new Set([...reasons, 'too-late', 'outcome-unknown']).size).toBe(2);
      },
      [SHORT_VISIT, ...guests],
    );
  });
});

describe('automatic failover of the PAN', () => {
  const failover = (changes: object = {}) =>
    [CONFIG_KEYS.panFailover, { enabled: true, primaryHealthCheckNode: 'psn1', ...changes }] as const;

  it('promotes the secondary after five polls of two minutes that failed, not before', async () => {
    await inSixNodes(
      async (lab) => {
        await lab.clock.sleep(HOUR_MS);
        lab.kill('pan1');
        const killedAt = lab.clock.now();
        await lab.clock.sleep(3 * HOUR_MS);
        const [promoted] = recordsOf(lab, 'pan.promoted');
        expect(promoted).toMatchObject({ node: 'pan2', handedOver: false });
        const ms = Date.parse(promoted?.t ?? '') - killedAt;
        expect(ms).toBeGreaterThan(8 * MINUTE_MS);
        expect(ms).toBeLessThan(12 * MINUTE_MS);
        expect(recordsOf(lab, 'alarm.raised').map((record) => record['name'])).toContain(
          'PAN Auto Failover - Failover Triggered',
        );
        await lab.start('pan1');
        await lab.clock.sleep(HOUR_MS);
        expect(rolesOn(lab, 'pan1').slice(0, 2)).toEqual(['pan1 SEC(A)', 'pan2 PRI(A)']);
        expect(recordsOf(lab, 'pan.promoted')).toHaveLength(1);
      },
      [failover()],
    );
  });

  it('forgets failed polls when one succeeds', async () => {
    await inSixNodes(
      async (lab) => {
        for (let round = 0; round < 5; round += 1) {
          lab.network.cut('pan1');
          await lab.clock.sleep(50_000);
          lab.network.heal('pan1');
          await lab.clock.sleep(2 * MINUTE_MS);
        }
        expect(recordsOf(lab, 'pan-failover.poll-failed').length).toBeGreaterThan(2);
        expect(recordsOf(lab, 'pan.promoted')).toEqual([]);
      },
      [failover({ pollingIntervalSeconds: 30, failedAttempts: 3 })],
    );
  });

  it('does nothing when the health check node itself is cut off', async () => {
    await inSixNodes(
      async (lab) => {
        lab.network.cut('psn1');
        await lab.clock.sleep(HOUR_MS);
        expect(recordsOf(lab, 'pan.promoted')).toEqual([]);
        expect(recordsOf(lab, 'pan-failover.triggered').every((record) => record['promoted'] === false)).toBe(true);
      },
      [failover({ pollingIntervalSeconds: 30, failedAttempts: 2 })],
    );
  });

  it.each([
    [{ primaryHealthCheckNode: 'pan2' }, 'pan2 is an administration node'],
    [{ primaryHealthCheckNode: 'psn9' }, 'no node named "psn9"'],
    [{}, 'a health check node is needed'],
    [{ primaryHealthCheckNode: 'psn1', pollingIntervalSeconds: 29 }, 'pollingIntervalSeconds'],
    [{ primaryHealthCheckNode: 'psn1', pollingIntervalSeconds: 301 }, 'pollingIntervalSeconds'],
    [{ primaryHealthCheckNode: 'psn1', failedAttempts: 1 }, 'failedAttempts'],
    [{ primaryHealthCheckNode: 'psn1', failedAttempts: 61 }, 'failedAttempts'],
  ])('is not saved as %j', async (fields, message) => {
    await inSixNodes(async (lab) => {
      const { status, body } = await lab.call('pan1', 'PUT', 'deployment/pan-failover', {
        body: { enabled: true, ...fields },
      });
      expect({ status, body }).toMatchObject({ status: 400, body: { message: expect.stringContaining(message) } });
    });
  });

  it('needs three nodes and two PANs', async () => {
    const deployment = defineDeployment([
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
    await inNodeLab({ deployment }, async (lab) => {
      const body = { enabled: true, primaryHealthCheckNode: 'psn1' };
      expect((await lab.call('pan1', 'PUT', 'deployment/pan-failover', { body })).body.evidence.faults).toEqual([
        'automatic failover needs at least three nodes',
        'automatic failover needs a secondary PAN',
      ]);
    });
  });
});

describe('registration', () => {
  const register = (lab: NodeLab, name: string, changes: object = {}) =>
    lab.call('pan1', 'POST', 'deployment/register', { body: { fqdn: `${name}.${LAB_DOMAIN}`, ...ADMIN, ...changes } });
  const deregister = (lab: NodeLab, name: string) => lab.call('pan1', 'POST', `deployment/deregister/${name}`);
  const resend = (lab: NodeLab, psn: string) =>
    lab.call(psn, 'POST', 'sponsor-portal/guests/1001/resend', { body: { sponsor: 'sue' } });
  const SPONSOR = [CONFIG_KEYS.sponsor('sue'), { username: 'sue', emailAddress: 'sue@lab.example' }] as const;
  const GUEST_1001 = guestDueAt('1001', START + 24 * HOUR_MS);

  it('takes a node out, which keeps its configuration and sends no more mail, and in again', async () => {
    await inSixNodes(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        expect(await deregister(lab, 'psn2')).toMatchObject({ status: 200 });
        await lab.clock.sleep(MINUTE_MS);
        expect(rolesOn(lab, 'pan1').map((row) => row.split(' ')[0])).not.toContain('psn2');
        await setProxy(lab, 'pan1', 'unheard.lab.example');
        await lab.clock.sleep(MINUTE_MS);
        expect(proxyOn(lab, 'psn2')).toBeNull();
        expect(lab.node('psn2').context.settings.smtpServer).toBeDefined();
        expect((await resend(lab, 'psn2')).body.message).toMatch(/no part of the deployment/);
        expect(lab.exchange.messages).toEqual([]);

        expect(await register(lab, 'psn2')).toMatchObject({ status: 200 });
        await lab.clock.sleep(MINUTE_MS);
        expect(proxyOn(lab, 'psn2')).toBe('unheard.lab.example');
        await lab.call('pan1', 'PUT', 'proxy', { body: { host: null } });
        await lab.clock.sleep(MINUTE_MS);
        expect(await resend(lab, 'psn2')).toMatchObject({ status: 200, body: { message: 'Credentials sent' } });
      },
      [SPONSOR, SHORT_VISIT, GUEST_1001],
    );
  });

  it('ends the mails that a leaving node has not sent, visibly', async () => {
    await inSixNodes(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        await lab.clock.sleep(MINUTE_MS);
        lab.network.cut('smtp.office365.com');
        await resend(lab, 'psn2');
        expect(recordsOf(lab, 'mail.retry-scheduled', 'psn2')).toHaveLength(1);
        await deregister(lab, 'psn2');
        lab.network.heal('smtp.office365.com');
        await lab.clock.sleep(24 * HOUR_MS);
        expect(recordsOf(lab, 'mail.given-up', 'psn2')).toMatchObject([{ reason: 'deregistered' }]);
        expect(lab.exchange.deliveredTo(GUEST)).toEqual([]);
      },
      [SPONSOR, SHORT_VISIT, guestDueAt('1001', START + 48 * HOUR_MS)],
    );
  });

  it('leaves a node whose portals create nothing any more', async () => {
    await inSixNodes(
      async (lab) => {
        await deregister(lab, 'psn2');
        const body = { sponsor: 'sue', firstName: 'Ada' };
        const answer = await lab.call('psn2', 'POST', 'sponsor-portal/guests', { body });
        expect(answer).toMatchObject({
          status: 503,
          body: { code: 'guests.no-primary-pan', remedy: 'Register it on pan1.' },
        });
        expect((await lab.call('pan1', 'GET', 'guests')).body).toEqual([]);
      },
      [SPONSOR],
    );
  });

  it('is told to a node that was away when it was taken out, as soon as it is back', async () => {
    await inSixNodes(async (lab) => {
      lab.kill('psn2');
      await deregister(lab, 'psn2');
      await lab.start('psn2');
      expect(lab.node('psn2').context.roles.current.isRegistered).toBe(false);
      lab.network.cut('psn1');
      expect(await deregister(lab, 'psn1')).toMatchObject({ status: 409 });
    });
  });

  it('is refused with a wrong password, for a member of a deployment, and for nobody', async () => {
    await inSixNodes(async (lab) => {
      await deregister(lab, 'psn2');
      expect((await register(lab, 'psn2', { password: 'wrong' })).body).toMatchObject({
        code: 'deployment.registration-failed',
        message: 'psn2 refuses user name or password',
      });
      expect((await register(lab, 'psn1')).body.code).toBe('deployment.registered-already');
      expect((await register(lab, 'psn9')).body).toMatchObject({ message: 'psn9.lab.example could not be reached' });
    });
  });

  it('does not take out the primary PAN, the last PSN, or a node that is not there', async () => {
    await inSixNodes(async (lab) => {
      expect((await deregister(lab, 'pan1')).body.code).toBe('deployment.primary-pan-stays');
      expect((await deregister(lab, 'psn9')).status).toBe(404);
      await deregister(lab, 'psn2');
      expect(await deregister(lab, 'psn1')).toMatchObject({ status: 409, body: { code: 'deployment.invalid' } });
    });
  });

  it('lets the standby take over when the active MnT is taken out', async () => {
    await inSixNodes(async (lab) => {
      expect((await deregister(lab, 'mnt1')).status).toBe(200);
      expect(rolesOn(lab, 'pan1').at(-1)).toBe('mnt2 PRI(M)');
    });
  });
});

describe('a node group', () => {
  const save = (lab: NodeLab, name: string, members: string[]) =>
    lab.call('pan1', 'PUT', `node-groups/${name}`, { body: { members } });

  it('has PSNs, each in one group', async () => {
    await inSixNodes(async (lab) => {
      expect((await save(lab, 'east', ['psn1'])).status).toBe(200);
      expect((await save(lab, 'west', ['psn1', 'mnt1', 'psn9'])).body.message).toBe(
        'psn1 is in the node group "east"; mnt1 is no Policy Service node; the deployment has no node named "psn9"',
      );
      expect((await lab.call('pan1', 'GET', 'node-groups')).body).toEqual([
        { name: 'east', description: '', members: ['psn1'] },
      ]);
      expect((await lab.call('pan1', 'DELETE', 'node-groups/east')).status).toBe(200);
      expect((await lab.call('pan1', 'DELETE', 'node-groups/east')).status).toBe(404);
    });
  });
});

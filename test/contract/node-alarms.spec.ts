import { CONFIG_KEYS } from '#apps/ise-node';
import { sixNodeDeployment } from '#libs/deployment';
import { LabPki } from '#mocks/pki';
import { MAILBOX, START } from './microsoft-lab.ts';
import { inNodeLab, recordsOf, SMTP_HOST, type NodeLab, type NodeLabSettings } from './node-lab.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const OPS = 'ops@operations.example';
const UNDELIVERABLE = 'SMTP mail could not be delivered';

const ops = {
  kind: 'admin',
  username: 'ops',
  emailAddress: OPS,
  includeSystemAlarmsInEmails: true,
  passwordChangedAt: START,
  passwordNeverExpires: true,
  enabled: true,
};

/** One node that is all, and an administrator who wants alarms. */
function inAlarmLab(test: (lab: NodeLab) => Promise<void>, settings: NodeLabSettings = {}): Promise<void> {
  const config = [[CONFIG_KEYS.adminUser('ops'), ops] as const, ...(settings.config ?? [])];
  return inNodeLab({ ...settings, config }, test);
}

const raise = (lab: NodeLab, node: string, name: string, details = '') =>
  lab.call(node, 'POST', 'alarms', { body: { name, details } });
const listOf = async (lab: NodeLab, mnt: string, query = '') => (await lab.call(mnt, 'GET', `mnt/alarms${query}`)).body;
const setRule = (lab: NodeLab, name: string, body: object, pan = 'ise1') =>
  lab.call(pan, 'PUT', `alarm-settings/alarms/${encodeURIComponent(name)}`, { body });
const raisedOf = (lab: NodeLab, name: string) =>
  recordsOf(lab, 'alarm.raised').filter((record) => record['name'] === name);
const subjectsTo = (lab: NodeLab, address: string) => lab.exchange.deliveredTo(address).map(({ subject }) => subject);

describe('an alarm in a deployment with two Monitoring nodes', () => {
  const deployment = sixNodeDeployment();

  it('is listed on both, mailed by the active one, and both know what became of its mail', async () => {
    await inAlarmLab(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        await raise(lab, 'psn2', 'Process Down', 'the app server');
        await lab.clock.sleep(MINUTE_MS);
        for (const mnt of ['mnt1', 'mnt2']) {
          expect(await listOf(lab, mnt, '?severity=Critical')).toMatchObject([
            { name: 'Process Down', node: 'psn2', delivery: 'sent', mailedBy: 'mnt1', occurrences: 1 },
          ]);
        }
        expect(recordsOf(lab, 'mail.composed').map((record) => [record.node, record['subject']])).toEqual([
          ['mnt1', 'ISE Alarm : Critical : Process Down'],
        ]);
      },
      { deployment },
    );
  });

  it('is mailed by the standby when the active one can not be reached, and by nobody else later', async () => {
    await inAlarmLab(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        await lab.clock.sleep(1_000);
        lab.network.cut('mnt1');
        await raise(lab, 'psn2', 'Process Down');
        await lab.clock.sleep(MINUTE_MS);
        expect(await listOf(lab, 'mnt2', '?name=Process%20Down')).toMatchObject([
          { delivery: 'sent', mailedBy: 'mnt2' },
        ]);
        lab.network.heal('mnt1');
        await lab.clock.sleep(60 * MINUTE_MS);
        expect(await listOf(lab, 'mnt1', '?name=Process%20Down')).toMatchObject([
          { delivery: 'sent', mailedBy: 'mnt2' },
        ]);
        expect(subjectsTo(lab, OPS).filter((subject) => subject.includes('Process Down'))).toHaveLength(1);
      },
      { deployment },
    );
  });

  it('waits on the standby while no PAN can name another active one, and is mailed once there is one', async () => {
    await inAlarmLab(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        await lab.clock.sleep(1_000);
        lab.network.cut('mnt1');
        lab.network.cut('pan1');
        await raise(lab, 'psn2', 'Process Down');
        await lab.clock.sleep(5 * MINUTE_MS);
        expect(await listOf(lab, 'mnt2', '?name=Process%20Down')).toMatchObject([{ delivery: 'pending' }]);
        lab.network.heal('pan1');
        await lab.clock.sleep(20 * MINUTE_MS);
        expect(await listOf(lab, 'mnt2', '?name=Process%20Down')).toMatchObject([
          { delivery: 'sent', mailedBy: 'mnt2' },
        ]);
      },
      { deployment },
    );
  });

  it('is told to the standby later when that one was cut off', async () => {
    await inAlarmLab(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        await lab.clock.sleep(1_000);
        lab.network.cut('mnt2');
        await raise(lab, 'psn2', 'Process Down');
        await lab.clock.sleep(MINUTE_MS);
        lab.network.heal('mnt2');
        await lab.clock.sleep(10 * MINUTE_MS);
        expect(await listOf(lab, 'mnt2', '?severity=Critical')).toMatchObject([{ delivery: 'sent', mailedBy: 'mnt1' }]);
        expect(subjectsTo(lab, OPS)).toHaveLength(1);
      },
      { deployment },
    );
  });

  it('is not lost with the node that raised it, killed before any Monitoring node had it', async () => {
    await inNodeLab({ deployment: sixNodeDeployment() }, async (lab) => {
      lab.network.cut('psn1');
      await raise(lab, 'psn1', 'High Load Average', 'Load is 9');
      lab.kill('psn1');
      lab.network.heal('psn1');
      await lab.start('psn1');
      await lab.clock.sleep(2 * MINUTE_MS);
      for (const mnt of ['mnt1', 'mnt2']) {
        expect(await listOf(lab, mnt, '?severity=Warning')).toMatchObject([{ details: 'Load is 9', occurrences: 1 }]);
      }
    });
  });

  it('tells of a node that does not answer, once, and says when it is back', async () => {
    await inAlarmLab(
      async (lab) => {
        await lab.clock.sleep(10 * MINUTE_MS);
        lab.network.cut('psn1');
        await lab.clock.sleep(3 * 60 * MINUTE_MS);
        expect(raisedOf(lab, 'Health Status Unavailable')).toMatchObject([{ node: 'mnt1', about: 'psn1' }]);
        lab.network.heal('psn1');
        await lab.clock.sleep(3 * 60 * MINUTE_MS);
        expect(recordsOf(lab, 'node.health-restored', 'psn1')).toHaveLength(1);
        expect(raisedOf(lab, 'Health Status Unavailable')).toHaveLength(1);
      },
      { deployment, config: [[CONFIG_KEYS.alarmThresholds, { healthIntervalSeconds: 60, healthMissedMax: 3 }]] },
    );
  });

  it('tells of a node that takes no changes, and of a synchronization that failed', async () => {
    await inAlarmLab(
      async (lab) => {
        lab.network.cut('psn1');
        await lab.call('pan1', 'PUT', 'proxy', { body: { host: null } });
        await lab.clock.sleep(MINUTE_MS);
        expect(raisedOf(lab, 'Replication Failed')).toMatchObject([{ node: 'pan1', about: 'psn1' }]);
        await lab.call('pan1', 'POST', 'deployment/sync/psn1');
        expect(raisedOf(lab, 'Sync Failure')).toMatchObject([{ about: 'psn1' }]);
      },
      { deployment },
    );
  });
});

describe('a mail that can not be delivered', () => {
  it('raises our alarm, counted for an hour, and of a name that is not resolved the one about DNS', async () => {
    await inAlarmLab(
      async (lab) => {
        await lab.saveSmtpServer('ise1');
        lab.network.viewOf('ise1').setName(SMTP_HOST, null);
        const body = { to: 'helpdesk@lab.example' };
        for (let mail = 0; mail < 3; mail += 1) {
          await lab.call('ise1', 'POST', 'portal-page-customization/test-email', { body });
        }
        await lab.clock.sleep(10 * MINUTE_MS);
        expect(raisedOf(lab, UNDELIVERABLE)).toHaveLength(3);
        expect(await listOf(lab, 'ise1', `?name=${encodeURIComponent(UNDELIVERABLE)}`)).toMatchObject([
          { occurrences: 3, node: 'ise1' },
        ]);
        expect(await listOf(lab, 'ise1', '?name=DNS%20Resolution%20Failure')).toMatchObject([
          { occurrences: 3, subject: SMTP_HOST },
        ]);
      },
      { config: [[CONFIG_KEYS.retry, { attemptsMax: 1, firstDelayMs: 1_000, delayMsMax: 1_000 }]] },
    );
  });

  it('raises nothing when it is an alarm: that one is listed as undeliverable, with the reason', async () => {
    await inAlarmLab(async (lab) => {
      await lab.saveSmtpServer('ise1');
      await setRule(lab, UNDELIVERABLE, { suppressForMinutes: 0 });
      lab.organization.removeServicePrincipal(lab.form.clientId);
      await raise(lab, 'ise1', 'Process Down');
      await lab.clock.sleep(60 * MINUTE_MS);
      expect(await listOf(lab, 'ise1', '?severity=Critical')).toMatchObject([
        { name: 'Process Down', delivery: 'undeliverable', reason: expect.stringContaining('535 5.7.3') },
      ]);
      expect(recordsOf(lab, 'mail.composed')).toHaveLength(1);
      expect((await lab.call('ise1', 'GET', 'mnt/alarms/summary')).body).toContainEqual(
        expect.objectContaining({ name: 'Process Down', undeliverable: 1 }),
      );
    });
  });

  it('is shown as such in the end also when it was tried several times', async () => {
    await inAlarmLab(
      async (lab) => {
        await lab.saveSmtpServer('ise1');
        lab.network.block(587);
        await raise(lab, 'ise1', 'Process Down');
        await lab.clock.sleep(90_000);
        expect(await listOf(lab, 'ise1', '?severity=Critical')).toMatchObject([{ delivery: 'retrying' }]);
        await lab.clock.sleep(10 * MINUTE_MS);
        expect(await listOf(lab, 'ise1', '?severity=Critical')).toMatchObject([{ delivery: 'undeliverable' }]);
      },
      { config: [[CONFIG_KEYS.retry, { attemptsMax: 2, firstDelayMs: 60_000, delayMsMax: 60_000 }]] },
    );
  });
});

describe('the settings of an alarm', () => {
  const NAME = 'High Load Average';

  it('name addresses, a sender and lines of its own', async () => {
    await inAlarmLab(async (lab) => {
      await lab.saveSmtpServer('ise1');
      await setRule(lab, NAME, { addresses: ['night@operations.example'], emailText: 'Call the desk.\nSoon.' });
      await raise(lab, 'ise1', NAME, 'Load is 9');
      await lab.clock.sleep(MINUTE_MS);
      const [mail] = lab.exchange.deliveredTo('night@operations.example');
      expect(lab.exchange.deliveredTo(OPS)).toEqual([mail]);
      expect(mail?.raw.toString()).toContain('Call the desk.\r\nSoon.\r\n\r\nAlarm Name :\r\nHigh Load Average\r\n');
    });
  });

  it('leave the time zone to the deployment: its mails have the time of there', async () => {
    await inAlarmLab(async (lab) => {
      await lab.saveSmtpServer('ise1');
      expect((await lab.call('ise1', 'PUT', 'time-zone', { body: { timeZone: 'Europe/Atlantis' } })).status).toBe(400);
      expect((await lab.call('ise1', 'PUT', 'time-zone', { body: { timeZone: 'Asia/Tokyo' } })).status).toBe(200);
      expect((await lab.call('ise1', 'GET', 'time-zone')).body).toEqual({ timeZone: 'Asia/Tokyo' });
      await raise(lab, 'ise1', NAME, 'Load is 9');
      await lab.clock.sleep(MINUTE_MS);
      const raisedAt = Date.parse(recordsOf(lab, 'alarm.raised').at(-1)?.t ?? '');
      const there = new Date(raisedAt + 9 * 60 * MINUTE_MS).toISOString().slice(0, 19).replace('T', ' ');
      expect(lab.exchange.deliveredTo(OPS)[0]?.raw.toString()).toContain(`${there} Asia/Tokyo`);
    });
  });

  it('send a mail to each instead of one to all, if so set', async () => {
    await inAlarmLab(async (lab) => {
      await lab.saveSmtpServer('ise1');
      await setRule(lab, NAME, { addresses: ['night@operations.example'] });
      await lab.call('ise1', 'PUT', 'alarm-settings/notification', { body: { oneMailPerRecipient: true } });
      await raise(lab, 'ise1', NAME);
      await lab.clock.sleep(MINUTE_MS);
      expect(recordsOf(lab, 'mail.composed').map((record) => record['to'])).toEqual([
        ['night@operations.example'],
        [OPS],
      ]);
      expect(await listOf(lab, 'ise1', '?severity=Warning')).toMatchObject([
        { delivery: 'sent', mails: ['ise1-1', 'ise1-2'] },
      ]);
      expect((await lab.call('ise1', 'GET', 'alarm-settings')).body).toMatchObject({ sender: MAILBOX });
    });
  });

  it.each([
    ['is neither listed nor mailed when it is off', { enabled: false }, []],
    ['is listed without a mail when it is muted', { muted: true }, [{ delivery: 'not-mailed', reason: 'muted' }]],
    [
      'is listed without a mail when its mail is off',
      { emailNotification: false },
      [{ delivery: 'not-mailed', reason: 'mail is switched off' }],
    ],
    [
      'is mailed once in the time that is set',
      { emailFrequencyMinutes: 30 },
      [{ delivery: 'not-mailed', reason: 'mailed a short time ago' }, { delivery: 'sent' }],
    ],
    ['is counted in the time that is set', { suppressForMinutes: 30 }, [{ delivery: 'sent', occurrences: 2 }]],
  ])('decide: an alarm %s', async (_what, rule, expected) => {
    await inAlarmLab(async (lab) => {
      await lab.saveSmtpServer('ise1');
      expect((await setRule(lab, NAME, rule)).status).toBe(200);
      await raise(lab, 'ise1', NAME);
      await lab.clock.sleep(MINUTE_MS);
      if (expected.length !== 1 || 'occurrences' in (expected[0] ?? {})) await raise(lab, 'ise1', NAME);
      await lab.clock.sleep(MINUTE_MS);
      expect(await listOf(lab, 'ise1', '?severity=Warning')).toMatchObject(expected);
    });
  });

  it('are shown for each alarm with its state, and refuse a name that is none', async () => {
    await inNodeLab({}, async (lab) => {
      await setRule(lab, NAME, { muted: true });
      await setRule(lab, 'Process Down', { enabled: false });
      const { body } = await lab.call('ise1', 'GET', 'alarm-settings/alarms');
      expect(body).toContainEqual(expect.objectContaining({ name: NAME, severity: 'Warning', status: 'Muted' }));
      expect(body).toContainEqual(expect.objectContaining({ name: 'Process Down', status: 'Disabled' }));
      expect(await setRule(lab, 'Coffee is out', {})).toMatchObject({ status: 404, body: { code: 'alarms.unknown' } });
      expect(await setRule(lab, NAME, { addresses: ['nobody'] })).toMatchObject({ status: 400 });
    });
  });
});

describe('the list of alarms', () => {
  it('is acknowledged by alarm or by instance, on both Monitoring nodes', async () => {
    await inNodeLab({ deployment: sixNodeDeployment() }, async (lab) => {
      for (const node of ['psn1', 'psn2']) await raise(lab, node, 'Process Down');
      await lab.clock.sleep(1_000);
      const [latest] = await listOf(lab, 'mnt1', '?name=Process%20Down');
      const acknowledge = (body: object) => lab.call('mnt1', 'POST', 'mnt/alarms/acknowledge', { body });
      expect((await acknowledge({ ids: [latest.id, 'no such'] })).body).toEqual({ acknowledged: 1 });
      expect(await listOf(lab, 'mnt1', '?acknowledged=true')).toMatchObject([
        { node: 'psn2', acknowledgedBy: 'admin' },
      ]);
      expect((await acknowledge({ name: 'Process Down' })).body).toEqual({ acknowledged: 1 });
      expect(await acknowledge({})).toMatchObject({ status: 400 });
      await lab.clock.sleep(1_000);
      expect(await listOf(lab, 'mnt2', '?acknowledged=true')).toHaveLength(2);
    });
  });

  it('refuses a filter that it does not know', async () => {
    await inNodeLab({}, async (lab) => {
      expect(await lab.call('ise1', 'GET', 'mnt/alarms?severity=Loud')).toMatchObject({ status: 400 });
    });
  });
});

describe('alarms that come up by themselves', () => {
  it('tell of a change of the configuration: listed, not mailed', async () => {
    await inAlarmLab(async (lab) => {
      await lab.call('ise1', 'PUT', 'proxy', { body: { host: null } });
      await lab.clock.sleep(MINUTE_MS);
      expect(await listOf(lab, 'ise1')).toMatchObject([
        { name: 'Configuration Changed', severity: 'Info', details: 'changed: proxy', delivery: 'not-mailed' },
      ]);
    });
  });

  it('tell of a certificate of a node at 90, 60 and 30 days, daily in the last week, and that it has ended', async () => {
    await inAlarmLab(async (lab) => {
      const pki = await LabPki.issue({ validFrom: START, clock: lab.clock, leafLifetimeMs: 130 * DAY_MS });
      const [pem = ''] = pki.serverCredentials('smtp').certificateChainPem.split(/(?<=-----END CERTIFICATE-----\n)/);
      // Valid for 100 days from now on.
      const certificate = { node: 'ise1', name: 'Default self-signed server certificate', pem };
      const { context } = lab.node('ise1');
      const { store } = context;
      store.apply(store.nextChange([[CONFIG_KEYS.systemCertificate('ise1'), certificate]], lab.clock.now()));
      await lab.clock.sleep(102 * DAY_MS);
      const days = ['Certificate Expiration', 'Certificate Expired'].map((name) =>
        raisedOf(lab, name).map(({ t }) => Math.round((Date.parse(t) - START) / DAY_MS)),
      );
      expect(days).toEqual([
        [11, 41, 71, 94, 95, 96, 97, 98, 99, 100],
        [101, 102],
      ]);
    });
  });
});

describe('an administrator', () => {
  const typed = { username: 'eve', password: 'Eve-Lab-1', emailAddress: 'eve@operations.example' };
  const asEve = (password = typed.password) => ({ credentials: { userName: 'eve', password } });

  it('signs in with a password, and is refused with a clear answer once that is over', async () => {
    await inNodeLab({}, async (lab) => {
      const added = await lab.call('ise1', 'POST', 'admin-users', { body: typed });
      expect(added).toMatchObject({ status: 201, body: { username: 'eve' } });
      expect(JSON.stringify([added.body, (await lab.call('ise1', 'GET', 'admin-users')).body])).not.toContain('hash');
      expect((await lab.call('ise1', 'GET', 'proxy', asEve())).status).toBe(200);
      await lab.clock.sleep(45 * DAY_MS);
      expect(await lab.call('ise1', 'GET', 'proxy', asEve())).toMatchObject({
        status: 403,
        body: { code: 'admin.password-expired', message: expect.stringContaining('its password has expired') },
      });
      expect(recordsOf(lab, 'admin.sign-in-refused')).toMatchObject([{ admin: 'eve', auditCode: '51007' }]);
      await lab.clock.sleep(DAY_MS);
      expect(recordsOf(lab, 'user.disabled')).toMatchObject([{ user: 'admin/eve', because: 'password-expired' }]);
      expect(raisedOf(lab, 'Administrator account Locked/Disabled')).toHaveLength(1);
      const renewed = { body: { password: 'Eve-Lab-2', enabled: true } };
      await lab.call('ise1', 'PUT', 'admin-users/eve', renewed);
      expect((await lab.call('ise1', 'GET', 'proxy', asEve('Eve-Lab-2'))).status).toBe(200);
      expect((await lab.call('ise1', 'GET', 'proxy', asEve())).status).toBe(401);
    });
  });

  it('is locked after five wrong passwords, for a quarter of an hour', async () => {
    await inNodeLab({}, async (lab) => {
      await lab.call('ise1', 'POST', 'admin-users', { body: typed });
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 5; attempt += 1) {
        statuses.push((await lab.call('ise1', 'GET', 'proxy', asEve('wrong'))).status);
      }
      expect(statuses).toEqual([401, 401, 401, 401, 403]);
      expect(await lab.call('ise1', 'GET', 'proxy', asEve())).toMatchObject({ body: { code: 'admin.account-locked' } });
      expect(raisedOf(lab, 'Administrator account Locked/Disabled')).toHaveLength(1);
      await lab.clock.sleep(15 * MINUTE_MS);
      expect((await lab.call('ise1', 'GET', 'proxy', asEve())).status).toBe(200);
    });
  });
});

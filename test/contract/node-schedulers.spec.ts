import { CONFIG_KEYS } from '#apps/ise-node';
import { LAB_DOMAIN } from '#libs/deployment';
import { DEFAULT_GUEST_TYPES, type GuestAccount } from '#libs/guests';
import { NodeClient } from '#libs/replication';
import { START } from './microsoft-lab.ts';
import { inNodeLab, recordsOf, type NodeLab } from './node-lab.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const GUEST = 'guest@visitor.example';

const daysAfterStart = (days: number): number => START + days * DAY_MS;
const instant = (time: string): number => Date.parse(time);
const sleepUntil = ({ clock }: NodeLab, at: number): Promise<void> => clock.sleep(at - clock.now());
const timesOf = (lab: NodeLab, kind: string): number[] => recordsOf(lab, kind).map(({ t }) => Date.parse(t));

/** Within this the mail of a due moment has arrived. */
const SOON_MS = 60_000;

describe('the guest expiry mail', () => {
  const TYPE = 'Short visit';
  const [base] = DEFAULT_GUEST_TYPES;
  const guestType = {
    ...base,
    name: TYPE,
    expirationNotification: { enabled: true, sendEmail: true, advanceMs: 6 * HOUR_MS, text: 'Your access ends soon.' },
  };

  function account(username: string, changes: Partial<GuestAccount> = {}): GuestAccount {
    return {
      id: username,
      username,
      password: 'p',
      firstName: 'Ada',
      lastName: 'Guest',
      emailAddress: GUEST,
      guestType: TYPE,
      validFrom: START,
      validTo: daysAfterStart(2),
      state: 'Active',
      createdAt: START,
      ...changes,
    };
  }

  function withGuests(guests: readonly GuestAccount[], test: (lab: NodeLab) => Promise<void>): Promise<void> {
    const config = [
      [CONFIG_KEYS.guestType(TYPE), guestType] as const,
      ...guests.map((guest) => [CONFIG_KEYS.guest(guest.username), guest] as const),
    ];
    return inNodeLab({ config }, async (lab) => {
      await lab.saveSmtpServer('ise1');
      await test(lab);
    });
  }

  /** Stores a changed account the way a PSN does: by a message to the primary PAN. */
  async function store({ clock, network }: NodeLab, changed: GuestAccount): Promise<void> {
    network.addHost({ name: 'psn9', address: '10.20.9.9', zone: 'inside' });
    const peer = { name: 'ise1', fqdn: `ise1.${LAB_DOMAIN}` };
    const client = new NodeClient({ clock, network: network.viewOf('psn9'), peer });
    await client.send('guest.update', { data: changed });
    client.close();
  }

  const dueAt = daysAfterStart(2) - 6 * HOUR_MS;

  it('is sent at the due instant, not a millisecond before, and only once', async () => {
    await withGuests([account('1001')], async (lab) => {
      await sleepUntil(lab, dueAt - 1);
      expect(timesOf(lab, 'guest.expiry-due')).toEqual([]);
      await sleepUntil(lab, daysAfterStart(10));
      expect(timesOf(lab, 'guest.expiry-due')).toEqual([dueAt]);
      const mails = lab.exchange.deliveredTo(GUEST);
      expect(mails).toHaveLength(1);
      expect(mails[0]?.receivedAt).toBeLessThan(dueAt + SOON_MS);
    });
  });

  it('is sent for each guest at its own instant', async () => {
    const guests = [account('1002', { validTo: daysAfterStart(3) }), account('1001'), account('1003')];
    await withGuests(guests, async (lab) => {
      await sleepUntil(lab, daysAfterStart(10));
      expect(recordsOf(lab, 'guest.expiry-due').map((record) => record['guest'])).toEqual(['1001', '1003', '1002']);
      expect(timesOf(lab, 'guest.expiry-due')).toEqual([dueAt, dueAt, dueAt + DAY_MS]);
      expect(lab.exchange.deliveredTo(GUEST)).toHaveLength(3);
    });
  });

  it('comes again, once, when the account is extended after it', async () => {
    await withGuests([account('1001')], async (lab) => {
      await sleepUntil(lab, dueAt + HOUR_MS);
      const present = lab.node('ise1').context.settings.guest('1001');
      await store(lab, { ...account('1001'), ...present, validTo: daysAfterStart(5) });
      await sleepUntil(lab, daysAfterStart(10));
      expect(timesOf(lab, 'guest.expiry-due')).toEqual([dueAt, daysAfterStart(5) - 6 * HOUR_MS]);
      expect(lab.exchange.deliveredTo(GUEST)).toHaveLength(2);
    });
  });

  it('waits for the new end when the account is extended before it', async () => {
    await withGuests([account('1001')], async (lab) => {
      await sleepUntil(lab, dueAt - HOUR_MS);
      await store(lab, account('1001', { validTo: daysAfterStart(5) }));
      await sleepUntil(lab, daysAfterStart(10));
      expect(timesOf(lab, 'guest.expiry-due')).toEqual([daysAfterStart(5) - 6 * HOUR_MS]);
    });
  });

  it('is not sent for an account that was suspended before', async () => {
    await withGuests([account('1001')], async (lab) => {
      await store(lab, account('1001', { state: 'Suspended' }));
      await sleepUntil(lab, daysAfterStart(10));
      expect(timesOf(lab, 'guest.expiry-due')).toEqual([]);
    });
  });

  it('is sent for an account that ends beyond what a timer can wait for', async () => {
    await withGuests([account('1001', { validTo: daysAfterStart(80) })], async (lab) => {
      await sleepUntil(lab, daysAfterStart(90));
      expect(timesOf(lab, 'guest.expiry-due')).toEqual([daysAfterStart(80) - 6 * HOUR_MS]);
    });
  });

  it('follows the guest type: another advance, or none any more', async () => {
    await withGuests([account('1001'), account('1002', { validTo: daysAfterStart(4) })], async (lab) => {
      const saveType = (body: object) => lab.call('ise1', 'PUT', 'guest-types', { body: { name: TYPE, ...body } });
      await saveType({ expirationNotification: { advanceMs: 2 * HOUR_MS } });
      await sleepUntil(lab, daysAfterStart(3));
      expect(timesOf(lab, 'guest.expiry-due')).toEqual([daysAfterStart(2) - 2 * HOUR_MS]);
      await saveType({});
      await sleepUntil(lab, daysAfterStart(10));
      expect(timesOf(lab, 'guest.expiry-due')).toHaveLength(1);
    });
  });

  it('is sent once for each of two accounts that end at the same hour of the clock, an hour apart', async () => {
    // 2026-10-25, 02:30 in Berlin, and 2026-11-01, 01:30 in New York: before and after the clocks are put back.
    const ends = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'];
    const guests = ends.map((end, index) => account(`100${index}`, { validTo: instant(end) }));
    await withGuests(guests, async (lab) => {
      await sleepUntil(lab, instant('2026-11-10T00:00:00Z'));
      expect(timesOf(lab, 'guest.expiry-due')).toEqual(ends.map((end) => instant(end) - 6 * HOUR_MS));
      expect(lab.exchange.deliveredTo(GUEST)).toHaveLength(ends.length);
    });
  });

  it('is sent as long before the end as is set, also over the hour that is left out in spring', async () => {
    // Berlin puts the clocks forward at 2026-03-29T01:00Z, New York at 2026-03-08T07:00Z.
    const ends = ['2026-03-08T07:30:00Z', '2026-03-29T01:30:00Z'];
    const guests = ends.map((end, index) => account(`100${index}`, { validTo: instant(end) }));
    await withGuests(guests, async (lab) => {
      await sleepUntil(lab, instant('2026-04-01T00:00:00Z'));
      expect(timesOf(lab, 'guest.expiry-due')).toEqual(ends.map((end) => instant(end) - 6 * HOUR_MS));
    });
  });

  it('is sent a whole number of minutes ahead, if so set', async () => {
    await withGuests([account('1001')], async (lab) => {
      const body = { name: TYPE, expirationNotification: { advanceMs: 45 * 60_000 } };
      await lab.call('ise1', 'PUT', 'guest-types', { body });
      await sleepUntil(lab, daysAfterStart(3));
      expect(timesOf(lab, 'guest.expiry-due')).toEqual([daysAfterStart(2) - 45 * 60_000]);
    });
  });

  it('is not sent a second time because the first one was refused', async () => {
    await withGuests([account('1001')], async (lab) => {
      lab.organization.removeServicePrincipal(lab.form.clientId);
      await sleepUntil(lab, daysAfterStart(10));
      expect(recordsOf(lab, 'mail.composed')).toHaveLength(1);
      expect(recordsOf(lab, 'mail.refused')).toHaveLength(1);
    });
  });
});

describe('the password reminder', () => {
  // Reminders of administrators are due 30 days before 45 days are over: 15 days after the change.
  const CHANGED_AT = instant('2026-02-01T12:00:00Z');
  const DUE_FROM = instant('2026-02-17T01:15:00Z');
  const admin = {
    kind: 'admin',
    username: 'ops',
    emailAddress: 'ops@operations.example',
    includeSystemAlarmsInEmails: false,
    passwordChangedAt: CHANGED_AT,
    enabled: true,
  };

  it('is sent once per password, at the first evaluation from the due day on', async () => {
    await inNodeLab({ config: [[CONFIG_KEYS.adminUser('ops'), admin]] }, async (lab) => {
      await lab.saveSmtpServer('ise1');
      await sleepUntil(lab, DUE_FROM - 1);
      expect(timesOf(lab, 'password.reminder-due')).toEqual([]);
      await sleepUntil(lab, DUE_FROM + 60 * DAY_MS);
      expect(timesOf(lab, 'password.reminder-due')).toEqual([DUE_FROM]);
      expect(lab.exchange.deliveredTo('ops@operations.example')).toHaveLength(1);
    });
  });

  it('names the end by the clock of the deployment', async () => {
    const config = [[CONFIG_KEYS.adminUser('ops'), admin] as const, ['guest-time-zone', 'Europe/Berlin'] as const];
    await inNodeLab({ config }, async (lab) => {
      await lab.saveSmtpServer('ise1');
      await sleepUntil(lab, DUE_FROM + SOON_MS);
      // 45 days after 12:00 UTC; summer time begins on 29 March.
      const [mail] = lab.exchange.deliveredTo('ops@operations.example');
      expect(mail?.raw.toString()).toContain('expires on 03/18/2026 13:00');
    });
  });

  it('comes again for the next password', async () => {
    await inNodeLab({ config: [[CONFIG_KEYS.adminUser('ops'), admin]] }, async (lab) => {
      await lab.saveSmtpServer('ise1');
      await sleepUntil(lab, DUE_FROM + DAY_MS);
      const body = { username: 'ops', emailAddress: 'ops@operations.example' };
      await lab.call('ise1', 'POST', 'admin-users', { body });
      const changedAt = lab.clock.now();
      await sleepUntil(lab, changedAt + 40 * DAY_MS);
      const [, second, ...more] = timesOf(lab, 'password.reminder-due');
      expect(more).toEqual([]);
      expect(second).toBeGreaterThanOrEqual(changedAt + 15 * DAY_MS);
      expect(second).toBeLessThan(changedAt + 16 * DAY_MS);
      expect(lab.exchange.deliveredTo('ops@operations.example')).toHaveLength(2);
    });
  });

  it('is sent neither to a disabled user nor for a password that is past its end', async () => {
    const config = [
      [CONFIG_KEYS.adminUser('ops'), { ...admin, enabled: false }],
      [CONFIG_KEYS.adminUser('old'), { ...admin, username: 'old', passwordChangedAt: CHANGED_AT - 45 * DAY_MS }],
    ] as const;
    await inNodeLab({ config }, async (lab) => {
      await lab.saveSmtpServer('ise1');
      await sleepUntil(lab, DUE_FROM + 30 * DAY_MS);
      expect(timesOf(lab, 'password.reminder-due')).toEqual([]);
    });
  });
});

describe('the reminders of a policy with several', () => {
  it('come each once, and anew with the next password; the account alias is what they name', async () => {
    const user = {
      kind: 'internal',
      username: 'anna',
      accountNameAlias: 'Anna A.',
      emailAddress: 'anna@operations.example',
      passwordChangedAt: START,
      enabled: true,
    };
    const internal = { lifetimeDays: 30, reminderDays: 10, furtherReminderDays: [3] };
    const policies = { admin: { lifetimeDays: 45, reminderDays: 30 }, internal };
    const config = [
      [CONFIG_KEYS.internalUser('anna'), user],
      [CONFIG_KEYS.passwordPolicies, policies],
    ] as const;
    await inNodeLab({ config }, async (lab) => {
      await lab.saveSmtpServer('ise1');
      await sleepUntil(lab, daysAfterStart(28));
      const body = { password: 'Anna-Lab-2' };
      expect((await lab.call('ise1', 'PUT', 'internal-users/anna', { body })).status).toBe(200);
      await sleepUntil(lab, daysAfterStart(80));
      const days = timesOf(lab, 'password.reminder-due').map((at) => Math.round((at - START) / DAY_MS));
      expect(days).toEqual([21, 28, 49, 56]);
      expect(lab.exchange.deliveredTo('anna@operations.example').map(({ subject }) => subject)).toEqual(
        days.map(() => 'Your password is about to expire: Anna A.'),
      );
      expect(recordsOf(lab, 'user.disabled')).toMatchObject([{ user: 'internal/anna', because: 'password-expired' }]);
    });
  });

  it('end with the account itself', async () => {
    const user = { username: 'guest', emailAddress: 'g@operations.example', expiryDate: '2026-02-10' };
    await inNodeLab({}, async (lab) => {
      await lab.saveSmtpServer('ise1');
      await lab.call('ise1', 'POST', 'internal-users', { body: { ...user, expiryDateEnabled: true } });
      await sleepUntil(lab, daysAfterStart(60));
      expect(recordsOf(lab, 'user.disabled')).toMatchObject([
        { t: '2026-02-11T01:15:00.000Z', because: 'account-expired' },
      ]);
      expect(timesOf(lab, 'password.reminder-due')).toEqual([]);
    });
  });
});

describe('the two alarms of the client secret', () => {
  const ABOUT_TO = 'SMTP OAuth Client Secret about to be expired';
  const HAS = 'SMTP OAuth Client Secret has expired';
  const alarmsOf = (lab: NodeLab) =>
    recordsOf(lab, 'alarm.raised')
      .filter((record) => record['severity'] !== 'Info')
      .map((record) => [record.t.slice(0, 16), record['name']]);

  it('come at each threshold once, and daily from the end of the typed day on', async () => {
    const config = [[CONFIG_KEYS.secretAlarms, { thresholdsDays: [7, 3] }]] as const;
    await inNodeLab({ config }, async (lab) => {
      await lab.saveSmtpServer('ise1', { expiryDate: '2026-02-12' });
      await sleepUntil(lab, instant('2026-02-15T05:00:00Z'));
      expect(alarmsOf(lab)).toEqual([
        ['2026-02-06T01:00', ABOUT_TO],
        ['2026-02-10T01:00', ABOUT_TO],
        ['2026-02-13T01:00', HAS],
        ['2026-02-14T01:00', HAS],
        ['2026-02-15T01:00', HAS],
      ]);
    });
  });

  it('begin anew with another typed date', async () => {
    const config = [[CONFIG_KEYS.secretAlarms, { thresholdsDays: [3] }]] as const;
    await inNodeLab({ config }, async (lab) => {
      await lab.saveSmtpServer('ise1', { expiryDate: '2026-02-07' });
      await sleepUntil(lab, instant('2026-02-06T05:00:00Z'));
      await lab.saveSmtpServer('ise1', { expiryDate: '2026-02-17' });
      await sleepUntil(lab, instant('2026-02-17T05:00:00Z'));
      expect(alarmsOf(lab)).toEqual([
        ['2026-02-05T01:00', ABOUT_TO],
        ['2026-02-15T01:00', ABOUT_TO],
      ]);
    });
  });

  it('do not come without OAuth settings', async () => {
    await inNodeLab({}, async (lab) => {
      await sleepUntil(lab, daysAfterStart(40));
      expect(alarmsOf(lab)).toEqual([]);
    });
  });

  it('are mailed to the administrators who want alarms', async () => {
    const ops = {
      kind: 'admin',
      username: 'ops',
      emailAddress: 'ops@operations.example',
      includeSystemAlarmsInEmails: true,
      passwordChangedAt: START,
      enabled: true,
    };
    await inNodeLab({ config: [[CONFIG_KEYS.adminUser('ops'), ops]] }, async (lab) => {
      await lab.saveSmtpServer('ise1', { expiryDate: '2026-02-05' });
      await sleepUntil(lab, instant('2026-02-03T05:00:00Z'));
      expect(lab.exchange.deliveredTo('ops@operations.example').map(({ subject }) => subject)).toEqual([
        expect.stringContaining(ABOUT_TO),
      ]);
    });
  });
});

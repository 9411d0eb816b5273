import { CONFIG_KEYS, GUEST_ACCESS_KEYS, type InitialConfig } from '#apps/ise-node';
import { defineDeployment } from '#libs/deployment';
import {
  createGuestAccount,
  DEFAULT_GUEST_TYPES,
  GUEST_LIFE_CYCLE,
  GUEST_OPERATIONS,
  GUEST_STATES,
  hashSponsorPassword,
  sponsorGroupSchema,
  type GuestAccount,
  type GuestOperation,
  type GuestState,
} from '#libs/guests';
import { Random } from '#libs/simulation';
import { inNodeLab, type Answer, type NodeLab } from './node-lab.ts';

const DAY_MS = 86_400_000;
const TWO_NODES = defineDeployment([
  {
    name: 'pan1',
    fqdn: 'pan1.lab.example',
    ipAddress: '10.20.1.11',
    personas: ['Administration', 'Monitoring'],
    adminRole: 'primary',
    monitoringRole: 'active',
  },
  { name: 'psn1', fqdn: 'psn1.lab.example', ipAddress: '10.20.1.12', personas: ['Policy Service'] },
]);

const SPONSORS: InitialConfig = [
  [CONFIG_KEYS.sponsor('anna'), { username: 'anna', passwordHash: hashSponsorPassword('isebed-Sponsor-1', 'salt') }],
  [CONFIG_KEYS.sponsor('otto'), { username: 'otto', groups: ['OWN_ACCOUNTS (default)'] }],
  [CONFIG_KEYS.sponsor('rosa'), { username: 'rosa', groups: ['Reception'], emailAddress: 'rosa@lab.example' }],
  [
    GUEST_ACCESS_KEYS.sponsorGroup('Reception'),
    sponsorGroupSchema.parse({ name: 'Reception', importBatchSizeLimit: 500, autoNotification: true }),
  ],
];

function anAccount(now: number, username: string, change: Partial<GuestAccount>): GuestAccount {
  const random = new Random(username);
  const creation = createGuestAccount(
    { username, sponsor: 'anna', password: '6299' },
    { guestTypes: DEFAULT_GUEST_TYPES, usernames: [], now, random },
  );
  if (creation.kind === 'refused') throw new Error('the default account is refused');
  return { ...creation.account, ...change };
}

function accountIn(state: GuestState, username: string, now: number): GuestAccount {
  switch (state) {
    case 'Approved':
      return anAccount(now, username, { approval: { decision: 'approved' } });
    case 'Pending Approval':
      return anAccount(now, username, { state, approval: {} });
    case 'Expired':
      return anAccount(now, username, { state: 'Active', validFrom: now - DAY_MS, validTo: now });
    default:
      return anAccount(now, username, { state, ...(state === 'Active' ? { firstLoginAt: now } : {}) });
  }
}

/** The request that does the operation over the node's API, as a portal would. */
function request(lab: NodeLab, operation: GuestOperation, username: string, node = 'ise1'): Promise<Answer> {
  const commands: Partial<Record<GuestOperation, object>> = {
    edit: { operation, changes: { company: 'Example Ltd' } },
    extend: { operation, byDays: 1 },
  };
  const credentials = { username, password: '6299' };
  if (operation === 'firstLogin') return lab.call(node, 'POST', 'guest-portal/sign-in', { body: credentials });
  if (operation === 'changePassword') {
    return lab.call(node, 'POST', 'guest-portal/password', { body: { ...credentials, newPassword: '4711' } });
  }
  const body = { sponsor: 'anna', guests: [username], command: commands[operation] ?? { operation }, notify: false };
  return lab.call(node, 'POST', 'sponsor-portal/operations', { body });
}

describe('the life cycle over the portals', () => {
  it.each(GUEST_OPERATIONS)('allows and refuses %s as the table says, in every state', async (operation) => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      const { store } = lab.node('ise1').context;
      for (const state of GUEST_STATES) {
        const username = `guest-${state.replace(' ', '-')}`;
        const account = accountIn(state, username, lab.clock.now());
        store.apply(store.nextChange([[CONFIG_KEYS.guest(username), account]], lab.clock.now()));
        const answer = await request(lab, operation, username);
        const cell = GUEST_LIFE_CYCLE[operation][state];
        if (cell.kind === 'allowed') {
          expect({ state, status: answer.status }).toEqual({ state, status: 200 });
          expect(lab.node('ise1').context.settings.guest(username) === undefined).toBe(operation === 'delete');
        } else {
          const isGuest = operation === 'firstLogin' || operation === 'changePassword';
          expect({ state, status: answer.status }).toEqual({ state, status: isGuest ? 403 : 409 });
          if (!isGuest) expect(answer.body.code).toBe(cell.refusal.code);
        }
      }
      expect(lab.journal.toJsonLines()).not.toMatch(/6299|4711/);
    });
  });
});

describe('sponsors', () => {
  const GUEST = [CONFIG_KEYS.guest('1001'), anAccount(Date.parse('2026-02-02T05:00:00Z'), '1001', {})] as const;

  it('see and touch the accounts that their group lets them, and no others', async () => {
    await inNodeLab({ config: [...SPONSORS, GUEST] }, async (lab) => {
      const body = { sponsor: 'otto', guests: ['1001'], command: { operation: 'delete' } };
      expect(await lab.call('ise1', 'POST', 'sponsor-portal/operations', { body })).toMatchObject({
        status: 403,
        body: { code: 'guests.not-permitted' },
      });
      expect((await lab.call('ise1', 'GET', 'sponsor-portal/guests?sponsor=otto')).body).toEqual([]);
      const seen = await lab.call('ise1', 'GET', 'sponsor-portal/guests?sponsor=anna');
      expect(seen.body).toMatchObject([{ username: '1001' }]);
      expect(JSON.stringify(seen.body)).not.toContain('6299');
    });
  });

  it('print credentials while they may be resent', async () => {
    await inNodeLab({ config: [...SPONSORS, GUEST] }, async (lab) => {
      const page = await lab.call('ise1', 'GET', 'sponsor-portal/guests/1001/print?sponsor=anna');
      expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
      expect(page.body).toContain('Password: 6299');
      await request(lab, 'suspend', '1001');
      expect((await lab.call('ise1', 'GET', 'sponsor-portal/guests/1001/print?sponsor=anna')).status).toBe(409);
    });
  });

  it('get nothing changed while no primary PAN is up, but may resend', async () => {
    await inNodeLab({ deployment: TWO_NODES, config: [...SPONSORS, GUEST] }, async (lab) => {
      lab.network.cut('pan1');
      for (const operation of GUEST_OPERATIONS) {
        if (GUEST_LIFE_CYCLE[operation].Created.kind === 'refused') continue;
        const { status } = await request(lab, operation, '1001', 'psn1');
        expect({ operation, status }).toEqual({
          operation,
          // Guests get in all the same, and Resend changes nothing.
          status: operation === 'firstLogin' || operation === 'resend' ? 200 : 503,
        });
      }
      expect(lab.node('psn1').context.settings.guest('1001')).toMatchObject({ state: 'Created', password: '6299' });
    });
  });

  it('import 500 guests at once, each mailed, and get one summary', async () => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      await lab.saveSmtpServer('ise1');
      const rows = Array.from({ length: 500 }, (_, index) => `Guest,${index},guest${index}@visitor.example`);
      const csv = `First Name,Last Name,Email Address\r\n${rows.join('\r\n')}\r\n`;
      const body = { sponsor: 'rosa', csv, sendSummary: true };
      const imported = await lab.call('ise1', 'POST', 'sponsor-portal/guests/import', { body });
      expect(imported).toMatchObject({ status: 201, body: { message: '500 accounts imported' } });
      const composed = (type: string) =>
        lab.journal.records.filter((record) => record.kind === 'mail.composed' && record['type'] === type).length;
      await lab.clock.sleep(60_000);
      expect([composed('guest-credentials'), composed('sponsor-summary')]).toEqual([500, 1]);
    });
  });

  it('import nothing of a file with one wrong line', async () => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      const csv = 'First Name,Email Address\nAda,ada@visitor.example\nAlan,nowhere';
      const refused = await lab.call('ise1', 'POST', 'sponsor-portal/guests/import', {
        body: { sponsor: 'anna', csv },
      });
      expect(refused).toMatchObject({
        status: 400,
        body: { code: 'guests.import-refused', evidence: { mistakes: [{ line: 3, column: 'Email Address' }] } },
      });
      expect(lab.node('ise1').context.settings.guests).toEqual([]);
    });
  });
});

describe('the settings of guest access', () => {
  it('keep what is built in, and what is in use', async () => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      const remove = async (path: string) => (await lab.call('ise1', 'DELETE', path)).status;
      await lab.call('ise1', 'PUT', 'guest-types', { body: { name: 'Visitor' } });
      const body = { sponsor: 'anna', guestType: 'Visitor' };
      await lab.call('ise1', 'POST', 'sponsor-portal/guests', { body });
      expect(await remove('guest-types/Visitor')).toBe(409);
      expect(await remove(`guest-types/${encodeURIComponent('Daily (default)')}`)).toBe(409);
      expect(await remove('guest-types/Visitors')).toBe(404);
      expect(await remove('sponsor-groups/Reception')).toBe(409);
      await lab.call('ise1', 'PUT', 'sponsor-groups', { body: { name: 'Nobody' } });
      expect(await remove('sponsor-groups/Nobody')).toBe(204);
    });
  });

  it('refuse a notification text with an unknown placeholder, and use a good one', async () => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      const portal = 'Sponsor Portal (default)';
      const save = (text: string) =>
        lab.call('ise1', 'PUT', 'portal-texts', {
          body: { portal, kind: 'credentials', subject: 'Welcome {{firstName}}', body: text },
        });
      expect(await save('{{userName}}')).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining('Did you mean "username"?') },
      });
      await save('You are {{username}}.');
      await lab.saveSmtpServer('ise1');
      const body = { sponsor: 'anna', firstName: 'Ada', emailAddress: 'ada@visitor.example' };
      await lab.call('ise1', 'POST', 'sponsor-portal/guests', { body });
      const subjects = lab.journal.records.flatMap((each) => (each.kind === 'mail.composed' ? [each['subject']] : []));
      expect(subjects).toEqual(['Welcome Ada']);
    });
  });

  it('store a sponsor password as a hash only, and show not even that', async () => {
    await inNodeLab({}, async (lab) => {
      const body = { username: 'anna', password: 'isebed-Sponsor-9' };
      const saved = await lab.call('ise1', 'POST', 'sponsors', { body });
      const listed = await lab.call('ise1', 'GET', 'sponsors');
      const stored = lab.node('ise1').context.settings.sponsor('anna');
      expect(stored?.passwordHash).toMatch(/^[0-9a-f]{16}:[0-9a-f]{64}$/);
      expect(JSON.stringify([saved.body, listed.body])).not.toMatch(/isebed-Sponsor-9|passwordHash/);
      expect(lab.journal.toJsonLines()).not.toContain('isebed-Sponsor-9');
    });
  });
});

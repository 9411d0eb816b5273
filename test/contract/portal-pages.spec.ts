import { CONFIG_KEYS, GUEST_ACCESS_KEYS, type InitialConfig } from '#apps/ise-node';
import { defineDeployment } from '#libs/deployment';
import {
  createGuestAccount,
  DEFAULT_GUEST_TYPES,
  GUEST_LIFE_CYCLE,
  GUEST_OPERATIONS,
  GUEST_STATES,
  hashSponsorPassword,
  selfRegistrationPortalSchema,
  sponsorGroupSchema,
  type GuestAccount,
  type GuestOperation,
  type GuestState,
} from '#libs/guests';
import { Random } from '#libs/simulation';
import { START } from './microsoft-lab.ts';
import { inNodeLab, recordsOf, type NodeLab } from './node-lab.ts';
import { formFields, PortalVisitor, textOf, type Page } from './portal-visitor.ts';

const DAY_MS = 86_400_000;
const SCRIPT = '<script>alert("x")</script>';

const sponsor = (username: string, more: object = {}) =>
  [
    CONFIG_KEYS.sponsor(username),
    {
      username,
      emailAddress: `${username}@lab.example`,
      passwordHash: hashSponsorPassword('isebed-Sponsor-1', 'salt'),
      ...more,
    },
  ] as const;

const SPONSORS: InitialConfig = [
  sponsor('anna'),
  sponsor('otto', { groups: ['Reception'] }),
  [
    GUEST_ACCESS_KEYS.sponsorGroup('Reception'),
    sponsorGroupSchema.parse({
      name: 'Reception',
      managePermission: 'OWNACCOUNTS',
      otherPermissions: { canViewGuestPasswords: false, canDeleteGuestAccounts: false, requireSuspensionReason: true },
    }),
  ],
];

function portal(settings: object): InitialConfig {
  const whole = selfRegistrationPortalSchema.parse(settings);
  return [[GUEST_ACCESS_KEYS.selfRegistrationPortal(whole.name), whole]];
}

function anAccount(now: number, username: string, change: Partial<GuestAccount> = {}): GuestAccount {
  const creation = createGuestAccount(
    { username, sponsor: 'anna', password: '6299', emailAddress: `${username}@visitor.example` },
    { guestTypes: DEFAULT_GUEST_TYPES, usernames: [], now, random: new Random(username) },
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

function put(lab: NodeLab, account: GuestAccount): void {
  const { store } = lab.node('ise1').context;
  store.apply(store.nextChange([[CONFIG_KEYS.guest(account.username), account]], lab.clock.now()));
}

function guestNamed(lab: NodeLab, username: string): GuestAccount | undefined {
  return lab.node('ise1').context.settings.guest(username);
}

const visitorOf = (lab: NodeLab, headers?: Record<string, string>) => new PortalVisitor(lab.node('ise1').http, headers);

async function asAnna(lab: NodeLab): Promise<PortalVisitor> {
  const anna = visitorOf(lab);
  expect(textOf(await anna.signInAsSponsor('anna'))).toContain('Signed in as anna');
  return anna;
}

/** Opens the dialog of a button and confirms it. */
async function click(
  visitor: PortalVisitor,
  operation: string,
  guests: string[],
  fields = {},
  from = 'accounts',
): Promise<Page> {
  const query = new URLSearchParams({ operation, from });
  for (const name of guests) query.append('guests', name);
  const dialog = await visitor.open(`/sponsorportal/accounts/dialog?${query.toString()}`);
  return visitor.submit(dialog, '/sponsorportal/operations', fields);
}

/** The status of the last answer: 200 after the redirect to the list, else that of the refused form. */
async function perform(
  lab: NodeLab,
  anna: PortalVisitor,
  operation: GuestOperation,
  username: string,
): Promise<number> {
  if (operation === 'firstLogin') return (await visitorOf(lab).signInAsGuest(username, '6299')).status;
  const fields = operation === 'edit' ? { company: 'Example Ltd' } : operation === 'extend' ? { byDays: '1' } : {};
  return (await click(anna, operation, [username], fields)).status;
}

describe('the life cycle over the pages', () => {
  const throughPages = GUEST_OPERATIONS.filter((operation) => operation !== 'changePassword');

  it.each(throughPages)('allows and refuses %s as the table says, in every state', async (operation) => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      const anna = await asAnna(lab);
      for (const state of GUEST_STATES) {
        const username = `guest-${state.replace(' ', '-')}`;
        put(lab, accountIn(state, username, lab.clock.now()));
        const status = await perform(lab, anna, operation, username);
        const isAllowed = GUEST_LIFE_CYCLE[operation][state].kind === 'allowed';
        const refused = operation === 'firstLogin' ? 403 : 409;
        expect({ state, status }).toEqual({ state, status: isAllowed ? 200 : refused });
        expect(guestNamed(lab, username) === undefined).toBe(operation === 'delete');
      }
      expect(lab.journal.toJsonLines()).not.toContain('6299');
    });
  });

  it('lets a guest choose a password once signed in, and no other way', async () => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      put(lab, anAccount(lab.clock.now(), '1001'));
      const guest = visitorOf(lab);
      const welcome = await guest.signInAsGuest('1001', '6299');
      expect(textOf(welcome)).toContain('Welcome');
      expect(guestNamed(lab, '1001')?.state).toBe('Active');
      const change = (fields: Record<string, string>) => guest.submit(welcome, '/portal/password', fields);
      const differ = await change({ password: '6299', newPassword: '4711', repeated: '4712' });
      expect([differ.status, textOf(differ)]).toEqual([400, expect.stringContaining('The two new passwords differ.')]);
      const weak = await change({ password: '6299', newPassword: 'abc', repeated: 'abc' });
      expect([weak.status, textOf(weak)]).toEqual([400, expect.stringContaining('password policy')]);
      expect((await change({ password: '1111', newPassword: '4711', repeated: '4711' })).status).toBe(403);
      const changed = await change({ password: '6299', newPassword: '4711', repeated: '4711' });
      expect(textOf(changed)).toContain('Your password has been changed.');
      expect((await visitorOf(lab).signInAsGuest('1001', '6299')).status).toBe(403);
      put(lab, anAccount(lab.clock.now(), '1001', { state: 'Suspended' }));
      expect(textOf(await guest.open('/portal'))).toContain('Sign In');
      expect(lab.journal.toJsonLines()).not.toMatch(/6299|4711/);
    });
  });
});

describe('the sponsor portal', () => {
  it('creates a known guest, mails the credentials with Copy me, and resends them', async () => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      await lab.saveSmtpServer('ise1');
      const anna = await asAnna(lab);
      const form = await anna.open('/sponsorportal/create');
      const fields = { firstName: 'Ada', emailAddress: 'ada@visitor.example', copyMe: 'yes' };
      const list = await anna.submit(form, '/sponsorportal/create/known', fields);
      expect(textOf(list)).toContain('Account created: 1001');
      expect(textOf(list)).toContain('Manage Accounts (1)');
      expect(textOf(list)).toContain('89D 23H 59M');
      const resent = await click(anna, 'resend', ['1001'], { copyMe: 'yes', sponsorEmail: 'desk@lab.example' });
      expect(resent.html).toContain('<p lang="en">Credentials sent</p>');
      expect(recordsOf(lab, 'mail.composed')).toMatchObject([
        { to: ['ada@visitor.example'], cc: ['anna@lab.example'] },
        { to: ['ada@visitor.example'], cc: ['desk@lab.example'] },
      ]);
      const notices = textOf(await anna.open('/sponsorportal/notices'));
      expect(notices).toContain('Notices (2)');
      expect(notices).toContain('Credentials sent (1001)');
    });
  });

  it('prints credentials instead of mailing them, and shows the password nowhere else', async () => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      put(lab, anAccount(lab.clock.now(), '1001'));
      const anna = await asAnna(lab);
      const query = 'operation=resend&from=accounts&guests=1001';
      const dialog = await anna.open(`/sponsorportal/accounts/dialog?${query}`);
      const { email: _unticked, ...fields } = formFields(dialog, '/sponsorportal/operations');
      const neither = await anna.post('/sponsorportal/operations', fields);
      expect([neither.status, textOf(neither)]).toEqual([400, expect.stringContaining('Choose Print, Email or both.')]);
      const answer = await anna.post('/sponsorportal/operations', { ...fields, print: 'yes' });
      const list = await anna.open(answer.headers.location ?? '');
      expect(list.html).not.toContain('6299');
      expect(list.html).toContain('href="/sponsorportal/print?guest&#x3D;1001"');
      expect(textOf(await anna.open('/sponsorportal/print?guest=1001'))).toContain('Password: 6299');
      expect(recordsOf(lab, 'mail.composed')).toEqual([]);
    });
  });

  it('shows what was wrong beside the fields, and keeps what was typed', async () => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      const anna = await asAnna(lab);
      const form = await anna.open('/sponsorportal/create/known');
      const typed = { firstName: SCRIPT, emailAddress: 'nowhere', validDays: '400', validFrom: '2026-02-30T10:00' };
      const wrongDate = await anna.submit(form, '/sponsorportal/create/known', typed);
      expect([wrongDate.status, wrongDate.html]).toEqual([400, expect.stringContaining('id="validFrom-error"')]);
      const refused = await anna.submit(form, '/sponsorportal/create/known', { ...typed, validFrom: '' });
      expect(refused.status).toBe(400);
      expect(refused.html).toContain('<a href="#emailAddress">The e-mail address is not valid.</a>');
      expect(refused.html).toMatch(
        /id="emailAddress"[^>]*aria-describedby="emailAddress-error"[^>]*aria-invalid="true"/,
      );
      expect(refused.html).toContain('id="validDays-error"');
      expect(formFields(refused, '/sponsorportal/create/known')).toMatchObject({ firstName: SCRIPT, validDays: '400' });
      expect(refused.html).not.toContain('<script');
    });
  });

  it('imports a file, or reports every wrong line and imports nothing', async () => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      const anna = await asAnna(lab);
      const form = await anna.open('/sponsorportal/create/import');
      const path = '/sponsorportal/create/import';
      const bad = 'First Name,Email Address\r\nAda,ada@visitor.example\r\n<b>,nowhere\r\n,elsewhere\r\n';
      const refused = await anna.upload(form, path, bad);
      expect(refused.status).toBe(400);
      expect(textOf(refused)).toContain('Nothing of the file was imported.');
      expect(textOf(refused)).toMatch(/3 Email Address .* 4 Email Address /);
      expect(lab.node('ise1').context.settings.guests).toEqual([]);
      const good = 'First Name,Email Address\r\nAda,ada@visitor.example\r\nAlan,alan@visitor.example\r\n';
      expect(textOf(await anna.upload(form, path, good))).toContain('2 accounts imported');
      expect((await anna.upload(form, path, '')).status).toBe(400);
      const large = await anna.upload(form, path, `First Name\n${'A'.repeat(10 * 1024 * 1024)}`);
      expect([large.status, textOf(large)]).toEqual([413, expect.stringContaining('larger than 10 MB')]);
      const template = await anna.open('/sponsorportal/import-template.csv');
      expect(template.headers['content-disposition']).toBe('attachment; filename="guests.csv"');
    });
  });

  it('creates random accounts within the limit, lists them in pages, and filters', async () => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      const anna = await asAnna(lab);
      const form = await anna.open('/sponsorportal/create/random');
      const path = '/sponsorportal/create/random';
      const tooMany = await anna.submit(form, path, { count: '201' });
      expect([tooMany.status, tooMany.html]).toEqual([400, expect.stringContaining('id="count-error"')]);
      const list = await anna.submit(form, path, { count: '120', prefix: 'talk-' });
      expect(textOf(list)).toContain('120 accounts created');
      expect(list.html.match(/<tr>/g)).toHaveLength(1 + 50);
      expect(textOf(list)).toContain('Page 1 / 3');
      expect((await anna.open('/sponsorportal/accounts?page=3')).html.match(/<tr>/g)).toHaveLength(1 + 20);
      put(
        lab,
        anAccount(lab.clock.now(), '1001', { lastName: SCRIPT, state: 'Suspended', statusReason: 'lost badge' }),
      );
      const found = await anna.open(`/sponsorportal/accounts?filter=${encodeURIComponent('<SCRIPT>')}&state=Suspended`);
      expect(found.html.match(/<tr>/g)).toHaveLength(2);
      expect(textOf(found)).toContain(SCRIPT);
      expect(textOf(found)).toContain('lost badge');
      expect(found.html).not.toContain('<script');
    });
  });

  it('does to several accounts what can be done, and says what was refused', async () => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      const now = lab.clock.now();
      put(lab, anAccount(now, '1001'));
      put(lab, anAccount(now, '1002', { state: 'Suspended' }));
      const anna = await asAnna(lab);
      const answer = textOf(await click(anna, 'suspend', ['1001', '1002'], { reason: 'fire drill' }));
      expect(answer).toContain('1 of 2 accounts suspended. The account 1002 is Suspended');
      expect(guestNamed(lab, '1001')).toMatchObject({ state: 'Suspended', statusReason: 'fire drill' });
      const none = await anna.open('/sponsorportal/accounts/dialog?operation=suspend&from=accounts');
      expect(textOf(none)).toContain('Choose an account.');
      const two = await anna.open('/sponsorportal/accounts/dialog?operation=edit&guests=1001&guests=1002');
      expect(textOf(two)).toContain('Choose a single account to edit.');
    });
  });

  it('changes with Edit what was changed in the form, and nothing else', async () => {
    await inNodeLab({ config: [...SPONSORS, [GUEST_ACCESS_KEYS.timeZone, 'Europe/Berlin']] }, async (lab) => {
      const account = anAccount(lab.clock.now() + 1_234, '1001');
      put(lab, account);
      const anna = await asAnna(lab);
      await click(anna, 'edit', ['1001']);
      expect(guestNamed(lab, '1001')).toEqual(account);
      await click(anna, 'edit', ['1001'], { company: 'Example Ltd', validTo: '2026-03-01T12:00' });
      expect(guestNamed(lab, '1001')).toEqual({
        ...account,
        company: 'Example Ltd',
        validTo: Date.UTC(2026, 2, 1, 11),
      });
      const wrong = await click(anna, 'extend', ['1001'], { byDays: '1', validTo: '2026-03-02T12:00' });
      expect([wrong.status, textOf(wrong)]).toEqual([400, expect.stringContaining('either a number of days')]);
    });
  });

  it('shows a sponsor the accounts and buttons of his group alone', async () => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      const now = lab.clock.now();
      put(lab, anAccount(now, '1001'));
      put(lab, anAccount(now, '2001', { sponsor: 'otto' }));
      const otto = visitorOf(lab);
      const list = await otto.signInAsSponsor('otto');
      expect(list.html).toContain('value="2001"');
      expect(list.html).not.toContain('1001');
      expect(list.html).not.toContain('value="delete"');
      expect((await otto.open('/sponsorportal/accounts/dialog?operation=delete&guests=1001')).status).toBe(404);
      const dialog = await otto.open('/sponsorportal/accounts/dialog?operation=delete&guests=2001');
      expect((await otto.submit(dialog, '/sponsorportal/operations')).status).toBe(403);
      expect((await otto.submit(dialog, '/sponsorportal/operations', { guests: '1001' })).status).toBe(404);
      expect((await otto.open('/sponsorportal/print?guest=2001')).status).toBe(403);
      const withoutReason = await click(otto, 'suspend', ['2001']);
      expect([withoutReason.status, withoutReason.html]).toEqual([400, expect.stringContaining('id="reason-error"')]);
      expect(guestNamed(lab, '1001')?.state).toBe('Created');
    });
  });
});

describe('a PSN without a primary PAN', () => {
  it('says so on the form, keeps what was typed, and lets guests in and credentials be resent', async () => {
    const deployment = defineDeployment([
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
    const guest = [CONFIG_KEYS.guest('1001'), anAccount(START, '1001')] as const;
    await inNodeLab({ deployment, config: [...SPONSORS, guest] }, async (lab) => {
      await lab.saveSmtpServer('pan1');
      await lab.clock.sleep(1_000);
      lab.network.cut('pan1');
      const visitor = () => new PortalVisitor(lab.node('psn1').http);
      const anna = visitor();
      await anna.signInAsSponsor('anna');
      const form = await anna.open('/sponsorportal/create/known');
      const refused = await anna.submit(form, '/sponsorportal/create/known', { firstName: 'Ada' });
      expect([refused.status, textOf(refused)]).toEqual([503, expect.stringContaining('No primary PAN is reachable')]);
      expect(formFields(refused, '/sponsorportal/create/known')).toMatchObject({ firstName: 'Ada' });
      expect((await click(anna, 'suspend', ['1001'])).status).toBe(503);
      expect(textOf(await click(anna, 'resend', ['1001']))).toContain('Credentials sent');
      expect(textOf(await visitor().signInAsGuest('1001', '6299'))).toContain('Welcome');
      const register = visitor();
      const path = '/portal/self-registration';
      const answer = await register.submit(await register.open(path), path, { emailAddress: 'ada@visitor.example' });
      expect(answer.status).toBe(503);
      expect((await new PortalVisitor(lab.node('pan1').http).send('GET', '/portal')).status).toBe(404);
    });
  });
});

describe('self-registration and approval', () => {
  const registration = { firstName: SCRIPT, emailAddress: 'ada@visitor.example' };
  const path = '/portal/self-registration';

  it('shows the credentials once registered, and they sign in', async () => {
    await inNodeLab({ config: SPONSORS }, async (lab) => {
      const guest = visitorOf(lab);
      const done = await guest.submit(await guest.open(path), path, registration);
      const [, username = '', password = ''] = textOf(done).match(/Username (\S+) Password (\S+)/) ?? [];
      expect(guestNamed(lab, username)).toMatchObject({ state: 'Created', password });
      expect((await guest.signInAsGuest(username, password)).status).toBe(200);
      expect(textOf(await guest.open(`${path}/done`))).toContain('Fill in the form');
      expect(textOf(await visitorOf(lab).open(`${path}/done`))).toContain('Fill in the form');
    });
  });

  const approved = { requireGuestApproval: true, approvalEmailAddresses: ['desk@lab.example'] };

  /** Registers a guest, and takes the links from the mail to the approvers. */
  async function links(lab: NodeLab): Promise<{ approve: string; deny: string }> {
    await lab.saveSmtpServer('ise1');
    const guest = visitorOf(lab);
    const done = await guest.submit(await guest.open(path), path, registration);
    expect(textOf(done)).toContain('Your request awaits approval');
    const [mail] = lab.exchange.messages;
    const text = (mail?.raw.toString() ?? '').replace(/=\r\n/g, '').replace(/=3D/g, '=');
    const [approve = '', deny = ''] = text.match(/\/portal\/approval\?token=\w+/g) ?? [];
    return { approve, deny };
  }

  it('decides on the press of a button, and not when a mail scanner opens the link', async () => {
    await inNodeLab({ config: [...SPONSORS, ...portal(approved)] }, async (lab) => {
      const { approve, deny } = await links(lab);
      const state = () => lab.node('ise1').context.settings.guests.map((guest) => guest.state);
      for (const link of [approve, deny]) {
        expect((await visitorOf(lab).send('GET', link)).status).toBe(200);
        expect((await visitorOf(lab).send('HEAD', link)).status).toBe(200);
      }
      expect(state()).toEqual(['Pending Approval']);
      const approver = visitorOf(lab);
      const page = await approver.open(approve);
      expect(textOf(page)).toContain(SCRIPT);
      expect(page.html).not.toContain('<script');
      expect(textOf(await approver.submit(page, '/portal/approval'))).toContain('The request was approved.');
      expect(state()).toEqual(['Created']);
      const spent = await approver.open(deny);
      expect([spent.status, textOf(spent)]).toEqual([409, expect.stringContaining('a decision was made already')]);
    });
  });

  it('asks the approver to sign in first where the portal says so', async () => {
    const config = [...SPONSORS, ...portal({ ...approved, requireApproverToAuthenticate: true })];
    await inNodeLab({ config }, async (lab) => {
      const { deny } = await links(lab);
      const anna = visitorOf(lab);
      const signIn = await anna.open(deny);
      expect(signIn.path).toBe('/sponsorportal/sign-in');
      const fields = { username: 'anna', password: 'isebed-Sponsor-1' };
      const page = await anna.submit(signIn, '/sponsorportal/sign-in', fields);
      const done = await anna.submit(page, '/portal/approval', { reason: 'no such talk' });
      expect(textOf(done)).toContain('The request was denied.');
      expect(lab.node('ise1').context.settings.guests).toMatchObject([
        { state: 'Denied', statusReason: 'no such talk' },
      ]);
    });
  });

  it('lets a sponsor decide on the page of pending accounts', async () => {
    await inNodeLab({ config: [...SPONSORS, ...portal(approved)] }, async (lab) => {
      await links(lab);
      const anna = await asAnna(lab);
      const list = await anna.open('/sponsorportal/pending');
      expect(textOf(list)).toContain('Pending Accounts (1)');
      const done = await click(anna, 'approve', ['1001'], {}, 'pending');
      expect(textOf(done)).toMatch(/Account approved.*1001 Approved/);
    });
  });
});

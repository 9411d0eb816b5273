import { CONFIG_KEYS, type InitialConfig } from '#apps/ise-node';
import { createGuestAccount, DEFAULT_GUEST_TYPES, hashSponsorPassword } from '#libs/guests';
import { Random } from '#libs/simulation';
import { START } from './microsoft-lab.ts';
import { inNodeLab, type NodeLab } from './node-lab.ts';
import { formFields, PortalVisitor, textOf } from './portal-visitor.ts';

const MINUTE_MS = 60_000;
const PASSWORD = 'isebed-Sponsor-1';

function aGuest() {
  const creation = createGuestAccount(
    { username: '1001', password: '6299', sponsor: 'anna' },
    { guestTypes: DEFAULT_GUEST_TYPES, usernames: [], now: START, random: new Random('guest') },
  );
  if (creation.kind === 'refused') throw new Error('the default account is refused');
  return creation.account;
}

const sponsor = (password: string) => ({ username: 'anna', passwordHash: hashSponsorPassword(password, 'salt') });
const CONFIG: InitialConfig = [
  [CONFIG_KEYS.sponsor('anna'), sponsor(PASSWORD)],
  [CONFIG_KEYS.guest('1001'), aGuest()],
];

const inLab = (test: (lab: NodeLab) => Promise<void>) => inNodeLab({ config: CONFIG }, test);
const visitorOf = (lab: NodeLab, headers?: Record<string, string>) => new PortalVisitor(lab.node('ise1').http, headers);

/** Every form that is there to be sent. */
const POSTS = [
  '/sponsorportal/sign-in',
  '/sponsorportal/sign-out',
  '/sponsorportal/operations',
  '/sponsorportal/create/known',
  '/sponsorportal/create/random',
  '/sponsorportal/create/import',
  '/portal/sign-in',
  '/portal/sign-out',
  '/portal/password',
  '/portal/self-registration',
  '/portal/approval',
];

const SPONSOR_PAGES = [
  '/sponsorportal/accounts',
  '/sponsorportal/pending',
  '/sponsorportal/notices',
  '/sponsorportal/print?guest=1001',
  '/sponsorportal/accounts/dialog?operation=delete&guests=1001',
  '/sponsorportal/create/known',
  '/sponsorportal/create/import',
];

describe('forms of the portals', () => {
  it.each(POSTS)('%s is refused without the token of the session, or with that of another one', async (path) => {
    await inLab(async (lab) => {
      const anna = visitorOf(lab);
      await anna.signInAsSponsor('anna');
      const others = formFields(await visitorOf(lab).open('/portal'), '/portal/sign-in')['_csrf'] ?? '';
      const fields = { username: 'anna', password: PASSWORD, operation: 'delete', guests: '1001', email: 'yes' };
      for (const token of [[], '', others, ['a', 'b']]) {
        expect((await anna.post(path, { ...fields, _csrf: token })).status).toBe(403);
      }
      expect((await anna.open('/sponsorportal/accounts')).status).toBe(200);
      expect(lab.node('ise1').context.settings.guests).toHaveLength(1);
    });
  });

  it('are refused when the browser says that another site sent them', async () => {
    await inLab(async (lab) => {
      const evil = visitorOf(lab, { 'sec-fetch-site': 'cross-site' });
      const page = await evil.open('/portal');
      const answer = await evil.submit(page, '/portal/sign-in', { username: '1001', password: '6299' });
      expect([answer.status, textOf(answer)]).toEqual([403, expect.stringContaining('not sent from this page')]);
    });
  });

  it('are bounded, and no other kind of body is read', async () => {
    await inLab(async (lab) => {
      const visitor = visitorOf(lab);
      const form = 'application/x-www-form-urlencoded';
      const statusOf = async (type: string, body: string) =>
        (await visitor.send('POST', '/portal/sign-in', body, { 'content-type': type })).status;
      expect(await statusOf('application/json', '{"username":"1001"}')).toBe(415);
      expect(await statusOf('text/plain', 'username=1001')).toBe(415);
      expect((await visitor.send('POST', '/portal/sign-in')).status).toBe(415);
      const long = await visitor.send('POST', '/portal/sign-in', `username=${'a'.repeat(200_000)}`, {
        'content-type': form,
        'content-length': '200009',
      });
      expect(long.status).toBe(413);
      expect((await visitor.send('PUT', '/portal')).status).toBe(405);
      const nested = `_csrf[a]=b&${'username[a][b]=c&'.repeat(50)}`;
      expect(await statusOf(form, nested)).toBe(403);
    });
  });
});

describe('sessions of the portals', () => {
  it.each(SPONSOR_PAGES)('%s is for signed-in sponsors alone', async (path) => {
    await inLab(async (lab) => {
      for (const visitor of [visitorOf(lab), visitorOf(lab)]) {
        const answer = await visitor.send('GET', path);
        expect([answer.status, answer.headers.location]).toEqual([303, '/sponsorportal/sign-in']);
        await visitor.signInAsGuest('1001', '6299');
        expect((await visitor.send('GET', path)).headers.location).toBe('/sponsorportal/sign-in');
      }
    });
  });

  it('have a new identifier after signing in, in a cookie that no script and no other site gets', async () => {
    await inLab(async (lab) => {
      const anna = visitorOf(lab);
      const before = await anna.send('GET', '/sponsorportal/sign-in');
      expect(before.headers['set-cookie']).toEqual([expect.stringMatching(/; Path=\/; HttpOnly; SameSite=Lax$/)]);
      const planted = anna.cookie;
      await anna.signInAsSponsor('anna');
      expect(anna.cookie).not.toBe(planted);
      const thief = visitorOf(lab, { cookie: planted });
      expect((await thief.send('GET', '/sponsorportal/accounts')).status).toBe(303);
    });
  });

  it('end after 20 minutes without a request, and after eight hours anyway', async () => {
    await inLab(async (lab) => {
      const anna = visitorOf(lab);
      await anna.signInAsSponsor('anna');
      const statusAfter = async (ms: number) => {
        await lab.clock.sleep(ms);
        return (await anna.send('GET', '/sponsorportal/accounts')).status;
      };
      for (let visit = 1; visit <= 24; visit += 1) expect(await statusAfter(19.9 * MINUTE_MS)).toBe(200);
      expect(await statusAfter(3 * MINUTE_MS)).toBe(303);
      await anna.signInAsSponsor('anna');
      expect(await statusAfter(19.9 * MINUTE_MS)).toBe(200);
      expect(await statusAfter(20 * MINUTE_MS)).toBe(303);
    });
  });

  it('end with Sign Out, with another password, and with the sponsor', async () => {
    await inLab(async (lab) => {
      const { store } = lab.node('ise1').context;
      const save = (value: unknown) =>
        store.apply(store.nextChange([[CONFIG_KEYS.sponsor('anna'), value]], lab.clock.now()));
      const statusOf = async (visitor: PortalVisitor) => (await visitor.send('GET', '/sponsorportal/accounts')).status;
      const [one, two, three] = [visitorOf(lab), visitorOf(lab), visitorOf(lab)] as const;
      const list = await one.signInAsSponsor('anna');
      const { cookie } = one;
      await one.submit(list, '/sponsorportal/sign-out');
      expect([await statusOf(one), await statusOf(visitorOf(lab, { cookie }))]).toEqual([303, 303]);
      await two.signInAsSponsor('anna');
      save(sponsor('isebed-Sponsor-2'));
      expect(await statusOf(two)).toBe(303);
      await three.signInAsSponsor('anna', 'isebed-Sponsor-2');
      expect(await statusOf(three)).toBe(200);
      save(null);
      expect(await statusOf(three)).toBe(303);
    });
  });
});

describe('rate limits of the portals', () => {
  it('answer 429 with Retry-After to the eleventh attempt for a user in a minute, right or wrong', async () => {
    await inLab(async (lab) => {
      const statuses: number[] = [];
      for (let attempt = 1; attempt <= 10; attempt += 1) {
        statuses.push((await visitorOf(lab).signInAsSponsor('anna', 'a guess')).status);
      }
      expect(new Set(statuses)).toEqual(new Set([403]));
      const late = await visitorOf(lab).signInAsSponsor('anna');
      expect(late).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^(59|60)$/) } });
      expect(textOf(late)).toMatch(/Too many attempts\. Try again in (59|60) seconds\./);
      await lab.clock.sleep(MINUTE_MS);
      expect((await visitorOf(lab).signInAsSponsor('anna')).status).toBe(200);
      expect(lab.journal.toJsonLines()).not.toMatch(/a guess|isebed-Sponsor-1/);
    });
  });

  it('hold for an address too, whatever names are tried', async () => {
    await inLab(async (lab) => {
      const visitor = visitorOf(lab);
      for (let attempt = 0; attempt <= 60; attempt += 1) {
        const { status } = await visitor.signInAsGuest(`guest${attempt}`, 'a guess');
        expect(status).toBe(attempt < 60 ? 403 : 429);
      }
    });
  });

  it('hold for registrations, and nothing is created beyond them', async () => {
    await inLab(async (lab) => {
      const path = '/portal/self-registration';
      const visitor = visitorOf(lab);
      const form = await visitor.open(path);
      for (let attempt = 1; attempt <= 21; attempt += 1) {
        const { status } = await visitor.submit(form, path, { emailAddress: `g${attempt}@visitor.example` });
        expect(status).toBe(attempt <= 20 ? 200 : 429);
      }
      expect(lab.node('ise1').context.settings.guests).toHaveLength(1 + 20);
    });
  });
});

describe('answers of the portals', () => {
  it('forbid scripts, frames and caches on every page, errors among them', async () => {
    await inLab(async (lab) => {
      for (const path of ['/portal', '/sponsorportal/sign-in', '/portal/nothing', '/portal/approval?token=x']) {
        const { headers } = await visitorOf(lab).send('GET', path);
        expect(headers['content-security-policy']).toContain("default-src 'none'; style-src 'self'");
        expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
        expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
        expect(headers['x-powered-by']).toBeUndefined();
      }
    });
  });

  it('are pages for what is not there', async () => {
    await inLab(async (lab) => {
      for (const path of ['/portal/nothing', '/sponsorportal/x/y', '/portal/self-registration?portal=Nowhere']) {
        const page = await visitorOf(lab).open(path);
        expect([page.status, textOf(page)]).toEqual([404, expect.stringContaining('There is no such page.')]);
      }
    });
  });

  it('come in the language of the browser, and say where a text does not', async () => {
    await inLab(async (lab) => {
      const german = visitorOf(lab, { 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' });
      const page = await german.signInAsGuest('1001', 'a guess');
      expect(page.html).toContain('<html lang="de">');
      expect(textOf(page)).toContain('Benutzername oder Passwort ist falsch.');
      expect(textOf(await visitorOf(lab, { 'accept-language': 'es' }).open('/portal'))).toContain('Iniciar sesión');
      expect(textOf(await visitorOf(lab, { 'accept-language': 'fr' }).open('/portal'))).toContain('Sign In');
      const form = await german.open('/portal/self-registration');
      const refused = await german.submit(form, '/portal/self-registration', {
        emailAddress: 'ada@visitor.example',
        location: 'Sun Jose',
      });
      expect(refused.html).toContain('<li lang="en"><a href="#location">There is no guest location');
    });
  });
});

import type { Browser, Page } from 'playwright-core';
import { LiveLab } from '../clients/live-lab.ts';
import { accessibilityFaults, aVisitor, startBrowser, takePicture } from './portal-browser.ts';

const { jest } = import.meta;
jest.setTimeout(120_000);

const SCRIPT = '<script>alert("x")</script>';
const SPONSOR = { username: 'sponsoruser', password: 'isebed-Sponsor-1' };

let browser: Browser;
let lab: LiveLab;
let portals: { sponsor: string; guest: string; selfRegistration: string };

beforeAll(async () => {
  browser = await startBrowser();
  lab = await LiveLab.up(['--deployment', 'six-nodes', '--node-protocol', 'http']);
  const [first] = lab.where.portals;
  if (!first) throw new Error('isebed up names no portals');
  portals = first;
});
afterAll(async () => {
  await browser.close();
  await LiveLab.killAll();
});
beforeEach(() => lab.call('POST', 'isebed/v1/reset'));

/** As the administrator does on the pages of the primary PAN. */
async function configure(path: string, body: object): Promise<void> {
  const { url } = lab.where.nodes[0] ?? { url: '' };
  const answer = await fetch(`${url}/isebed/v1/${path}`, {
    method: 'PUT',
    headers: { ...lab.administrator, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

/** The mail that this search finds, as soon as it is there. */
async function mailWith(query: string) {
  const found = await lab.call('GET', `isebed/v1/mails/wait?count=1&timeout=20000&query=${encodeURIComponent(query)}`);
  return lab.call('GET', `api/v1/message/${found.messages[0].ID}`);
}

async function signIn(page: Page, url: string, { username, password }: typeof SPONSOR): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign In' }).click();
}

async function headingOf(page: Page): Promise<string> {
  return (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';
}

describe('the portals in Chromium', () => {
  it('let a sponsor create a guest, and resend the credentials with "Copy me"', async () => {
    const page = await aVisitor(browser);
    await page.goto(portals.sponsor);
    expect(await accessibilityFaults(page)).toEqual([]);
    await takePicture(page, 'sign-in');
    await signIn(page, portals.sponsor, SPONSOR);
    await page.getByRole('link', { name: 'Create Accounts' }).click();
    await page.getByLabel('First Name').fill(SCRIPT);
    await page.getByLabel('Last Name').fill('Lovelace');
    await page.getByLabel('Email Address', { exact: true }).fill('ada@visitor.example');
    expect(await accessibilityFaults(page)).toEqual([]);
    await takePicture(page, 'create');
    await page.getByRole('button', { name: 'Create' }).click();
    expect(await page.getByRole('status').textContent()).toContain('Account created: 1001');
    expect(await page.getByRole('row', { name: 'Lovelace' }).textContent()).toContain(SCRIPT);
    expect(await accessibilityFaults(page)).toEqual([]);
    await takePicture(page, 'manage');

    await page.getByLabel('Select 1001').check();
    await page.getByRole('button', { name: 'Resend' }).click();
    expect(await page.getByLabel("Sponsor's Email address").inputValue()).toBe('sponsoruser@lab.example');
    await page.getByLabel('Copy me').check();
    expect(await accessibilityFaults(page)).toEqual([]);
    await takePicture(page, 'resend');
    await page.getByRole('button', { name: 'Ok' }).click();
    expect(await page.getByRole('status').textContent()).toContain('Credentials sent');
    const mail = await mailWith('cc:sponsoruser@lab.example');
    expect(mail).toMatchObject({
      Subject: 'Your Guest Account Credentials',
      To: [{ Address: 'ada@visitor.example' }],
      Cc: [{ Address: 'sponsoruser@lab.example' }],
    });
    for (const name of ['Edit', 'Extend', 'Suspend', 'Delete', 'Reset Password']) {
      await page.getByLabel('Select 1001').check();
      await page.getByRole('button', { name, exact: true }).click();
      expect([name, await headingOf(page), await accessibilityFaults(page)]).toEqual([name, name, []]);
      await page.getByRole('link', { name: 'Cancel' }).click();
    }
    await page.getByRole('link', { name: 'Notices (2)' }).click();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('let a guest register, an approver approve by the link of the mail, and the guest sign in', async () => {
    await configure('self-registration-portals', {
      requireGuestApproval: true,
      approvalEmailAddresses: ['desk@lab.example'],
      credentialNotificationUsingEmail: true,
    });
    const guest = await aVisitor(browser);
    await guest.goto(portals.guest);
    expect(await accessibilityFaults(guest)).toEqual([]);
    await guest.getByRole('link', { name: 'Register for guest access' }).click();
    await guest.getByLabel('First Name').fill('Ada');
    await guest.getByLabel('Reason for Visit').fill(SCRIPT);
    await guest.getByRole('button', { name: 'Register' }).click();
    expect(await guest.locator(':focus').getAttribute('class')).toBe('errors');
    expect(await accessibilityFaults(guest)).toEqual([]);
    await guest.getByRole('link', { name: 'An e-mail address is needed.' }).click();
    await guest.getByLabel('Email Address').fill('ada@visitor.example');
    await takePicture(guest, 'self-registration');
    await guest.getByRole('button', { name: 'Register' }).click();
    expect(await headingOf(guest)).toBe('Your request awaits approval');
    expect(await accessibilityFaults(guest)).toEqual([]);

    const { Text: request } = await mailWith('to:desk@lab.example');
    const [approve = '', deny = ''] = String(request).match(/https:\/\/\S+/g) ?? [];
    const scanner = await aVisitor(browser);
    for (const link of [approve, deny]) expect((await scanner.goto(link))?.status()).toBe(200);
    const approver = await aVisitor(browser);
    await approver.goto(approve);
    expect(await approver.getByRole('main').textContent()).toContain(SCRIPT);
    expect(await accessibilityFaults(approver)).toEqual([]);
    await takePicture(approver, 'approval');
    await approver.getByRole('button', { name: 'Approve' }).click();
    expect(await approver.getByRole('status').textContent()).toContain('The request was approved.');
    expect((await approver.goto(deny))?.status()).toBe(409);
    expect(await accessibilityFaults(approver)).toEqual([]);

    const { Text: credentials } = await mailWith('to:ada@visitor.example');
    const [, username = ''] = /Username: (\S+)/.exec(credentials) ?? [];
    const [, password = ''] = /Password: (\S+)/.exec(credentials) ?? [];
    await signIn(guest, portals.guest, { username, password });
    expect(await headingOf(guest)).toBe('Welcome');
    expect(await accessibilityFaults(guest)).toEqual([]);
    expect(guest.url()).not.toContain(password);
    await takePicture(guest, 'welcome');
    const sponsor = await aVisitor(browser);
    await signIn(sponsor, portals.sponsor, SPONSOR);
    expect(await sponsor.getByRole('row', { name: username }).textContent()).toContain('Active');
  });

  it('report the wrong lines of an import, and take the file once it is right', async () => {
    const page = await aVisitor(browser);
    await signIn(page, portals.sponsor, SPONSOR);
    await page.goto(`${portals.sponsor}/create/import`);
    const choose = (text: string) =>
      page
        .getByLabel('CSV File')
        .setInputFiles({ name: 'guests.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await choose('First Name,Email Address\nAda,ada@visitor.example\nAlan,nowhere\n');
    await page.getByRole('button', { name: 'Import' }).click();
    expect(await page.getByRole('row', { name: '3 Email Address' }).count()).toBe(1);
    expect(await accessibilityFaults(page)).toEqual([]);
    await takePicture(page, 'import');
    await choose('First Name,Email Address\nAda,ada@visitor.example\nAlan,alan@visitor.example\n');
    await page.getByRole('button', { name: 'Import' }).click();
    expect(await page.getByRole('status').textContent()).toContain('2 accounts imported');
  });

  it('speak the language of the browser, and are used with the keyboard alone', async () => {
    const page = await aVisitor(browser, { locale: 'de-DE' });
    await page.goto(portals.guest);
    expect(await headingOf(page)).toBe('Anmelden');
    const focused = async () => {
      const element = page.locator(':focus');
      return (await element.getAttribute('id')) ?? (await element.textContent());
    };
    const order: (string | null)[] = [];
    for (let press = 0; press < 5; press += 1) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    expect(order).toEqual([
      'Zum Inhalt springen',
      'username',
      'password',
      'Anmelden',
      'Für den Gastzugang registrieren',
    ]);
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});

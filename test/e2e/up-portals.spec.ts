import { LiveLab, type Whereabouts } from '../clients/live-lab.ts';

const { jest } = import.meta;
jest.setTimeout(60_000);

const PSN = 'ise1.lab.example';

afterEach(() => LiveLab.killAll());

/** Cookie and form token of the sign-in page. */
async function signInPage(lab: LiveLab, portal: 'portal' | 'sponsorportal') {
  const path = portal === 'portal' ? '/portal' : '/sponsorportal/sign-in';
  const page = await lab.https(PSN, path);
  const token = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
  return { token, cookie: String(page.headers['set-cookie']) };
}

async function signIn(lab: LiveLab, password: string): Promise<number> {
  const { token, cookie } = await signInPage(lab, 'sponsorportal');
  const body = new URLSearchParams({ _csrf: token, username: 'sponsoruser', password }).toString();
  const headers = { cookie: cookie.split(';')[0] ?? '', 'content-type': 'application/x-www-form-urlencoded' };
  return (await lab.https(PSN, '/sponsorportal/sign-in', { method: 'POST', body, headers })).status;
}

describe('the portals of isebed up', () => {
  it('are at the addresses that it names, with a certificate of the lab and cookies for TLS alone', async () => {
    const lab = await LiveLab.up();
    const { port } = lab.where.https;
    const expected: Whereabouts['portals'] = [
      {
        node: PSN,
        sponsor: `https://${PSN}:${port}/sponsorportal`,
        guest: `https://${PSN}:${port}/portal`,
        selfRegistration: `https://${PSN}:${port}/portal/self-registration`,
      },
    ];
    expect(lab.where.portals).toEqual(expected);
    expect((await signInPage(lab, 'portal')).cookie).toMatch(/; HttpOnly; Secure; SameSite=Lax$/);
    expect(await signIn(lab, 'isebed-Sponsor-1')).toBe(303);
    await lab.stop();
  });

  it('are all of a node that is there: no API, under any spelling of its path', async () => {
    const lab = await LiveLab.up();
    const paths = [
      '/',
      '/isebed/v1/node',
      '/ers/config/node',
      '/portal/../isebed/v1/node',
      '/portal%2f..%2fisebed/v1/node',
      '/portals',
    ];
    for (const path of paths) {
      const { status } = await lab.https(PSN, path, { headers: lab.administrator });
      expect([path, status]).toEqual([path, 404]);
    }
    expect((await lab.https('login.microsoftonline.com', '/portal')).status).not.toBe(200);
    await lab.stop();
  });

  it('are named with their port in the mail that asks for approval', async () => {
    const lab = await LiveLab.up(['--node-protocol', 'http']);
    const api = `${lab.where.nodes[0]?.url}/isebed/v1`;
    const call = (method: string, path: string, body: object) =>
      fetch(`${api}/${path}`, {
        method,
        headers: { ...lab.administrator, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const approvers = { requireGuestApproval: true, approvalEmailAddresses: ['desk@lab.example'] };
    await call('PUT', 'self-registration-portals', approvers);
    await call('POST', 'self-registration', { emailAddress: 'ada@visitor.example' });
    const found = await lab.call('GET', 'isebed/v1/mails/wait?count=1&timeout=20000&query=to%3Adesk%40lab.example');
    const { Text: text } = await lab.call('GET', `api/v1/message/${found.messages[0].ID}`);
    const [approve = ''] = String(text).match(/https:\S+/g) ?? [];
    const link = new URL(approve);
    expect(link.host).toBe(`${PSN}:${lab.where.https.port}`);
    expect((await lab.https(PSN, link.pathname + link.search)).body).toContain('ada@visitor.example');
    await lab.stop();
  });

  it('have no published password where the nodes have none', async () => {
    const lab = await LiveLab.up([], { ISEBED_ADMIN_PASSWORD: 'admin-Pass-1234' });
    expect(await signIn(lab, 'isebed-Sponsor-1')).toBe(403);
    expect(await signIn(lab, 'admin-Pass-1234')).toBe(303);
    await lab.stop();
  });
});

import { request } from 'node:https';
import type { JWTPayload } from 'jose';
import {
  APP,
  ENTERPRISE,
  MAILBOX,
  OTHER_TENANT,
  TENANT,
  aToken,
  inExchangeLab,
  lastOf,
  openAuthenticated,
  submit,
  type ExchangeLab,
} from './exchange-lab.ts';

const ADMIN: JWTPayload = {
  aud: 'https://outlook.office365.com',
  roles: ['Exchange.ManageAsApp'],
  wids: ['29232cdf-9323-42fd-ade2-1d097af3e4de'],
};

interface Call {
  cmdlet?: string;
  parameters?: object;
  tenant?: string;
  path?: string;
  method?: string;
  token?: string | undefined;
  headers?: Record<string, string>;
  body?: string;
}

/** Pages and errors alike. */
interface Answer {
  value: { Name: string }[];
  '@odata.nextLink'?: string;
  error?: object;
}

async function invoke(lab: ExchangeLab, call: Call) {
  const token = 'token' in call ? call.token : await aToken(lab, ADMIN);
  const body =
    call.body ?? JSON.stringify({ CmdletInput: { CmdletName: call.cmdlet, Parameters: call.parameters ?? {} } });
  return new Promise<{ status: number; headers: Record<string, unknown>; json: Answer }>((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: lab.adminApi.port,
        servername: 'outlook.office365.com',
        ca: lab.smtpRoot,
        agent: false,
        method: call.method ?? 'POST',
        path: call.path ?? `/adminapi/beta/${call.tenant ?? TENANT}/InvokeCommand`,
        headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...call.headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            json: text === '' ? undefined : JSON.parse(text),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('the REST transport of Exchange Online PowerShell', () => {
  it('does the set-up, after which mail goes through', async () => {
    await inExchangeLab({}, async (lab) => {
      lab.organization.removeServicePrincipal(APP);
      lab.organization.setMailbox(MAILBOX, { permissions: [] });
      const created = await invoke(lab, {
        cmdlet: 'New-ServicePrincipal',
        parameters: { AppId: APP, ObjectId: ENTERPRISE, DisplayName: 'ISE mail' },
      });
      expect(created).toMatchObject({
        status: 200,
        headers: { 'request-id': expect.any(String), 'rate-limit-remaining': '1999' },
        json: { value: [{ DisplayName: 'ISE mail', ObjectId: ENTERPRISE, AppId: APP }], '@adminapi.warnings': [] },
      });
      const smtp = await openAuthenticated(lab);
      expect(await submit(smtp)).toMatch(/^430 /);
      await invoke(lab, {
        cmdlet: 'Add-MailboxPermission',
        parameters: {
          Identity: MAILBOX,
          User: ENTERPRISE,
          AccessRights: ['FullAccess'],
          'AccessRights@odata.type': '#Collection(String)',
        },
        tenant: 'lab.example',
      });
      expect(await submit(smtp)).toMatch(/^250 /);
      expect(lastOf(lab, 'exchange.cmdlet-run')).toMatchObject({
        cmdlet: 'Add-MailboxPermission',
        from: 'rest',
        appId: APP,
      });
    });
  });

  it('throttles what is too much in five minutes, and says when to come again', async () => {
    await inExchangeLab({ settings: { adminRequestsMax: 2 } }, async (lab) => {
      const call = { cmdlet: 'Get-Mailbox' };
      const remaining = [await invoke(lab, call), await invoke(lab, call)].map(
        (one) => one.headers['rate-limit-remaining'],
      );
      expect(remaining).toEqual(['1', '0']);
      const refused = await invoke(lab, call);
      expect(refused).toMatchObject({
        status: 429,
        headers: { 'retry-after': expect.stringMatching(/^(299|300)$/), 'x-exceptiontype': expect.any(String) },
        json: {
          error: {
            details: [
              {
                message: expect.stringMatching(
                  /\|You have reached the maximum number of concurrent requests per tenant\. Please wait and try again$/,
                ),
              },
            ],
          },
        },
      });
      await lab.clock.sleep(Number(refused.headers['retry-after']) * 1_000);
      expect((await invoke(lab, call)).status).toBe(200);
    });
  });

  it('gives errors in the shape that the module reads', async () => {
    await inExchangeLab({}, async (lab) => {
      expect(await invoke(lab, { cmdlet: 'Get-Mailbox', parameters: { Identity: 'nobody' } })).toMatchObject({
        status: 404,
        headers: { 'x-exceptiontype': 'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException' },
        json: {
          error: {
            code: 'NotFound',
            message: 'Error executing cmdlet',
            details: [
              {
                code: 'Context',
                target: '',
                message: expect.stringMatching(
                  /^Ex6F9304\|Microsoft\.Exchange\.Configuration\.Tasks\.ManagementObjectNotFoundException\|The operation couldn't be performed because object 'nobody' couldn't be found on '\S+\.PROD\.OUTLOOK\.COM'\.$/,
                ),
              },
            ],
            innererror: { type: 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException' },
          },
        },
      });
      expect(await invoke(lab, { cmdlet: 'Get-Moon' })).toMatchObject({
        status: 404,
        headers: { 'x-exceptiontype': 'System.Management.Automation.CommandNotFoundException' },
      });
      expect(await invoke(lab, { cmdlet: 'Get-Mailbox', parameters: { Moon: 1 } })).toMatchObject({ status: 400 });
      expect(await invoke(lab, { body: 'no json' })).toMatchObject({
        status: 400,
        json: { error: { code: 'BadRequest' } },
      });
    });
  });

  it('gives large results in pages', async () => {
    await inExchangeLab({}, async (lab) => {
      for (const name of ['a', 'b', 'c', 'd'])
        lab.organization.createMailbox({ address: `${name}@lab.example`, displayName: name });
      const names: string[] = [];
      let path: string | undefined = `/adminapi/beta/${TENANT}/InvokeCommand?$select=Name`;
      let pages = 0;
      while (path !== undefined) {
        const { json } = await invoke(lab, { cmdlet: 'Get-Mailbox', path, headers: { Prefer: 'odata.maxpagesize=2' } });
        names.push(...json.value.map(({ Name }) => Name));
        const next: string | undefined = json['@odata.nextLink'];
        path = next?.replace('https://outlook.office365.com', '');
        pages += 1;
      }
      expect([pages, names]).toEqual([3, ['ISE', 'a', 'b', 'c', 'd']]);
    });
  });

  it.each<[string, number, string, (lab: ExchangeLab) => Promise<Call>]>([
    ['no token', 401, 'token-missing', async () => ({ token: undefined })],
    [
      'a token for SMTP',
      401,
      'token-audience',
      async (lab) => ({ token: await aToken(lab, { ...ADMIN, aud: 'https://outlook.office.com' }) }),
    ],
    ['an expired token', 401, 'token-expired', async (lab) => ({ token: await aToken(lab, { ...ADMIN, exp: 1 }) })],
    [
      'no role',
      403,
      'role-missing',
      async (lab) => ({ token: await aToken(lab, { ...ADMIN, roles: ['SMTP.SendAsApp'] }) }),
    ],
    [
      'no directory role',
      403,
      'directory-role-missing',
      async (lab) => ({ token: await aToken(lab, { ...ADMIN, wids: ['0997a1d0-0d1d-4acb-b408-d5ca73121e90'] }) }),
    ],
    ['another tenant', 403, 'tenant-mismatch', async () => ({ tenant: OTHER_TENANT })],
    ['an unknown tenant', 403, 'tenant-mismatch', async () => ({ tenant: 'nowhere.example' })],
  ])('refuses %s with %s', async (_what, status, reason, call) => {
    await inExchangeLab({}, async (lab) => {
      expect(await invoke(lab, { cmdlet: 'Get-Mailbox', ...(await call(lab)) })).toMatchObject({ status });
      expect(lastOf(lab, 'exchange.admin-refused')).toMatchObject({ reason });
    });
  });

  it.each([
    ['//', 404],
    ['///x', 404],
    ['http://', 404],
    ['/adminapi/beta/%/InvokeCommand', 403],
    ['/adminapi/beta/%E0%A4%A/InvokeCommand', 403],
  ])('answers %s, which is no URL or has no proper escapes, with %s', async (path, status) => {
    await inExchangeLab({}, async (lab) => {
      expect((await invoke(lab, { path, cmdlet: 'Get-Mailbox' })).status).toBe(status);
    });
  });

  it('says loudly that it does not know a route', async () => {
    await inExchangeLab({}, async (lab) => {
      expect((await invoke(lab, { path: '/adminapi/beta/x/$batch' })).status).toBe(404);
      expect((await invoke(lab, { method: 'GET', body: '' })).status).toBe(405);
      expect(lastOf(lab, 'exchange.admin-unknown-route')).toMatchObject({ method: 'GET' });
    });
  });
});

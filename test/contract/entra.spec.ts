import { connect } from 'node:net';
import { once } from 'node:events';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import {
  acquireToken,
  EXCHANGE_SCOPE,
  httpRequest,
  inMicrosoftLab,
  lastOf,
  msalFor,
  START,
  tokenForm,
  type MicrosoftLab,
} from './microsoft-lab.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

function post(lab: MicrosoftLab, body: string, tenant = lab.tenantId, headers: Record<string, string> = {}) {
  return httpRequest(lab, `/${tenant}/oauth2/v2.0/token`, { method: 'POST', headers: { ...FORM, ...headers }, body });
}

describe('Entra mock with msal-node', () => {
  it('issues a token with the claims of Exchange’s own format, signed with its published key', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const token = await acquireToken(lab);
      const keys = JSON.parse((await httpRequest(lab, `/${lab.tenantId}/discovery/v2.0/keys`)).body);
      const { payload } = await lab.clock.hold(() =>
        jwtVerify(token, createLocalJWKSet(keys), { currentDate: new Date(lab.clock.now()) }),
      );
      const { clientId, servicePrincipalObjectId } = lab.application;
      const issuer = `https://sts.windows.net/${lab.tenantId}/`;
      const now = Math.floor(Date.parse(String(lab.journal.records[0]?.t)) / 1000);
      expect(payload).toEqual({
        aud: 'https://outlook.office.com',
        iss: issuer,
        iat: now - 300,
        nbf: now - 300,
        exp: now + 3_600,
        aio: expect.any(String),
        app_displayname: 'ISE mail',
        appid: clientId,
        appidacr: '1',
        idp: issuer,
        idtyp: 'app',
        oid: servicePrincipalObjectId,
        rh: expect.any(String),
        roles: ['SMTP.SendAsApp'],
        sub: servicePrincipalObjectId,
        tid: lab.tenantId,
        sid: expect.any(String),
        uti: expect.any(String),
        ver: '1.0',
        wids: ['0997a1d0-0d1d-4acb-b408-d5ca73121e90'],
      });
      const { kid } = keys.keys[0];
      expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', typ: 'JWT', x5t: kid, kid });
      expect(lab.journal.records[0]).toMatchObject({
        kind: 'entra.token-granted',
        tenantId: lab.tenantId,
        clientId,
        audience: 'https://outlook.office.com',
        roles: ['SMTP.SendAsApp'],
        oid: servicePrincipalObjectId,
        expiresAt: new Date((now + 3_600) * 1000).toISOString(),
      });
    });
  });

  it('takes between 400 and 900 ms of virtual time', async () => {
    await inMicrosoftLab({}, async (lab) => {
      await acquireToken(lab);
      expect(lab.clock.now() - START).toBeGreaterThanOrEqual(400);
      expect(lab.clock.now() - START).toBeLessThanOrEqual(900);
    });
  });

  it('issues a token without roles when nobody has consented', async () => {
    await inMicrosoftLab({}, async (lab) => {
      lab.directory.revokeAdminConsent(lab.tenantId, lab.application.clientId);
      const [, payload = ''] = (await acquireToken(lab)).split('.');
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).not.toHaveProperty('roles');
      expect(lab.journal.records[0]).toMatchObject({ kind: 'entra.token-granted', roles: [] });
    });
  });

  it('refuses a wrong secret so that msal reports Entra’s own code', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const client = msalFor(lab, { clientSecret: 'wrong' });
      await expect(client.acquireTokenByClientCredential({ scopes: [EXCHANGE_SCOPE] })).rejects.toMatchObject({
        errorCode: 'invalid_client',
        errorNo: 7000215,
        status: 401,
      });
      expect(lastOf(lab, 'entra.token-refused')).toMatchObject({ aadsts: 7000215, reason: 'secret-wrong' });
    });
  });

  it('gives the secret ID the same answer as a wrong secret, but knows the difference', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const client = msalFor(lab, { clientSecret: lab.secret.secretId });
      await expect(client.acquireTokenByClientCredential({ scopes: [EXCHANGE_SCOPE] })).rejects.toMatchObject({
        errorNo: 7000215,
      });
      expect(lastOf(lab, 'entra.token-refused')).toMatchObject({ reason: 'secret-is-the-id' });
    });
  });

  it('refuses a tenant ID that does not exist', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const client = msalFor(lab, { tenant: 'b16b00b5-0000-4000-8000-000000000000' });
      await expect(client.acquireTokenByClientCredential({ scopes: [EXCHANGE_SCOPE] })).rejects.toMatchObject({
        errorCode: 'invalid_request',
        errorNo: 90002,
      });
      expect(lastOf(lab, 'entra.token-refused')).toMatchObject({
        reason: 'tenant-unknown',
        tenant: 'b16b00b5-0000-4000-8000-000000000000',
      });
    });
  });

  it('gives the same journal, byte for byte, for the same seed, and another for another', async () => {
    const run = (seed: string): Promise<string> =>
      inMicrosoftLab({ seed }, async (lab) => {
        await Promise.all([
          acquireToken(lab),
          post(lab, tokenForm(lab, { client_secret: 'wrong' })),
          post(lab, tokenForm(lab), 'nowhere.example'),
        ]);
        return lab.journal.sha256();
      });
    const first = await run('7');
    expect(await run('7')).toBe(first);
    expect(await run('8')).not.toBe(first);
  });
});

describe('Entra mock on the wire', () => {
  it('answers success with Entra’s fields in its order, and its headers', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { status, headers, body } = await post(lab, tokenForm(lab));
      expect(status).toBe(200);
      expect(body).toMatch(
        /^\{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"[\w-]+\.[\w-]+\.[\w-]+"\}$/,
      );
      expect(headers).toMatchObject({
        'cache-control': 'no-store, no-cache',
        'content-type': 'application/json; charset=utf-8',
        p3p: 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
        'x-ms-request-id': expect.stringMatching(/00$/),
        date: new Date(Math.floor(lab.clock.now() / 1000) * 1000).toUTCString(),
      });
    });
  });

  it('answers an error with Entra’s body, its IDs repeated where Entra repeats them', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const correlationId = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
      const { status, headers, body } = await post(
        lab,
        tokenForm(lab, { client_secret: 'wrong', 'client-request-id': correlationId }),
      );
      const error = JSON.parse(body);
      expect(status).toBe(401);
      expect(error).toEqual({
        error: 'invalid_client',
        error_description:
          'AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client ' +
          "secret value, not the client secret ID, for a secret added to app '" +
          `${lab.application.clientId}'. Trace ID: ${error.trace_id} Correlation ID: ${correlationId} ` +
          'Timestamp: 2026-02-02 05:00:00Z',
        error_codes: [7000215],
        timestamp: '2026-02-02 05:00:00Z',
        trace_id: expect.stringMatching(GUID),
        correlation_id: correlationId,
        error_uri: 'https://login.microsoftonline.com/error?code=7000215',
      });
      expect(headers['x-ms-request-id']).toBe(error.trace_id);
    });
  });

  it('leaves the help page out for codes that have none', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { body } = await post(lab, tokenForm(lab, { grant_type: 'password' }));
      expect(JSON.parse(body)).not.toHaveProperty('error_uri');
    });
  });

  it('takes client and secret from HTTP Basic authentication, form-encoded', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const basic = `${lab.application.clientId}:${encodeURIComponent(lab.secret.value)}`;
      const body = new URLSearchParams({ scope: EXCHANGE_SCOPE, grant_type: 'client_credentials' }).toString();
      const authorization = `Basic ${Buffer.from(basic).toString('base64')}`;
      expect((await post(lab, body, 'LAB.example', { Authorization: authorization })).status).toBe(200);
    });
  });

  it('refuses GET on the token endpoint', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { status, body } = await httpRequest(lab, `/${lab.tenantId}/oauth2/v2.0/token`);
      expect([status, JSON.parse(body).error_codes]).toEqual([400, [900561]]);
    });
  });

  it('serves metadata whose issuer has the tenant’s GUID and whose endpoints have what was asked for', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { body } = await httpRequest(lab, '/lab.example/v2.0/.well-known/openid-configuration');
      expect(JSON.parse(body)).toMatchObject({
        issuer: `https://login.microsoftonline.com/${lab.tenantId}/v2.0`,
        token_endpoint: 'https://login.microsoftonline.com/lab.example/oauth2/v2.0/token',
      });
    });
  });

  it('calls an unknown tenant invalid_tenant in its metadata', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { status, body } = await httpRequest(lab, '/nowhere.example/v2.0/.well-known/openid-configuration');
      expect(status).toBe(400);
      expect(JSON.parse(body)).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] });
    });
  });

  it.each([
    ['login.microsoftonline.com', 200],
    ['login.lab.example', 400],
  ])('answers instance discovery for %s with %i', async (host, status) => {
    await inMicrosoftLab({}, async (lab) => {
      const authorize = encodeURIComponent(`https://${host}/${lab.tenantId}/oauth2/v2.0/authorize`);
      const path = `/common/discovery/instance?api-version=1.1&authorization_endpoint=${authorize}`;
      const answer = await httpRequest(lab, path);
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.body)).toMatchObject(
        status === 200
          ? { 'api-version': '1.1', tenant_discovery_endpoint: expect.stringContaining(lab.tenantId) }
          : { error: 'invalid_instance', error_codes: [50049] },
      );
    });
  });

  it.each(['/nothing/here', '//', '/%E0%A4%A/oauth2'])(
    'answers 404 for %s, and says so in the journal',
    async (path) => {
      await inMicrosoftLab({}, async (lab) => {
        expect((await httpRequest(lab, path)).status).toBe(404);
        expect(lab.journal.records.at(-1)).toMatchObject({ kind: 'entra.unknown-route', method: 'GET' });
      });
    },
  );

  it('does not write down a secret that was typed into the fields for tenant and client', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { value } = lab.secret;
      await post(lab, tokenForm(lab), encodeURIComponent(value));
      await post(lab, tokenForm(lab, { client_id: value }));
      expect(lab.journal.toJsonLines()).not.toContain(value);
      expect(lastOf(lab, 'entra.token-refused')).toMatchObject({
        reason: 'client-id-invalid',
        clientId: '(not a GUID)',
      });
    });
  });

  it('ends the connection of a request that is far too long', async () => {
    await inMicrosoftLab({}, async (lab) => {
      await expect(post(lab, `padding=${'x'.repeat(70_000)}`)).rejects.toThrow();
    });
  });

  it('closes at once although a client is silent and another waits for its answer', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const silent = connect(lab.entraServer.port, '127.0.0.1');
      silent.on('error', () => undefined);
      await once(silent, 'connect');
      const broken = expect(post(lab, tokenForm(lab))).rejects.toThrow();
      await lab.clock.sleep(100);
      await lab.entraServer.close();
      await broken;
      expect(lab.clock.now() - START).toBe(100);
    });
  });
});

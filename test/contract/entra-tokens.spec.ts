import { createHash, X509Certificate } from 'node:crypto';
import { ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node';
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  importPKCS8,
  jwtVerify,
  SignJWT,
  type JSONWebKeySet,
} from 'jose';
import { Random } from '#libs/simulation';
import { EntraMock } from '#mocks/entra';
import { LabPki, publishedLabKeys } from '#mocks/pki';
import {
  EXCHANGE_SCOPE,
  httpRequest,
  inMicrosoftLab,
  lastOf,
  START,
  tokenForm,
  type MicrosoftLab,
} from './microsoft-lab.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const CAPABLE = JSON.stringify({ access_token: { xms_cc: { values: ['cp1'] } } });

async function keysOf(lab: MicrosoftLab, path = `/${lab.tenantId}/discovery/v2.0/keys`): Promise<JSONWebKeySet> {
  return JSON.parse((await httpRequest(lab, path)).body);
}

async function ask(lab: MicrosoftLab, form: Record<string, string> = {}, without: string[] = []) {
  const fields = new URLSearchParams(tokenForm(lab, form));
  for (const name of without) fields.delete(name);
  const path = `/${lab.tenantId}/oauth2/v2.0/token`;
  const answer = await httpRequest(lab, path, { method: 'POST', body: fields.toString() });
  return { status: answer.status, body: JSON.parse(answer.body) };
}

describe('signing keys of Entra', () => {
  it('are published with the certificate that names them', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { keys } = await keysOf(lab);
      expect(keys).toHaveLength(1);
      const [key] = keys;
      const certificate = new X509Certificate(Buffer.from(key?.x5c?.[0] ?? '', 'base64'));
      const thumbprint = createHash('sha1').update(certificate.raw).digest('base64url');
      expect(key).toEqual({
        kty: 'RSA',
        use: 'sig',
        kid: thumbprint,
        x5t: thumbprint,
        n: certificate.publicKey.export({ format: 'jwk' }).n,
        e: 'AQAB',
        x5c: [certificate.raw.toString('base64')],
        cloud_instance_name: 'microsoftonline.com',
        issuer: `https://login.microsoftonline.com/${lab.tenantId}/v2.0`,
      });
      expect(certificate.verify(certificate.publicKey)).toBe(true);
      const [older] = (await keysOf(lab, `/${lab.tenantId}/discovery/keys`)).keys;
      expect(older).not.toHaveProperty('issuer');
      const [common] = (await keysOf(lab, '/common/discovery/v2.0/keys')).keys;
      expect(common).toMatchObject({ issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' });
    });
  });

  it('can be rotated: old tokens verify until the old key is retired', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { directory, clock, journal } = lab;
      const pki = await LabPki.issue({ validFrom: START, clock });
      const keys = publishedLabKeys();
      const entra = new EntraMock({
        directory,
        clock,
        journal,
        random: new Random('rotation'),
        credentials: pki.serverCredentials('token-endpoint'),
        signingKey: keys['token-signing'],
      });
      const entraServer = await entra.start();
      try {
        const rotating = { ...lab, entraServer };
        const verify = (token: string) =>
          clock.hold(() =>
            jwtVerify(token, createLocalJWKSet(entra.publicKeys()), { currentDate: new Date(clock.now()) }),
          );
        const before = (await ask(rotating)).body.access_token;
        const oldKeyId = String(decodeProtectedHeader(before).kid);
        expect(() => entra.retireSigningKey(oldKeyId)).toThrow(expect.objectContaining({ code: 'entra.signing-key' }));

        const newKeyId = await entra.rotateSigningKey({ ...keys['smtp-leaf'] });
        const after = (await ask(rotating)).body.access_token;
        expect(decodeProtectedHeader(after).kid).toBe(newKeyId);
        expect((await keysOf(rotating)).keys.map(({ kid }) => kid)).toEqual([oldKeyId, newKeyId]);
        await verify(before);
        await verify(after);

        entra.retireSigningKey(oldKeyId);
        await expect(verify(before)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
        await verify(after);
        expect(await entra.rotateSigningKey()).not.toBe(newKeyId);
      } finally {
        await entraServer.close();
      }
    });
  });
});

describe('lifetime of tokens', () => {
  it('is a policy of the tenant', async () => {
    await inMicrosoftLab({}, async (lab) => {
      lab.directory.changePolicies(lab.tenantId, { tokenLifetimeS: 5_400 });
      const { body } = await ask(lab);
      const { iat = 0, exp = 0, nbf } = decodeJwt(body.access_token);
      expect([body.expires_in, body.ext_expires_in, exp - iat, nbf]).toEqual([5_399, 5_399, 5_700, iat]);
    });
  });

  it.each([
    ['a capable client where the tenant has it', true, { claims: CAPABLE }, 86_399],
    ['a capable client where the tenant has it not', false, { claims: CAPABLE }, 3_599],
    ['a client that says nothing', true, {}, 3_599],
    ['a client whose claims cannot be read', true, { claims: '{' }, 3_599],
  ])('follows revocation: %s', async (_what, continuousAccessEvaluation, form, expiresIn) => {
    await inMicrosoftLab({}, async (lab) => {
      lab.directory.changePolicies(lab.tenantId, { continuousAccessEvaluation });
      const { body } = await ask(lab, { ...form });
      expect(body.expires_in).toBe(expiresIn);
      expect(body.refresh_in).toBe(expiresIn === 86_399 ? 43_199 : undefined);
    });
  });

  it('names the Entra roles of an administrator', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { clientId, value } = lab.directory.createAdministrator(lab.tenantId);
      const { body } = await ask(lab, { client_id: clientId, client_secret: value });
      expect(decodeJwt(body.access_token)).toMatchObject({
        roles: ['Exchange.ManageAsApp'],
        wids: ['62e90394-69f5-4237-9190-012177145e10'],
      });
    });
  });
});

/** The lab's application with a certificate, and a way to sign assertions with its key. */
async function aCertificate(lab: MicrosoftLab) {
  const pki = await LabPki.issue({ validFrom: START, clock: lab.clock });
  const { keyPem, certificateChainPem } = pki.serverCredentials('smtp');
  const { clientId } = lab.application;
  const credential = lab.directory.applications.addCertificate(lab.tenantId, clientId, {
    certificatePem: certificateChainPem,
  });
  const certificate = new X509Certificate(certificateChainPem);
  const x5t = createHash('sha1').update(certificate.raw).digest('base64url');
  const nowS = Math.floor(lab.clock.now() / 1_000);
  const sign = (claims: object = {}, header: object = {}): Promise<string> =>
    lab.clock.hold(async () =>
      new SignJWT({
        aud: `https://login.microsoftonline.com/${lab.tenantId}/oauth2/v2.0/token`,
        iss: clientId,
        sub: clientId,
        nbf: nowS,
        exp: nowS + 600,
        jti: 'one',
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256', x5t, ...header })
        .sign(await importPKCS8(keyPem, 'RS256')),
    );
  const present = (assertion: string) =>
    ask(lab, { client_assertion: assertion, client_assertion_type: JWT_BEARER }, ['client_secret']);
  return { keyPem, certificate, credential, sign, present, nowS };
}

describe('client assertions', () => {
  it('are what msal-node proves a certificate with', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { keyPem, certificate } = await aCertificate(lab);
      const networkClient: INetworkModule = {
        sendGetRequestAsync: () => Promise.reject(new Error('nothing is to be discovered')),
        sendPostRequestAsync: async (url, options) => {
          const { pathname, search } = new URL(url);
          const answer = await httpRequest(lab, pathname + search, { method: 'POST', ...options });
          return { status: answer.status, headers: answer.headers, body: JSON.parse(answer.body) };
        },
      };
      const client = new ConfidentialClientApplication({
        auth: {
          clientId: lab.application.clientId,
          authority: `https://login.microsoftonline.com/${lab.tenantId}`,
          clientCertificate: {
            thumbprintSha256: createHash('sha256').update(certificate.raw).digest('hex'),
            privateKey: keyPem,
          },
        },
        system: { networkClient },
      });
      const result = await client.acquireTokenByClientCredential({ scopes: [EXCHANGE_SCOPE] });
      expect(decodeJwt(result?.accessToken ?? '')).toMatchObject({ appidacr: '2', roles: ['SMTP.SendAsApp'] });
    });
  });

  it.each<
    [
      string,
      (lab: MicrosoftLab, given: Awaited<ReturnType<typeof aCertificate>>) => Promise<string>,
      number,
      string,
      string,
    ]
  >([
    ['no JWT', async () => 'nonsense', 50027, 'assertion-malformed', 'JWT token is invalid or malformed.'],
    ['without thumbprint', (_lab, { sign }) => sign({}, { x5t: undefined }), 50027, 'assertion-malformed', 'malformed'],
    [
      'of another client',
      (_lab, { sign }) => sign({ sub: '22222222-2222-4222-8222-222222222222' }),
      700021,
      'assertion-client-mismatch',
      "Client assertion application identifier doesn't match 'client_id' parameter.",
    ],
    [
      'for another endpoint',
      (_lab, { sign }) => sign({ aud: 'https://login.microsoftonline.com/common/oauth2/v2.0/token' }),
      700023,
      'assertion-audience',
      'Client assertion audience claim does not match Realm issuer.',
    ],
    [
      'that is over, by more than the tolerance',
      (_lab, { sign, nowS }) => sign({ exp: nowS - 301 }),
      700024,
      'assertion-expired',
      'Client assertion is not within its valid time range. Current time: 2026-02-02T05:00:0',
    ],
    [
      'that has not begun',
      (_lab, { sign, nowS }) => sign({ nbf: nowS + 302 }),
      700024,
      'assertion-expired',
      'assertion valid from 2026-02-02T05:05:02.0000000Z, expiry time of assertion 2026-02-02T05:10:00.0000000Z.',
    ],
    [
      'with a certificate that is not registered',
      (_lab, { sign }) => sign({}, { x5t: 'q83vEjRWeJCrze8SNFZ4kKvN7xI' }),
      700027,
      'certificate-unknown',
      "[Reason - The key was not found., Thumbprint of key used by client: 'ABCDEF1234567890ABCDEF1234567890ABCDEF12']",
    ],
    [
      'with a certificate that was revoked',
      (lab, { sign, credential }) => {
        lab.directory.applications.revokeCertificate(lab.tenantId, lab.application.clientId, credential.keyId);
        return sign();
      },
      7000214,
      'certificate-revoked',
      'Certificate has been revoked.',
    ],
    [
      'with a certificate that has expired',
      async (_lab, { sign, credential, nowS }) => {
        credential.endsAt = nowS * 1_000;
        return sign();
      },
      700027,
      'certificate-expired',
      '[Reason - The key used is expired., Thumbprint of key used by client: ',
    ],
    [
      'with a chain that leads nowhere, for an application that trusts names',
      (lab, { sign, certificate }) => {
        const changes = { trustedCertificateSubjects: ['outlook.com'] };
        lab.directory.applications.update(lab.tenantId, lab.application.clientId, changes);
        return sign({}, { x5c: [certificate.raw.toString('base64')] });
      },
      7000213,
      'certificate-chain',
      'Invalid certificate chain.',
    ],
    [
      'with a signature of another key',
      async (_lab, { sign }) => {
        const [header, payload] = (await sign()).split('.');
        const [, , signature] = (await sign({ jti: 'two' })).split('.');
        return `${header}.${payload}.${signature}`;
      },
      700027,
      'assertion-signature',
      '[Reason - The provided signature value did not match the expected signature value., Thumbprint of key used',
    ],
  ])('are refused when they are %s', async (_what, assertionOf, code, reason, text) => {
    await inMicrosoftLab({}, async (lab) => {
      const given = await aCertificate(lab);
      expect((await given.present(await given.sign())).status).toBe(200);
      const assertion = await assertionOf(lab, given);
      const { status, body } = await given.present(assertion);
      expect({ status, ...body }).toMatchObject({
        status: 401,
        error: 'invalid_client',
        error_codes: [code],
        error_description: expect.stringContaining(text),
      });
      expect(lastOf(lab, 'entra.token-refused')).toMatchObject({ reason });
      expect(lab.journal.toJsonLines()).not.toContain(assertion);
    });
  });

  it('are taken with five minutes of tolerance on either side', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { sign, present, nowS } = await aCertificate(lab);
      expect((await present(await sign({ nbf: nowS + 299 }))).status).toBe(200);
      expect((await present(await sign({ exp: nowS - 290 }))).status).toBe(200);
    });
  });
});

describe('discovery', () => {
  it('serves the metadata of a tenant, whole', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { headers, body } = await httpRequest(lab, '/lab.example/v2.0/.well-known/openid-configuration');
      expect(headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'max-age=86400, private',
        'access-control-allow-origin': '*',
      });
      expect(JSON.parse(body)).toMatchObject({
        token_endpoint_auth_methods_supported: [
          'client_secret_post',
          'private_key_jwt',
          'client_secret_basic',
          'self_signed_tls_client_auth',
        ],
        jwks_uri: 'https://login.microsoftonline.com/lab.example/discovery/v2.0/keys',
        issuer: `https://login.microsoftonline.com/${lab.tenantId}/v2.0`,
        userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
        device_authorization_endpoint: 'https://login.microsoftonline.com/lab.example/oauth2/v2.0/devicecode',
        tenant_region_scope: 'EU',
        tls_client_certificate_bound_access_tokens: true,
        msgraph_host: 'graph.microsoft.com',
        rbac_url: 'https://pas.windows.net',
      });
    });
  });

  it.each(['common', 'organizations'])('serves /%s with a placeholder for the tenant', async (segment) => {
    await inMicrosoftLab({}, async (lab) => {
      const { body } = await httpRequest(lab, `/${segment}/v2.0/.well-known/openid-configuration`);
      expect(JSON.parse(body)).toMatchObject({
        issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
        token_endpoint: `https://login.microsoftonline.com/${segment}/oauth2/v2.0/token`,
        tenant_region_scope: null,
      });
    });
  });

  it('lists the clouds, with the headers of instance discovery', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const authorize = encodeURIComponent('https://login.windows.net/lab.example/oauth2/v2.0/authorize');
      const path = `/common/discovery/instance?api-version=1.1&authorization_endpoint=${authorize}`;
      const { headers, body } = await httpRequest(lab, path);
      expect(headers).toMatchObject({
        'cache-control': 'max-age=86400, private',
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, OPTIONS',
      });
      expect(JSON.parse(body)).toMatchObject({
        tenant_discovery_endpoint: 'https://login.windows.net/lab.example/v2.0/.well-known/openid-configuration',
        'api-version': '1.1',
        metadata: [
          {
            preferred_network: 'login.microsoftonline.com',
            preferred_cache: 'login.windows.net',
            aliases: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
          },
          { preferred_network: 'login.partner.microsoftonline.cn' },
          { preferred_network: 'login.microsoftonline.de' },
          { preferred_network: 'login.microsoftonline.us' },
          { preferred_network: 'login-us.microsoftonline.com' },
        ],
      });
    });
  });

  it.each([
    ['/nowhere.example/v2.0/.well-known/openid-configuration', 90002],
    ['/not%20a%20tenant/v2.0/.well-known/openid-configuration', 900023],
    ['/nowhere.example/discovery/v2.0/keys', 90002],
  ])('refuses %s as invalid_tenant', async (path, code) => {
    await inMicrosoftLab({}, async (lab) => {
      const { status, body } = await httpRequest(lab, path);
      expect([status, JSON.parse(body)]).toMatchObject([400, { error: 'invalid_tenant', error_codes: [code] }]);
    });
  });
});

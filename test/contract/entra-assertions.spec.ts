import { createHash } from 'node:crypto';
import { ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node';
import { decodeJwt } from 'jose';
import { aCertificate, ASSERTION_VECTORS } from './entra-assertion-vectors.ts';
import { EXCHANGE_SCOPE, httpRequest, inMicrosoftLab, lastOf } from './microsoft-lab.ts';

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

  it.each(ASSERTION_VECTORS)('are refused when they are %s', async (_what, assertionOf, code, reason, text) => {
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

import { createHash, X509Certificate } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { Random } from '#libs/simulation';
import { EntraMock } from '#mocks/entra';
import { LabPki, publishedLabKeys } from '#mocks/pki';
import { askForToken } from './entra-lab.ts';
import { httpRequest, inMicrosoftLab, START, type MicrosoftLab } from './microsoft-lab.ts';

const CAPABLE = JSON.stringify({ access_token: { xms_cc: { values: ['cp1'] } } });

async function keysOf(lab: MicrosoftLab, path = `/${lab.tenantId}/discovery/v2.0/keys`): Promise<JSONWebKeySet> {
  return JSON.parse((await httpRequest(lab, path)).body);
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
        const before = (await askForToken(rotating)).body.access_token;
        const oldKeyId = String(decodeProtectedHeader(before).kid);
        expect(() => entra.retireSigningKey(oldKeyId)).toThrow(expect.objectContaining({ code: 'entra.signing-key' }));

        const newKeyId = await entra.rotateSigningKey({ ...keys['smtp-leaf'] });
        const after = (await askForToken(rotating)).body.access_token;
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
      const { body } = await askForToken(lab);
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
      const { body } = await askForToken(lab, { ...form });
      expect(body.expires_in).toBe(expiresIn);
      expect(body.refresh_in).toBe(expiresIn === 86_399 ? 43_199 : undefined);
    });
  });

  it('names the Entra roles of an administrator', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { clientId, value } = lab.directory.createAdministrator(lab.tenantId);
      const { body } = await askForToken(lab, { client_id: clientId, client_secret: value });
      expect(decodeJwt(body.access_token)).toMatchObject({
        roles: ['Exchange.ManageAsApp'],
        wids: ['62e90394-69f5-4237-9190-012177145e10'],
      });
    });
  });
});

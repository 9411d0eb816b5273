import { createHash, X509Certificate } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import { LabPki } from '#mocks/pki';
import { askForToken } from './entra-lab.ts';
import { START, type MicrosoftLab } from './microsoft-lab.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

interface AssertionHeader {
  alg?: string;
  x5t?: string | undefined;
  x5c?: string[];
}

/** The lab's application with a certificate, and a way to sign assertions with its key. */
export async function aCertificate(lab: MicrosoftLab) {
  const pki = await LabPki.issue({ validFrom: START, clock: lab.clock });
  const { keyPem, certificateChainPem } = pki.serverCredentials('smtp');
  const { clientId } = lab.application;
  const credential = lab.directory.applications.addCertificate(lab.tenantId, clientId, {
    certificatePem: certificateChainPem,
  });
  const certificate = new X509Certificate(certificateChainPem);
  const x5t = createHash('sha1').update(certificate.raw).digest('base64url');
  const nowS = Math.floor(lab.clock.now() / 1_000);
  const sign = (claims: object = {}, { alg = 'RS256', ...header }: AssertionHeader = {}): Promise<string> =>
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
        .setProtectedHeader({ x5t, ...header, alg })
        .sign(await importPKCS8(keyPem, alg)),
    );
  const present = (assertion: string) =>
    askForToken(lab, { client_assertion: assertion, client_assertion_type: JWT_BEARER }, ['client_secret']);
  return { keyPem, certificate, credential, sign, present, nowS };
}

type AssertionRow = [
  what: string,
  assertionOf: (lab: MicrosoftLab, given: Awaited<ReturnType<typeof aCertificate>>) => Promise<string>,
  code: number,
  reason: string,
  text: string,
];

/** What a client assertion is refused for (fact sheet microsoft 1.5). */
export const ASSERTION_VECTORS: AssertionRow[] = [
  ['no JWT', async () => 'nonsense', 50027, 'assertion-malformed', 'JWT token is invalid or malformed.'],
  ['without thumbprint', (_lab, { sign }) => sign({}, { x5t: undefined }), 50027, 'assertion-malformed', 'malformed'],
  ['signed in another way', (_lab, { sign }) => sign({}, { alg: 'RS384' }), 50027, 'assertion-malformed', 'malformed'],
  [
    'issued by another client',
    (_lab, { sign }) => sign({ iss: '22222222-2222-4222-8222-222222222222' }),
    700021,
    'assertion-client-mismatch',
    "Client assertion application identifier doesn't match 'client_id' parameter.",
  ],
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
    'with a certificate that does not count yet',
    async (lab, { sign, credential }) => {
      credential.startsAt = lab.clock.now() + 60_000;
      return sign();
    },
    700027,
    'certificate-expired',
    '[Reason - The key used is expired., Thumbprint of key used by client: ',
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
];

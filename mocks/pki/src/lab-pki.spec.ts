import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:tls';
import { performance } from 'node:perf_hooks';
import { RealClock } from '#libs/simulation';
import { LabPki, type ServerCredentials } from './lab-pki.ts';

const VALID_FROM = new RealClock().now();

async function issue(): Promise<LabPki> {
  return LabPki.issue({ validFrom: VALID_FROM, clock: new RealClock() });
}

function handshake(pki: LabPki, peer: 'token-endpoint' | 'smtp', servername: string, ca: string[]) {
  return shake(pki.serverCredentials(peer), servername, ca);
}

async function shake(credentials: ServerCredentials, servername: string, ca: string[]) {
  const { keyPem, certificateChainPem, maxVersion } = credentials;
  const versions = maxVersion ? { minVersion: 'TLSv1' as const, maxVersion } : {};
  const server = createServer({ key: keyPem, cert: certificateChainPem, ...versions }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('not listening on TCP');
  try {
    const socket = connect({ host: '127.0.0.1', port: address.port, servername, ca });
    await once(socket, 'secureConnect');
    const chain = socket.getPeerCertificate(true);
    socket.destroy();
    return chain;
  } finally {
    server.close();
  }
}

function rootOf(pki: LabPki, peer: 'token-endpoint' | 'smtp'): string {
  const root = pki.authorities.find((authority) => authority.peer === peer && authority.kind === 'root');
  return root?.certificatePem ?? '';
}

describe('LabPki', () => {
  it.each([
    ['token-endpoint', 'login.microsoftonline.com', 'stamp2.login.microsoftonline.com'],
    ['smtp', 'smtp.office365.com', 'outlook.com'],
  ] as const)('gives the %s a chain that a client trusts by its root alone', async (peer, servername, commonName) => {
    const pki = await issue();
    const leaf = await handshake(pki, peer, servername, [rootOf(pki, peer)]);
    expect(leaf.subject.CN).toBe(commonName);
    expect(leaf.ext_key_usage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(leaf.issuerCertificate.issuerCertificate.subject.O).toBe('isebed lab');
  });

  it('gives the two servers roots that do not vouch for each other', async () => {
    const pki = await issue();
    await expect(handshake(pki, 'smtp', 'smtp.office365.com', [rootOf(pki, 'token-endpoint')])).rejects.toMatchObject({
      code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    });
  });

  it('does not vouch for a name that is not on the certificate', async () => {
    const pki = await issue();
    await expect(handshake(pki, 'smtp', 'mail.lab.example', [rootOf(pki, 'smtp')])).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  it('names roots and issuing CAs, each issuing CA signed by the root of its server', async () => {
    const { authorities } = await issue();
    expect(authorities.map(({ name, kind, peer }) => [name, kind, peer])).toEqual([
      ['DigiCert Global Root G2', 'root', 'token-endpoint'],
      ['Microsoft Azure RSA TLS Issuing CA 03', 'issuing', 'token-endpoint'],
      ['DigiCert Global Root CA', 'root', 'smtp'],
      ['DigiCert Cloud Services CA-1', 'issuing', 'smtp'],
    ]);
    const [g2, azure] = authorities.map((authority) => new X509Certificate(authority.certificatePem));
    expect(g2 && azure?.checkIssued(g2) && azure.verify(g2.publicKey) && azure.ca).toBe(true);
  });

  it.each([
    ['expired', 'CERT_HAS_EXPIRED'],
    ['not-yet-valid', 'CERT_NOT_YET_VALID'],
    ['wrong-name', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['without-intermediate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['unknown-root', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    ['new-root', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    ['inspected', 'SELF_SIGNED_CERT_IN_CHAIN'],
    ['old-tls-only', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
  ] as const)('gives a server a chain that OpenSSL refuses: %s', async (variant, code) => {
    const pki = await issue();
    const credentials = await pki.chainFor('smtp', variant, VALID_FROM);
    await expect(shake(credentials, 'smtp.office365.com', [rootOf(pki, 'smtp')])).rejects.toMatchObject({ code });
  });

  it.each([
    ['new-root', 'Microsoft TLS RSA Root G2'],
    ['unknown-root', 'Contoso Enterprise Root CA'],
    ['inspected', 'Lab Firewall TLS Inspection CA'],
  ] as const)('names the CA that %s has to be trusted by', async (variant, name) => {
    const pki = await issue();
    const ca = await pki.authorityNamed(name);
    const credentials = await pki.chainFor('token-endpoint', variant, VALID_FROM);
    const leaf = await shake(credentials, 'login.microsoftonline.com', ca ? [ca.certificatePem] : []);
    expect(leaf.subject.CN).toBe('stamp2.login.microsoftonline.com');
  });

  it('issues the same certificates for the same day, byte for byte', async () => {
    expect((await issue()).authorities).toEqual((await issue()).authorities);
  });

  it('takes a small part of a second, so that each scenario can have its own', async () => {
    await issue();
    const start = performance.now();
    await issue();
    expect(performance.now() - start).toBeLessThan(500);
  });
});

import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import fc from 'fast-check';
import { verifyServer } from './server-verification.ts';
import { TlsError } from './tls.error.ts';
import { summarize, trustAnchorsAt, type TrustedCertificate } from './trusted-certificate.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const HOST = 'smtp.office365.com';
const NOW = Date.parse('2026-02-02T05:00:00Z');
const DAY_MS = 86_400_000;

interface Issued {
  certificate: X509Certificate;
  pem: string;
  keys: webcrypto.CryptoKeyPair;
  signed: x509.X509Certificate;
}

/** A certificate that is valid for `days` days around NOW; without an issuer it is its own. */
async function issue(commonName: string, days: number, issuer?: Issued, dnsNames?: string[]): Promise<Issued> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const subject = `O=lab, CN=${commonName}`;
  const signed = await x509.X509CertificateGenerator.create(
    {
      serialNumber: '01',
      subject,
      issuer: issuer?.signed.subject ?? subject,
      notBefore: new Date(NOW - days * DAY_MS),
      notAfter: new Date(NOW + days * DAY_MS),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: (issuer?.keys ?? keys).privateKey,
      extensions: dnsNames
        ? [new x509.SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: 'dns', value })))]
        : [new x509.BasicConstraintsExtension(true, undefined, true)],
    },
    webcrypto,
  );
  const pem = signed.toString('pem');
  return { certificate: new X509Certificate(pem), pem, keys, signed };
}

let root: Issued;
let issuing: Issued;
let leaf: Issued;
let otherRoot: Issued;

beforeAll(async () => {
  root = await issue('Root', 400);
  issuing = await issue('Issuing CA', 200, root);
  leaf = await issue('leaf', 100, issuing, [HOST, '*.office365.com']);
  otherRoot = await issue('Other Root', 400);
});

const judge = (presented: Issued[], anchors: Issued[], host = HOST, now = NOW) =>
  verifyServer(
    presented.map(({ certificate }) => certificate),
    anchors.map(({ certificate }) => certificate),
    host,
    now,
  );

const entry = (issued: Issued, changes: Partial<TrustedCertificate> = {}): TrustedCertificate => ({
  name: 'entry',
  pem: issued.pem,
  infrastructure: true,
  enabled: true,
  ...changes,
});

describe('verifyServer', () => {
  it('trusts a chain that ends below a trusted root', () => {
    expect(judge([leaf, issuing], [otherRoot, root])).toEqual({ kind: 'trusted', anchor: 'Root' });
  });

  it('takes the issuing CA or the leaf itself as anchor too, without a root', () => {
    expect(judge([leaf, issuing], [issuing])).toEqual({ kind: 'trusted', anchor: 'Issuing CA' });
    expect(judge([leaf], [issuing])).toEqual({ kind: 'trusted', anchor: 'Issuing CA' });
    expect(judge([leaf], [leaf])).toEqual({ kind: 'trusted', anchor: 'leaf' });
  });

  it('gives the same verdict whatever the order behind the leaf, and whatever else is sent', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3]), (order) => {
        const rest = order.map((index) => [issuing, root, otherRoot, leaf][index] ?? issuing);
        const trusted = rest.includes(issuing);
        expect(judge([leaf, ...rest], [root]).kind).toBe(trusted ? 'trusted' : 'untrusted');
      }),
    );
  });

  it.each([
    ['no root is trusted', () => judge([leaf, issuing], [])],
    ['another root is trusted', () => judge([leaf, issuing], [otherRoot])],
    ['the server sends its root, which is not trusted', () => judge([leaf, issuing, root], [otherRoot])],
    ['the server leaves out the issuing CA', () => judge([leaf], [root])],
    ['the server sends nothing', () => judge([], [root])],
  ])('finds no certification path when %s', (_when, verdict) => {
    expect(verdict()).toMatchObject({ kind: 'untrusted', failure: 'no-certification-path' });
  });

  it('does not take a CA for the issuer because of its name', async () => {
    const namesake = await issue('Root', 400);
    expect(judge([leaf, issuing], [namesake])).toMatchObject({ failure: 'no-certification-path' });
  });

  it('does not take a certificate that is no CA for an issuer', async () => {
    const forged = await issue('forged', 100, leaf, [HOST]);
    expect(judge([forged, leaf, issuing], [root])).toMatchObject({ failure: 'no-certification-path' });
  });

  it('ends although certificates have issued one another in a circle', async () => {
    const a = await issue('A', 100);
    const b = await issue('B', 100, a);
    const below = await issue('below', 100, b, [HOST]);
    expect(judge([below, b, a, b, a], [root])).toMatchObject({ failure: 'no-certification-path', certificate: 'A' });
  });

  it.each([
    ['on its last millisecond', 100 * DAY_MS, undefined],
    ['a millisecond later', 100 * DAY_MS + 1, 'expired'],
    ['on its first millisecond', -100 * DAY_MS, undefined],
    ['a millisecond earlier', -100 * DAY_MS - 1, 'not-yet-valid'],
  ])('judges the leaf %s', (_when, offsetMs, failure) => {
    const verdict = judge([leaf, issuing], [root], HOST, NOW + offsetMs);
    expect(verdict).toMatchObject(failure ? { failure, certificate: 'leaf' } : { kind: 'trusted' });
  });

  it('names the issuing CA when that is the one past its end', async () => {
    const long = await issue('long', 300, issuing, [HOST]);
    const late = NOW + 200 * DAY_MS + 1;
    expect(judge([long, issuing], [root], HOST, late)).toEqual({
      kind: 'untrusted',
      failure: 'expired',
      certificate: 'Issuing CA',
    });
  });

  it.each([
    ['smtp.office365.com', true],
    ['SMTP.Office365.com', true],
    ['outlook.office365.com', true],
    ['office365.com', false],
    ['a.b.office365.com', false],
    ['smtp.office365.com.evil.example', false],
    ['leaf', false],
  ])('as to the name %s: valid is %s', (host, valid) => {
    const verdict = judge([leaf, issuing], [root], host);
    expect(verdict).toMatchObject(valid ? { kind: 'trusted' } : { failure: 'wrong-name', certificate: 'leaf' });
  });
});

describe('the anchors of a store', () => {
  it.each([
    ['enabled, with the Infrastructure usage', {}, 1],
    ['disabled', { enabled: false }, 0],
    ['without the Infrastructure usage', { infrastructure: false }, 0],
  ])('count an entry that is %s: %j', (_what, changes, count) => {
    expect(trustAnchorsAt([entry(root, changes)], NOW)).toHaveLength(count);
  });

  it('count an entry within its dates, both ends included', () => {
    const at = (offsetMs: number): number => trustAnchorsAt([entry(root)], NOW + offsetMs).length;
    const edge = 400 * DAY_MS;
    expect([at(-edge - 1), at(-edge), at(edge), at(edge + 1)]).toEqual([0, 1, 1, 0]);
  });
});

describe('the summary of an entry', () => {
  it('comes from the certificate itself', () => {
    expect(summarize(entry(issuing, { enabled: false, infrastructure: false }))).toEqual({
      name: 'entry',
      issuedTo: 'Issuing CA',
      issuedBy: 'Root',
      validFrom: new Date(NOW - 200 * DAY_MS).toISOString(),
      expirationDate: new Date(NOW + 200 * DAY_MS).toISOString(),
      status: 'Disabled',
      trustedFor: '',
    });
    expect(summarize(entry(root))).toMatchObject({ status: 'Enabled', trustedFor: 'Infrastructure' });
  });
});

describe('TlsError', () => {
  it.each([
    ['no-certification-path', 'unable to find valid certification path to requested target'],
    ['expired', 'validity check failed'],
    ['not-yet-valid', 'validity check failed'],
    ['wrong-name', `No subject alternative DNS name matching ${HOST} found.`],
    ['handshake-failed', 'Remote host terminated the handshake'],
  ] as const)('says of %s what the Java stack throws', (failure, text) => {
    const error = new TlsError(failure, HOST, 'leaf');
    expect(error.javaException).toMatch(/^javax\.net\.ssl\.SSLHandshakeException: /);
    expect(error.javaException.endsWith(text)).toBe(true);
    expect(error).toMatchObject({ code: `tls.${failure}`, message: expect.stringContaining('(leaf)') });
  });
});

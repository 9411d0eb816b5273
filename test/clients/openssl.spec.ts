import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeClient, runClient, versionOf } from './client-run.ts';
import { LiveLab } from './live-lab.ts';

const { jest } = import.meta;
jest.setTimeout(60_000);

interface TlsCase {
  name: string;
  /** Replaces what the good case says. */
  args?: Record<string, string | true | undefined>;
  connect?: (lab: LiveLab) => number;
  prints: RegExp;
  succeeds?: boolean;
}

const OPENSSL = {
  id: 'openssl',
  name: 'openssl s_client -starttls smtp -showcerts',
  version: versionOf('openssl', ['version'], /^OpenSSL (\S+)/),
};

describeClient(OPENSSL, (record) => {
  const folder = mkdtempSync(join(tmpdir(), 'isebed-openssl-'));
  const one = { tokenEndpoint: join(folder, 'token-endpoint-root.pem'), none: join(folder, 'none.pem') };
  let lab: LiveLab;
  beforeAll(async () => {
    lab = await LiveLab.up();
    const roots = lab.roots.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g) ?? [];
    const g2 = roots.find((pem) => new X509Certificate(pem).subject.includes('Global Root G2'));
    writeFileSync(one.tokenEndpoint, g2 ?? '');
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await LiveLab.killAll();
  });

  const CASES: readonly TlsCase[] = [
    { name: 'good tenant', succeeds: true, prints: /depth=2 .*DigiCert Global Root CA.*Verification: OK/s },
    {
      name: 'lab root not trusted',
      args: { CAfile: undefined },
      prints: /unable to get local issuer certificate|self-signed certificate in certificate chain/,
    },
    {
      name: 'only the root of the token endpoint trusted',
      args: { CAfile: one.tokenEndpoint },
      prints: /unable to get local issuer certificate/,
    },
    { name: 'another host name expected', args: { verify_hostname: 'smtp.example.com' }, prints: /hostname mismatch/i },
    {
      name: 'TLS 1.1 at most',
      args: { tls1_1: true },
      prints: /alert|no protocols available|unsupported protocol|internal error/i,
    },
    {
      name: 'TLS 1.0 at most',
      args: { tls1: true },
      prints: /alert|no protocols available|unsupported protocol|internal error/i,
    },
    {
      name: 'no cipher in common',
      args: { tls1_2: true, cipher: 'PSK-AES128-GCM-SHA256' },
      prints: /handshake failure|no ciphers available/i,
    },
    {
      name: 'TLS from the start',
      args: { starttls: undefined },
      prints: /wrong version number|packet length too long|unexpected eof/i,
    },
    { name: 'nothing listens', connect: () => 9, prints: /connect:errno|Connection refused/ },
    // Seconds since 1970, as openssl wants them: the clock of the client is wrong.
    { name: 'clock of the client in 2099', args: { attime: '4070908800' }, prints: /certificate has expired/ },
    { name: 'clock of the client in 2010', args: { attime: '1262304000' }, prints: /certificate is not yet valid/ },
  ];

  it.each(CASES)('$name', async ({ name, args = {}, connect, prints, succeeds = false }) => {
    const options: Record<string, string | true | undefined> = {
      connect: `127.0.0.1:${connect?.(lab) ?? lab.where.smtp.port}`,
      starttls: 'smtp',
      showcerts: true,
      servername: 'smtp.office365.com',
      verify_hostname: 'smtp.office365.com',
      verify_return_error: true,
      CAfile: lab.where.labRoots,
      'no-CApath': true,
      ...args,
    };
    const words = Object.entries(options).flatMap(([flag, value]) => {
      if (value === undefined) return [];
      return value === true ? [`-${flag}`] : [`-${flag}`, value];
    });
    const run = await runClient('openssl', ['s_client', ...words], { input: 'QUIT\r\n' });
    record.note(name, { ...run, printed: gistOf(run.printed) });
    expect(run.printed).toMatch(prints);
    expect(run.status === 0).toBe(succeeds);
  });
});

/** Its errors, what it found of the chain, and its verdict: no certificates, keys and statistics. */
function gistOf(printed: string): string {
  const telling = /^(depth=|verify error|[0-9A-F]{12,}:error:|connect:errno|Verification|Verify return code)/;
  return [...new Set(printed.split('\n').filter((line) => telling.test(line)))].join('\n');
}

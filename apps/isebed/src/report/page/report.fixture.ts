import type { JournalRecord } from '#libs/simulation';
import { PASSED } from '../results.fixture.ts';
import type { ReportInput } from './report-input.ts';

/** Records from `[second, kind, fields]`; the first is number 1. */
export function journal(
  ...events: readonly (readonly [
    second: number,
    kind: string,
    fields?: Omit<Partial<JournalRecord>, 't' | 'seq' | 'kind'>,
  ])[]
): JournalRecord[] {
  return events.map(([second, kind, fields = {}], index) => ({
    t: new Date(Date.UTC(2026, 1, 2, 5, 0, second)).toISOString(),
    seq: index + 1,
    kind,
    ...fields,
  }));
}

const LOGIN = 'login.microsoftonline.com';
const SMTP = 'smtp.office365.com';
const REPLY = '535 5.7.3 Authentication unsuccessful';

/** A Test Connection that fails at AUTH, then a mail that fails at the certificate of the SMTP server. */
export const RECORDS = journal(
  [15, 'smtp-server.test-started', { node: 'pan1' }],
  [15, 'network.dialled', { node: 'pan1', cause: 1, host: LOGIN, port: 443 }],
  [16, 'network.connected', { node: 'pan1', cause: 2, host: LOGIN, port: 443 }],
  [16, 'tls.established', { node: 'pan1', cause: 1, host: LOGIN, protocol: 'TLSv1.3', anchor: 'Root G2' }],
  [17, 'token.acquired', { node: 'pan1', cause: 1, fromCache: false }],
  [18, 'network.connected', { node: 'pan1', cause: 1, host: SMTP, port: 587 }],
  [19, 'tls.established', { node: 'pan1', cause: 1, host: SMTP, protocol: 'TLSv1.3', anchor: 'Root CA' }],
  [19, 'exchange.auth-refused', { cause: 6, reply: REPLY, reason: 'internal' }],
  [24, 'smtp.session-failed', { node: 'pan1', cause: 1, stage: 'auth', reply: REPLY }],
  [24, 'smtp-server.tested', { node: 'pan1', cause: 1, connected: false, message: 'Invalid email address' }],
  [30, 'mail.composed', { node: 'psn1', mail: 'psn1-1', type: 'guest-credentials', subject: 'Your <b>account</b>' }],
  [30, 'mail.attempted', { node: 'psn1', cause: 11, mail: 'psn1-1', attempt: 2 }],
  [30, 'token.acquired', { node: 'psn1', cause: 12, fromCache: true }],
  [31, 'network.connected', { node: 'psn1', cause: 12, host: SMTP, port: 587 }],
  [
    32,
    'tls.failed',
    { node: 'psn1', cause: 12, host: SMTP, failure: 'no-certification-path', certificate: 'Issuing CA' },
  ],
  [32, 'smtp.session-failed', { node: 'psn1', cause: 12, stage: 'tls', code: 'tls.no-certification-path' }],
  [32, 'mail.refused', { node: 'psn1', cause: 12, mail: 'psn1-1', stage: 'tls', code: 'tls.no-certification-path' }],
);

const TRANSCRIPT = `pan1 (10.20.0.11:49169) to ${SMTP}:587 (203.0.113.25)
C: the node, S: the other side. Times are virtual; ******** stands for what is secret.

2026-02-02T05:00:18.100Z  S: 220 FR3P281CA8800 ready
2026-02-02T05:00:18.200Z  C: EHLO pan1.lab.example
2026-02-02T05:00:18.300Z  S: 250 SMTPUTF8
2026-02-02T05:00:18.400Z  -- TLS handshake
2026-02-02T05:00:19.000Z  C: AUTH XOAUTH2 ********
2026-02-02T05:00:24.000Z  S: ${REPLY}
2026-02-02T05:00:24.000Z  -- closed by the node
`;

const CHAIN = `As ${SMTP} showed it, first at 2026-02-02T05:00:19.000Z, to pan1, psn1.

subject: CN=outlook.com, O=isebed lab
issuer:  CN=Issuing CA, O=isebed lab
valid:   Jan  3 05:00:00 2026 GMT to Jan  3 05:00:00 2027 GMT
-----BEGIN CERTIFICATE-----
-----END CERTIFICATE-----

subject: CN=Issuing CA, O=isebed lab
issuer:  CN=Root CA, O=isebed lab
valid:   Feb  3 05:00:00 2024 GMT to Jan 31 05:00:00 2034 GMT
-----BEGIN CERTIFICATE-----
-----END CERTIFICATE-----
`;

/** A run with all that a report shows. */
export const INPUT: ReportInput = {
  result: PASSED,
  nodes: [
    { name: 'pan1', personas: ['Administration'], roles: 'PRI(A)' },
    { name: 'psn1', personas: ['Policy Service'], roles: '' },
    { name: 'mnt1', personas: ['Monitoring'], roles: 'PRI(M)' },
  ],
  records: RECORDS,
  files: [
    { path: 'capture.pcapng', what: 'all traffic' },
    { path: `certificates/${SMTP}.pem`, what: 'a certificate chain', text: CHAIN },
    { path: `sessions/0012-pan1-${SMTP}-587.txt`, what: 'a session', text: TRANSCRIPT },
  ],
};

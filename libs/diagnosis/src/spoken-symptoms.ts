import type { PathStage } from './observation.ts';

/** What a sentence of a page or an exception says: the kinds of failure that it may stand for. */
export interface SpokenSymptom {
  symptoms: readonly string[];
  /** Where on the path it happened; absent where the sentence doesn't tell. */
  stage?: PathStage;
}

const TENANT = ['aadsts:90002', 'aadsts:900023', 'aadsts:9001023', 'http:5xx', 'http:429', 'http:page'];
const SECRET = ['aadsts:7000215', 'aadsts:7000218', 'aadsts:7000222'];
const CLIENT = ['aadsts:700016', 'aadsts:700038', 'aadsts:7000112', 'aadsts:7000229'];
const AUTH = ['smtp:auth-573', 'smtp:tenant-off', 'smtp:mailbox-off'];

/**
 * Sentences of the SMTP Server page and of Java, Node, Python and OpenSSL, the telling ones first. The page's own are
 * Cisco's where they are known (fact sheet ise 1.3), in English, German and Spanish; the others are testbed's or the
 * library's.
 */
const SENTENCES: readonly (SpokenSymptom & { says: RegExp })[] = [
  { says: /Proxy returns "?HTTP\/1\.\d 407|407 Proxy Auth/i, symptoms: ['proxy:407'], stage: 'connect' },
  { says: /Proxy returns "?HTTP\/1\.\d 403/i, symptoms: ['proxy:403'], stage: 'connect' },
  { says: /Proxy returns "?HTTP\/1\.\d 50[234]/i, symptoms: ['proxy:5xx'], stage: 'connect' },
  { says: /not configured/i, symptoms: ['settings:none'], stage: 'settings' },
  {
    says: /valid certification path|certification path|ruta de certificaci|Zertifizierungspfad|unable to (?:get|verify)[a-z ]*(?:issuer|first) cert|self.signed certificate|UNABLE_TO_(?:GET_ISSUER|VERIFY)|SELF_SIGNED/i,
    symptoms: ['tls:no-certification-path'],
    stage: 'tls',
  },
  { says: /CERT_HAS_EXPIRED|certificate has expired|NotAfter/i, symptoms: ['tls:expired'], stage: 'tls' },
  { says: /CERT_NOT_YET_VALID|not yet valid|NotBefore/i, symptoms: ['tls:not-yet-valid'], stage: 'tls' },
  { says: /validity check failed/i, symptoms: ['tls:expired', 'tls:not-yet-valid'], stage: 'tls' },
  {
    says: /No subject alternative|ALTNAME_INVALID|hostname mismatch|does not match/i,
    symptoms: ['tls:wrong-name'],
    stage: 'tls',
  },
  {
    says: /protocol_version|unsupported.protocol|No appropriate protocol/i,
    symptoms: ['tls:no-common-version'],
    stage: 'tls',
  },
  { says: /does not support STARTTLS|STARTTLS is required but/i, symptoms: ['tls:starttls-not-offered'], stage: 'tls' },
  { says: /terminated the handshake|handshake.failure/i, symptoms: ['tls:handshake-failed'], stage: 'tls' },
  {
    says: /connect timed out|ETIMEDOUT|Connection timed out|Connect Timeout/i,
    symptoms: ['dial:connect-timeout', 'proxy-dial:connect-timeout'],
    stage: 'connect',
  },
  {
    says: /UnknownHost|ENOTFOUND|EAI_AGAIN|Name or service not known|could not resolve/i,
    symptoms: ['dial:dns-failure', 'proxy-dial:dns-failure'],
    stage: 'name',
  },
  {
    says: /Connection refused|ECONNREFUSED/i,
    symptoms: ['dial:connection-refused', 'proxy-dial:connection-refused'],
    stage: 'connect',
  },
  { says: /Read timed out|ESOCKETTIMEDOUT|ETIME/i, symptoms: ['lost:silent', 'lost:silent-in-message'] },
  {
    says: /Connection reset|ECONNRESET|EPIPE|\[EOF\]|EOFException|unexpected eof|response: -1|socket hang up/i,
    symptoms: ['lost:broken'],
  },
  {
    says: /Invalid OAuth endpoint|OAuth-Endpunkt|punto final de OAuth|arrendatario/i,
    symptoms: TENANT,
    stage: 'token',
  },
  { says: /Invalid client secret/i, symptoms: SECRET, stage: 'token' },
  { says: /Invalid client ID/i, symptoms: CLIENT, stage: 'token' },
  { says: /Invalid email address/i, symptoms: AUTH, stage: 'auth' },
];

/** What a sentence stands for; undefined when it is none that is known. */
export function spokenSymptom(text: string): SpokenSymptom | undefined {
  return SENTENCES.find(({ says }) => says.test(text));
}

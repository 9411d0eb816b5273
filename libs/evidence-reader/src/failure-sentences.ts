import type { Observation, PathStage, Peer, SmtpStage } from '#libs/diagnosis';
import { defined, type Findings, type InputKind, type Place } from './findings.ts';
import type { SeenNetworkFailure, SeenTlsFailure } from './observation-types.ts';

type Meaning = { tls: SeenTlsFailure } | { network: SeenNetworkFailure; stage?: PathStage } | { proxy: true };

/** What a proxy answered to CONNECT, as Java, curl and Python quote it. */
const PROXY_ANSWER =
  /Proxy returns "?HTTP\/1\.\d (\d{3})|HTTP code (\d{3}) from proxy|CONNECT tunnel failed, response (\d{3})|Tunnel connection failed: (\d{3})|(407) Proxy Auth|tunneling socket could not be established.{0,40}(\d{3})/i;

/** What Java, Node.js, Python, curl, OpenSSL and GnuTLS say of a failure, the telling ones first. */
const SENTENCES: readonly { says: RegExp; means: Meaning }[] = [
  {
    says: PROXY_ANSWER,
    means: { proxy: true },
  },
  {
    says: /valid certification path|unable to get (?:local )?issuer cert|unable to verify the first cert|UNABLE_TO_(?:GET_ISSUER|VERIFY)|self.signed certificate|SELF_SIGNED|certificate issuer is unknown|Untrusted server certificate|alert unknown ca\b|TLSV1_ALERT_UNKNOWN_CA/i,
    means: { tls: 'no-certification-path' },
  },
  {
    says: /certificate (?:has|is) expired|CERT_HAS_EXPIRED|\bNotAfter: |certificate has EXPIRED/i,
    means: { tls: 'expired' },
  },
  { says: /not yet valid|CERT_NOT_YET_VALID|not yet activated|\bNotBefore: /i, means: { tls: 'not-yet-valid' } },
  { says: /validity check failed/i, means: { tls: 'out-of-date' } },
  {
    says: /No subject alternative|No name matching|ALTNAME_INVALID|hostname mismatch|does not match (?:target host|certificate's altnames)|no alternative certificate subject name|certificate is not valid for '/i,
    means: { tls: 'wrong-name' },
  },
  {
    says: /protocol_version|alert protocol version|unsupported.protocol|No appropriate protocol|SSLV3_ALERT_.*VERSION/i,
    means: { tls: 'no-common-version' },
  },
  {
    says: /does not support STARTTLS|STARTTLS is required but|Didn't find STARTTLS|STARTTLS (?:extension )?not supported|does not support TLS via the STARTTLS|STARTTLS not (?:offered|available)/i,
    means: { tls: 'starttls-not-offered' },
  },
  { says: /handshake timed? ?out/i, means: { tls: 'timed-out' } },
  {
    says: /Remote host (?:closed|terminated)[a-z ]{0,20}handshake|SSL peer shut down|handshake.failure|TLS connection was non-properly terminated/i,
    means: { tls: 'handshake-failed' },
  },
  {
    says: /UnknownHost|ENOTFOUND|EAI_AGAIN|Name or service not known|could not resolve|nodename nor servname|name resolution|getaddrinfo failed|Name does not resolve/i,
    means: { network: 'dns-failure', stage: 'name' },
  },
  {
    says: /connection refused|ECONNREFUSED|errno=111|WinError 10061/i,
    means: { network: 'connection-refused', stage: 'connect' },
  },
  {
    says: /No route to host|Network is unreachable|EHOSTUNREACH|ENETUNREACH|NoRouteToHost/i,
    means: { network: 'unreachable', stage: 'connect' },
  },
  {
    says: /Read timed out|read operation timed out|Greeting never received|ESOCKETTIMEDOUT|Operation too slow|response timeout/i,
    means: { network: 'read-timeout' },
  },
  {
    says: /connect timed out|Connect ETIMEDOUT|Connection timed out|Error: Connection timeout|ETIMEDOUT.{0,20}Connection timeout|Connect Timeout|Errno 110|errno=110|WinError 10060|Failed to connect to .{1,120}(?:timed out|Timeout)|TimeoutError: timed out|Timeout was reached/i,
    means: { network: 'connect-timeout', stage: 'connect' },
  },
  {
    says: /Connection reset|ECONNRESET|Connection aborted|Broken pipe|\bEPIPE\b|socket hang up|WinError 10054|forcibly closed/i,
    means: { network: 'connection-reset' },
  },
  {
    says: /\[EOF\]|EOFException|unexpected eof|Connection unexpectedly closed|response: -1|Remote end closed connection/i,
    means: { network: 'connection-closed' },
  },
];

/** What the pages of ISE show (fact sheet ise 1.3), and alarms (4.1). */
const PAGE =
  /Invalid OAuth endpoint or tenant ID|Ungültiger OAuth-Endpunkt|punto final de OAuth|Invalid client secret(?! provided)|Invalid client ID|Invalid email address|SMTP server is not configured/i;
const NOT_CONFIGURED = /no SMTP server is configured|SMTP server is not configured/i;
/** The testbed's own words for what the real page does without any (fact sheet ise 1.2). */
const SAVE_REFUSED = /have not passed Test Connection/i;
const ALARM = /SMTP OAuth Client Secret (?:(?:is )?about to be expired|(?:has|is) expired)/i;
/** Names that say as much only where a line calls itself an alarm: a mail's subject, a syslog message, a list. */
const COMMON_ALARM =
  /Replication (?:Failed|Stopped)|Sync Failure|DNS Resolution Failure|NTP (?:Sync|Service) Failure|Health Status Unavailable|Process Down|ISE Server not running|Certificate (?:Expired|Expiration)|SMTP mail could not be delivered/i;
const CALLS_ITSELF_ALARM = /alarm/i;

/** The same page and guest.log when it went well (fact sheet ise 1.2, 1.4; the last is the testbed's own). */
const CONNECTED = /Successfully connected to [\w.-]{1,255}/i;
const SENT = /Future\.get status: success|Mail sent successfully/;

/** JavaMail's `MailConnectException`. */
const MAIL_CONNECT = /host, port: ([\w.-]{1,255}), ?(\d{1,5})/;
const HOST_AND_PORT = [
  MAIL_CONNECT,
  /Failed to connect to ([\w.-]{1,255}) port (\d{1,5})/,
  /connect E[A-Z]+ ([\w.:-]{1,255}):(\d{1,5})/,
  /host='([\w.-]{1,255})', port=(\d{1,5})/,
  /connect to ([\w.-]{1,255}):(\d{1,5})/,
  /getaddrinfo E\w+ ([\w.-]{1,255})/,
  /UnknownHostException: ([\w.-]{1,255})/,
  /resolve host:? '?([\w.-]{1,255})/,
  /Unknown SMTP host: ([\w.-]{1,255})/,
  /\b((?:login|smtp|outlook)[\w.-]{0,60}\.(?:microsoftonline\.com|windows\.net|office365\.com|office\.com|outlook\.com))\b(?::(\d{1,5}))?/,
];
/** `SSLHandshakeException`, with its package, at the beginning of what is thrown. */
const EXCEPTION = /(?:^|[\s(])((?:[a-z_]\w{0,40}\.){1,8}[A-Z]\w{0,80}(?:Exception|Error))(?::\s(.{0,600}))?/;
const PROGRAM_ERROR = /\b(?:E[A-Z]{3,20}|[A-Z]\w{0,40}Error|curl: \(\d+\)|msmtp:|s-nail:|Traceback)/;

/** JavaMail on the way to TLS: what is nested in it happened there. */
const BEFORE_TLS = /could not convert socket to TLS/i;
/** An exception and those nested in it stand so close together. */
const NESTED_LINES_MAX = 6;

/** Failures that programs put into words, in any log. */
export class SentenceReader {
  private outer: { line: number; host?: string; port?: string; isTls: boolean } | undefined;

  constructor(private readonly findings: Findings) {}

  read(line: string, place: Place, stage: SmtpStage | undefined): boolean {
    const { source } = place;
    const alarm = ALARM.exec(line) ?? (CALLS_ITSELF_ALARM.test(line) ? COMMON_ALARM.exec(line) : null);
    if (alarm) {
      this.tell('alarm', { kind: 'alarm', name: alarm[0], source }, place);
      return true;
    }
    if (NOT_CONFIGURED.test(line)) {
      this.tell('page', { kind: 'settings', present: false, source }, place);
      return true;
    }
    if (SAVE_REFUSED.test(line)) {
      this.tell('page', { kind: 'ise', event: 'save-refused', source }, place);
      return true;
    }
    if (PAGE.test(line)) {
      this.tell('page', { kind: 'gui', text: PAGE.exec(line)?.[0] ?? '', source }, place);
      return true;
    }
    if (CONNECTED.test(line) || SENT.test(line)) {
      const [type, outcome] = SENT.test(line)
        ? (['mail', 'accepted'] as const)
        : (['test-connection', 'connected'] as const);
      this.findings.add({ kind: 'mail', type, outcome, source }, place);
      return true;
    }
    const outer = this.outerOf(line, source.line ?? 0);
    const exception = EXCEPTION.exec(line);
    if (exception) this.findings.recognise('java-trace');
    const known = SENTENCES.find(({ says }) => says.test(line));
    if (!known) return exception !== null;
    if (!exception && PROGRAM_ERROR.test(line)) this.findings.recognise('program-error');
    this.findings.add(meant(known.means, line, place, outer?.isTls === true ? 'starttls' : stage, outer), place);
    if (!exception) return true;
    const [, name = '', message = ''] = exception;
    this.findings.add({ kind: 'exception', name, message, ...defined({ peer: place.peer }), source }, place);
    return true;
  }

  /** Server and step that an exception names; what is nested in it names neither. */
  private outerOf(line: string, number: number): SentenceReader['outer'] {
    const [, host, port] = MAIL_CONNECT.exec(line) ?? [];
    const isTls = BEFORE_TLS.test(line);
    if (host !== undefined || isTls) this.outer = { line: number, ...defined({ host, port }), isTls };
    return this.outer && number - this.outer.line <= NESTED_LINES_MAX ? this.outer : undefined;
  }

  private tell(kind: InputKind, observation: Observation, place: Place): void {
    this.findings.recognise(kind);
    this.findings.add(observation, place);
  }
}

function meant(
  meaning: Meaning,
  line: string,
  place: Place,
  stage: SmtpStage | undefined,
  outer: { host?: string; port?: string } = {},
): Observation {
  const { source } = place;
  const [, namedHost, namedPort] = HOST_AND_PORT.map((pattern) => pattern.exec(line)).find(Boolean) ?? [];
  const [host, port] = namedHost === undefined ? [outer.host, outer.port] : [namedHost, namedPort];
  const peer = peerNamed(host, port) ?? place.peer ?? (stage === undefined ? undefined : 'smtp');
  if ('proxy' in meaning) {
    const status = Number(PROXY_ANSWER.exec(line)?.slice(1).find(Boolean) ?? 502);
    const target = peer === 'smtp' ? 'smtp.office365.com:587' : 'login.microsoftonline.com:443';
    return { kind: 'proxy', status, target, source };
  }
  if ('tls' in meaning) {
    return { kind: 'tls', outcome: 'failed', failure: meaning.tls, ...defined({ peer, host }), source };
  }
  const { network: failure } = meaning;
  const at = meaning.stage ?? lostAt(line, peer, stage);
  const viaProxy = /\bproxy\b/i.test(line) && at !== 'greeting';
  const proxyFor = viaProxy
    ? peer === 'smtp'
      ? 'smtp.office365.com:587'
      : 'login.microsoftonline.com:443'
    : undefined;
  const dialled = defined({ peer, host, port: port === undefined ? undefined : Number(port), proxyFor });
  return { kind: 'network', outcome: 'failed', failure, stage: at, ...dialled, source };
}

function peerNamed(host: string | undefined, port: string | undefined): Peer | undefined {
  if (host !== undefined && /^login\.|microsoftonline|windows\.net/.test(host)) return 'token-endpoint';
  if (port === '443') return 'token-endpoint';
  if (port === '587' || port === '25' || port === '465') return 'smtp';
  return host !== undefined && /smtp|outlook/.test(host) ? 'smtp' : undefined;
}

/** Where a connection that stood was lost. */
function lostAt(line: string, peer: Peer | undefined, stage: SmtpStage | undefined): PathStage {
  if (/handshake|SSL_ERROR_SYSCALL|SSL connection|startHandshake/i.test(line)) return 'tls';
  if (peer === 'token-endpoint') return 'token';
  switch (stage) {
    case undefined:
    case 'ehlo':
    case 'quit':
    case 'other':
      return /could not convert socket to TLS/i.test(line) ? 'tls' : 'greeting';
    default:
      return stage;
  }
}

import { defined, type Findings, type Place } from './findings.ts';
import type { SeenTlsFailure } from './observation-types.ts';

const COMMAND = /openssl\s+s_client\b/;
const CONNECT_TO = /-connect\s+([\w.-]{1,255})(?::(\d{1,5}))?/;
const SERVER_NAME = /-servername\s+([\w.-]{1,255})/;
const CONNECTED = /^CONNECTED\([\dA-F]+\)/;
const CHAIN_SUBJECT = /^\s{0,2}(\d{1,2}) s:(.{0,400})/;
const CHAIN_ISSUER = /^\s{0,3}i:(.{0,400})/;
const DEPTH = /^depth=(\d{1,2}) (.{0,400})/;
const VERIFY = /^\s*(?:verify error:num=(\d{1,3}):|Verify return code: (\d{1,3}) \()/;
const VERIFICATION_ERROR = /^Verification error: /;
const PROTOCOL = /^(?:New, (TLSv[\d.]+), Cipher is (?!\(NONE\))|\s*Protocol\s*: (TLSv[\d.]+))/;
const NO_CERTIFICATE = /^no peer certificate available/;
/** A TLS record was expected and something else came: plain SMTP on this port. */
const WRONG_VERSION = /wrong version number/;

/** X509_V_ERR_… (openssl-verify, "Diagnostics"). */
const CODES: Readonly<Record<number, SeenTlsFailure>> = {
  2: 'no-certification-path',
  9: 'not-yet-valid',
  10: 'expired',
  18: 'no-certification-path',
  19: 'no-certification-path',
  20: 'no-certification-path',
  21: 'no-certification-path',
  62: 'wrong-name',
};

/** With its certificates a session is long. */
const SESSION_LINES_MAX = 1_000;

interface Session {
  place: Place;
  presented: number;
  issuer?: string;
  depthName?: string;
  failure?: SeenTlsFailure;
  failedAt?: Place;
  certificate?: string;
  protocol?: string;
  verified?: boolean;
  lacksCertificate?: boolean;
}

/** Output of `openssl s_client`, with or without `-showcerts`. */
export class OpensslReader {
  private session: Session | undefined;
  private target: { host: string; port?: number } | undefined;

  constructor(private readonly findings: Findings) {}

  /** Whether lines are expected that say nothing by themselves. */
  isReading(line: number): boolean {
    return this.session !== undefined && line - (this.session.place.source.line ?? 0) <= SESSION_LINES_MAX;
  }

  get host(): string | undefined {
    return this.target?.host;
  }

  /** Whether the line is of its output. */
  read(line: string, place: Place): boolean {
    if (COMMAND.test(line)) return this.started(line);
    const wasConnected = CONNECTED.test(line);
    if (wasConnected) this.flush();
    const isFirst = wasConnected || DEPTH.test(line) || VERIFY.test(line);
    if (!this.session && !isFirst) return false;
    this.session ??= { place, presented: 0 };
    return wasConnected || this.take(line, place, this.session);
  }

  end(): void {
    this.flush();
  }

  private started(line: string): boolean {
    this.flush();
    const [, host, port] = CONNECT_TO.exec(line) ?? [];
    const name = SERVER_NAME.exec(line)?.[1] ?? host;
    this.target =
      name === undefined ? undefined : { host: name, ...defined({ port: port ? Number(port) : undefined }) };
    return true;
  }

  private take(line: string, place: Place, session: Session): boolean {
    const subject = CHAIN_SUBJECT.exec(line);
    const issuer = CHAIN_ISSUER.exec(line)?.[1];
    const depth = DEPTH.exec(line)?.[2];
    const verify = VERIFY.exec(line);
    const protocol = PROTOCOL.exec(line);
    if (subject) session.presented = Number(subject[1]) + 1;
    else if (issuer !== undefined) session.issuer = commonNameIn(issuer);
    else if (depth !== undefined) session.depthName = commonNameIn(depth);
    else if (verify) this.verified(Number(verify[1] ?? verify[2]), place, session);
    else if (protocol) session.protocol = protocol[1] ?? protocol[2] ?? '';
    else if (NO_CERTIFICATE.test(line)) session.lacksCertificate = true;
    else if (WRONG_VERSION.test(line)) [session.failure, session.failedAt] = ['handshake-failed', place];
    else return VERIFICATION_ERROR.test(line);
    return true;
  }

  private verified(code: number, place: Place, session: Session): void {
    session.verified = true;
    const failure = CODES[code];
    if (failure === undefined || session.failure !== undefined) return;
    session.failure = failure;
    session.failedAt = place;
    if (session.depthName !== undefined) session.certificate = session.depthName;
  }

  private flush(): void {
    const { session, target } = this;
    this.session = undefined;
    if (!session) return;
    this.findings.recognise('openssl');
    const { presented, issuer, certificate, protocol, failure, failedAt, lacksCertificate } = session;
    const isToken = target?.port === 443 || /^login\./.test(target?.host ?? '');
    const peer = target === undefined ? undefined : isToken ? 'token-endpoint' : 'smtp';
    const host = target?.host;
    const place = failedAt ?? session.place;
    const { source } = place;
    if (target?.port !== undefined) {
      const { port } = target;
      this.findings.add(
        { kind: 'network', outcome: 'connected', ...defined({ peer, host }), port, source },
        session.place,
      );
    }
    const seen = defined({ peer, host, protocol, issuer, presented: presented || undefined });
    if (failure !== undefined) {
      this.findings.add(
        { kind: 'tls', outcome: 'failed', failure, ...defined({ certificate }), ...seen, source },
        place,
      );
    } else if (session.verified && !lacksCertificate) {
      this.findings.add({ kind: 'tls', outcome: 'established', ...seen, source }, place);
    }
  }
}

/** `C = US, O = DigiCert Inc, CN = DigiCert Global Root G2`, and the older `/C=US/CN=…`. */
function commonNameIn(name: string): string {
  const found = /\bCN\s{0,2}=\s{0,2}([^,/]{1,200})/.exec(name)?.[1] ?? name;
  return found.trim().slice(0, 200);
}

import type { Peer } from '#libs/diagnosis';
import { AadstsReader } from './aadsts-reader.ts';
import { CertificateReader } from './certificate-reader.ts';
import { SentenceReader } from './failure-sentences.ts';
import type { Findings, Place } from './findings.ts';
import { HttpReader } from './http-reader.ts';
import type { JournalLines } from './journal-lines.ts';
import { logLineOf } from './log-line.ts';
import { OpensslReader } from './openssl-reader.ts';
import { withoutSecrets } from './redaction.ts';
import { SmtpReader } from './smtp-reader.ts';
import { TextLines } from './text-lines.ts';
import { readTokens } from './token-reader.ts';

/** Lines that follow a log line without a time of their own belong to it; so many at most. */
const ENTRY_LINES_MAX = 200;

/** No reader makes anything of a line in which none of this is. */
const TELLING =
  /AADSTS|exception|error|fail|refused|time[ds]?[ -]?out|reset|certifi|certific|HTTP|(?:^|\D)[2-5]\d\d[ -]|\([45]\d\d, |EHLO|HELO|STARTTLS|AUTH|MAIL FROM|RCPT TO|DATA|QUIT|BDAT|(?:^|\s)(?:C:|>|->|-->|~>|send:)\s+\.|dXNlcj|eyJ|CONNECT|openssl|depth=|verif|invalid|secret|OAuth|Too Many|DOCTYPE|<html|resolve|unknown|EOF|handshake|trusted|route|unreachable|[45]\.\d\.\d|JSON|configured|proxy|valid|NotAfter|NotBefore|TLS|Broken pipe|EPIPE|hang up|closed|denied|aborted|STOREDRV|SSL|curl:|ENOTFOUND|EAI_AGAIN|No name|does not|success|alarm|Client Secret|Test Connection/i;

/** Reads logs, messages, transcripts, certificates and anything else that is text, line by line. */
export class TextReader {
  private readonly lines = new TextLines((line, number) => this.read(line, number));
  private readonly aadsts: AadstsReader;
  private readonly http: HttpReader;
  private readonly smtp: SmtpReader;
  private readonly sentences: SentenceReader;
  private readonly openssl: OpensslReader;
  private readonly certificates: CertificateReader;
  private entry: { at: string; peer: Peer | undefined; line: number } | undefined;
  private readonly node: string | undefined;

  constructor(
    private readonly findings: Findings,
    private readonly journal: JournalLines,
    private readonly file: string,
    now: number,
  ) {
    this.aadsts = new AadstsReader(findings);
    this.http = new HttpReader(findings);
    this.smtp = new SmtpReader(findings);
    this.sentences = new SentenceReader(findings);
    this.openssl = new OpensslReader(findings);
    this.certificates = new CertificateReader(findings, now);
    this.node = /([\w-]{1,63})[/\\]guest\.log(?:\.\d{1,3})?(?:\.gz)?$/.exec(file)?.[1];
  }

  feed(chunk: Buffer): void {
    this.lines.feed(chunk);
  }

  end(): void {
    this.lines.end();
    this.http.end();
    this.smtp.end();
    this.openssl.end();
    this.certificates.end(this.openssl.host);
  }

  private read(raw: string, line: number): void {
    if (this.journal.read(raw)) return;
    const log = logLineOf(raw);
    if (log) {
      this.entry = { ...log, line };
      if (log.kind) this.findings.recognise(log.kind);
    }
    const inEntry = this.entry && line - this.entry.line <= ENTRY_LINES_MAX ? this.entry : undefined;
    const { file, node } = this;
    const source = { file, line, ...(node === undefined ? {} : { node }), ...(inEntry ? { at: inEntry.at } : {}) };
    const bare: Place = { source, text: raw, peer: inEntry?.peer };
    if (this.certificates.read(raw, bare)) return;
    const isPlainTalk = this.smtp.stageAt(line) !== undefined || this.openssl.isReading(line);
    if (!isPlainTalk && !TELLING.test(raw)) return;
    const text = withoutSecrets(ownCopy(raw));
    const place: Place = { ...bare, text: text.trim() };
    readTokens(raw, place, this.findings);
    if (this.openssl.read(text, place)) return;
    if (this.aadsts.read(text, place, this.http.statusAt(line))) {
      this.http.explained();
      return;
    }
    if (this.http.read(text, place)) return;
    if (this.smtp.read(text, place)) return;
    this.sentences.read(text, place, this.smtp.stageAt(line));
  }
}

/** A line is a part of the piece that was read, and whoever keeps it keeps the whole piece, unless it is copied. */
function ownCopy(line: string): string {
  return Buffer.from(line, 'utf16le').toString('utf16le');
}

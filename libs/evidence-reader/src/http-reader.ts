import { defined, type Findings, type Place } from './findings.ts';

const STATUS_LINE = /(?:^|[\s"'<*])HTTP\/[12](?:\.[01])? (\d{3})\b ?([^"'\\]{0,80})/;
const STATUS_FIELD = /\b(?:status(?:_?code)?|responseCode|http_?status)\\?["']?\s?[:=]\s?(\d{3})\b/i;
const CONNECT = /\bCONNECT ([\w.-]{1,255}:\d{1,5}) HTTP\/1/;
const THROTTLED = /(?<!Error(?:s)?\W{1,3})\bToo Many Requests\b/i;
/** Told by `failure-sentences.ts`. */
const PROXY_QUOTED = /Proxy returns|tunnel|from proxy/i;
const NOT_JSON =
  /Unexpected token\s.{0,20}is not valid JSON|token_parsing_error|JSONDecodeError|Expecting value: line 1|unexpected answer:/i;
const PAGE = /<!DOCTYPE html|<html\b/i;
const TOKEN_URL = /\/oauth2\/(?:v2\.0\/)?token\b|login\.(?:microsoftonline\.com|windows\.net)/;

/** Between a status and the body it belongs to. */
const BODY_LINES = 40;

/** HTTP answers that are no JSON of Entra: throttling, gateways, portals, proxies. */
export class HttpReader {
  private pending: { status: number; reason: string; place: Place; line: number } | undefined;
  private connect: { target: string; line: number } | undefined;
  private urlLine = -Infinity;
  private status: { value: number; line: number } | undefined;

  constructor(
    private readonly findings: Findings,
    private readonly bodyLinesMax = BODY_LINES,
  ) {}

  /** The HTTP status that was told shortly before. */
  statusAt(line: number): number | undefined {
    return this.status && line - this.status.line <= this.bodyLinesMax ? this.status.value : undefined;
  }

  /** A refusal of Entra explains the status better. */
  explained(): void {
    this.pending = undefined;
  }

  read(line: string, place: Place): boolean {
    const number = place.source.line ?? 0;
    if (this.pending && number - this.pending.line > this.bodyLinesMax) this.flush();
    if (TOKEN_URL.test(line)) this.urlLine = number;
    if (PROXY_QUOTED.test(line)) return false;
    const connect = CONNECT.exec(line)?.[1];
    if (connect !== undefined) this.connect = { target: connect, line: number };
    const [, digits, reason = ''] = STATUS_LINE.exec(line) ?? STATUS_FIELD.exec(line) ?? [];
    if (digits !== undefined) return this.answered(Number(digits), reason.trim(), place);
    if (THROTTLED.test(line)) return this.body('text', 'Too Many Requests', place);
    if (
      PAGE.test(line) &&
      (this.pending !== undefined || number - this.urlLine <= this.bodyLinesMax || NOT_JSON.test(line))
    ) {
      return this.body('html', line.trim().slice(0, 120), place);
    }
    if (!NOT_JSON.test(line)) return false;
    return this.body(/'<'/.test(line) ? 'html' : 'text', line.trim().slice(0, 120), place);
  }

  end(): void {
    this.flush();
  }

  private answered(status: number, reason: string, place: Place): boolean {
    const line = place.source.line ?? 0;
    const { connect } = this;
    if (connect && line - connect.line <= this.bodyLinesMax) {
      this.connect = undefined;
      if (status >= 400) {
        this.findings.recognise('http');
        this.findings.add({ kind: 'proxy', status, reason, target: connect.target, source: place.source }, place);
      }
      return true;
    }
    this.status = { value: status, line };
    if (status < 400) return false;
    this.flush();
    this.pending = { status, reason, place, line };
    return true;
  }

  private body(body: 'html' | 'text', text: string, place: Place): boolean {
    const status = this.pending?.status;
    this.pending = undefined;
    this.findings.recognise('http');
    this.findings.add({ kind: 'http', body, text, ...defined({ status }), source: place.source }, place);
    return true;
  }

  private flush(): void {
    const { pending } = this;
    this.pending = undefined;
    if (!pending) return;
    const { status, reason, place, line } = pending;
    const isToken = Math.abs(line - this.urlLine) <= this.bodyLinesMax;
    if (!isToken && status !== 429 && status < 500) return;
    this.findings.recognise('http');
    this.findings.add({ kind: 'http', status, text: reason, source: place.source }, place);
  }
}

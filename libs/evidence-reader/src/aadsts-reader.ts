import type { AadstsObservation } from './observation-types.ts';
import { defined, type Findings, type Place } from './findings.ts';

/** The number, however it is quoted; not the beginning of one that was cut off. */
const NUMBER = /AADSTS ?(\d{5,8})(?!\d)/;
/** The same from the rest of a body whose sentence was cut off or translated. */
const ERROR_CODES = /error_?codes\\?["']?\s?[:=]\s?\[?\s?(\d{5,8})\b/i;
const ERROR_URI = /\/error\?code=(\d{5,8})\b/;
/** As MSAL puts it in front. */
const MSAL_NUMBER = /Error\(s\): (\d{5,8}) - Timestamp/;

const ERROR_NAME =
  /\b(invalid_client|unauthorized_client|invalid_request|invalid_tenant|invalid_scope|invalid_resource|invalid_grant|unsupported_grant_type|temporarily_unavailable|server_error)\b/;
const TRAILER = /\s{0,4}(?:\\r\\n|\\n){0,2}\s{0,4}(?:Trace ID|Correlation ID|Timestamp)\b.*$/i;
const TENANT = /(?:Tenant|tenant named|tenant identifier|directory|in the tenant)\s+\\?'?([\w.-]{4,80})\\?'?/;
const CLIENT =
  /(?:Application with identifier|for app|added to app|Application|client application)\s+\\?'?([\da-f]{8}-[\da-f-]{27})|([\da-f]{8}-[\da-f-]{27})\\?'? is not a valid application/i;

const DESCRIPTION_CHARACTERS_MAX = 600;

/** Lines of one body, or of one message about it. */
const SAME_BODY_LINES = 15;
/** Real excerpts of ISE are cut here (fact sheet ise 1.4): a number that ends there may go on. */
const CLIPPED_AT = [102, 103] as const;

/** Refusals of Entra in JSON, pretty or escaped or cut off, and in what libraries and logs quote of them. */
export class AadstsReader {
  private errorName: { name: string; line: number } | undefined;
  private last: { observation: AadstsObservation; line: number } | undefined;

  constructor(private readonly findings: Findings) {}

  /** Whether there was one. */
  read(line: string, place: Place, status: number | undefined): boolean {
    const number = place.source.line ?? 0;
    const name = ERROR_NAME.exec(line)?.[1];
    if (name !== undefined) this.errorName = { name, line: number };
    const found = NUMBER.exec(line);
    const digits = found?.[1] ?? (ERROR_CODES.exec(line) ?? ERROR_URI.exec(line) ?? MSAL_NUMBER.exec(line))?.[1];
    if (digits === undefined || isCut(line, found)) {
      if (name !== undefined) this.named(name, number);
      return false;
    }
    const observation = this.observed(
      Number(digits),
      found ? descriptionIn(line, found.index) : undefined,
      place,
      status,
    );
    const { last } = this;
    const isSameBody =
      last !== undefined && number - last.line <= SAME_BODY_LINES && last.observation.source.at === place.source.at;
    if (isSameBody && last.observation.number === observation.number) {
      this.merge(last.observation, observation, number);
    } else {
      this.last = { observation, line: number };
      this.findings.recognise('aadsts');
      this.findings.add(observation, place);
    }
    return true;
  }

  private observed(
    number: number,
    description: string | undefined,
    { source }: Place,
    status: number | undefined,
  ): AadstsObservation {
    const line = source.line ?? 0;
    const near = this.errorName && line - this.errorName.line <= SAME_BODY_LINES ? this.errorName.name : undefined;
    const tenant = description === undefined ? undefined : TENANT.exec(description)?.[1];
    const client = description === undefined ? null : CLIENT.exec(description);
    const clientId = (client?.[1] ?? client?.[2])?.toLowerCase();
    return { kind: 'aadsts', number, ...defined({ error: near, status, description, tenant, clientId }), source };
  }

  private merge(earlier: AadstsObservation, later: AadstsObservation, line: number): void {
    const merged = { ...later, ...earlier };
    this.findings.replace(earlier, merged);
    this.last = { observation: merged, line };
  }

  private named(error: string, line: number): void {
    const { last } = this;
    if (!last || last.observation.error !== undefined || line - last.line > SAME_BODY_LINES) return;
    this.merge(last.observation, { ...last.observation, error }, line);
  }
}

function isCut(line: string, found: RegExpExecArray | null): boolean {
  if (!found) return false;
  const end = found.index + found[0].length;
  return end === line.length && CLIPPED_AT.some((column) => column === line.length);
}

function descriptionIn(line: string, from: number): string | undefined {
  const sentence = line
    .slice(from, from + DESCRIPTION_CHARACTERS_MAX)
    .replace(/^AADSTS ?\d+:?\s*/, '')
    .replace(TRAILER, '')
    .replace(/\\?["'],?\s*(?:\\?["']error_codes.*)?[\s,}\])]*$/, '')
    .trim();
  return sentence === '' ? undefined : sentence;
}

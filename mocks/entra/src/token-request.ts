import type { IncomingHttpHeaders } from 'node:http';

/** A request to the token endpoint, as far as the answer depends on it. */
export interface TokenRequest {
  method: string;
  /** First segment of the path: tenant ID, domain, or `common` and the like. */
  tenant: string;
  grantType: string;
  clientId: string;
  /** Never leaves the judgement. */
  clientSecret: string;
  /** A JWT signed with a certificate's key instead of a secret (RFC 7523, 2.2); never leaves the judgement either. */
  clientAssertion: string;
  clientAssertionType: string;
  scope: string;
  /** The client says in `claims` that it can handle revocation: capability `cp1`. */
  handlesRevocation: boolean;
  /** MSAL's telemetry fields were there: the answer then has `x-ms-clitelem`. */
  hasTelemetry: boolean;
  /** From the body, the query or the header of that name; comes back as `correlation_id`. */
  clientRequestId?: string;
}

export interface RawTokenRequest {
  method: string;
  tenant: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

/**
 * Reads the form. Names count in lower case, unknown fields are tolerated (fact sheet microsoft 1.1), and bytes that
 * should have been encoded are taken as they are (2.4: older MSALs send them). The client may stand in the body or, as
 * RFC 6749, 2.3.1 prefers, in HTTP Basic authentication.
 */
export function parseTokenRequest(raw: RawTokenRequest): TokenRequest {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(raw.body)) fields.set(name.toLowerCase(), value);
  const basic = parseBasicCredentials(raw.headers.authorization);
  const field = (name: string): string => fields.get(name) ?? '';
  const header = raw.headers['client-request-id'];
  const clientRequestId =
    fields.get('client-request-id') ??
    raw.query.get('client-request-id') ??
    (typeof header === 'string' ? header : undefined);
  return {
    method: raw.method,
    tenant: raw.tenant,
    grantType: field('grant_type'),
    clientId: fields.get('client_id') ?? basic?.clientId ?? '',
    clientSecret: fields.get('client_secret') ?? basic?.clientSecret ?? '',
    clientAssertion: field('client_assertion'),
    clientAssertionType: field('client_assertion_type'),
    scope: field('scope').trim(),
    handlesRevocation: namesCapability(field('claims'), 'cp1'),
    hasTelemetry: fields.has('x-client-current-telemetry'),
    clientRequestId,
  };
}

function parseBasicCredentials(authorization: string | undefined) {
  const encoded = /^basic (.+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [clientId = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':');
  return { clientId: formDecode(clientId), clientSecret: formDecode(rest.join(':')) };
}

/** RFC 6749, 2.3.1: id and secret are form-encoded before they are joined. */
function formDecode(text: string): string {
  return new URLSearchParams(`value=${text}`).get('value') ?? '';
}

/** `{"access_token":{"xms_cc":{"values":["cp1"]}}}`; what is no such JSON names no capability. */
function namesCapability(claims: string, capability: string): boolean {
  const values = member(member(member(parseJson(claims), 'access_token'), 'xms_cc'), 'values');
  return Array.isArray(values) && values.includes(capability);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // claims are optional: what cannot be read asks for nothing
  }
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

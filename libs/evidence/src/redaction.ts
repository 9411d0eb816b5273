/** Stands for a secret, as in ISE's own pages. */
export const REDACTED = '********';

/** Headers whose value lets somebody in. */
const SECRET_HEADERS: readonly string[] = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie'];

/** Fields of forms and JSON documents whose value lets somebody in (RFC 6749, RFC 7521). */
const SECRET_FIELDS: readonly string[] = [
  'access_token',
  'assertion',
  'client_assertion',
  'client_secret',
  'code',
  'id_token',
  'password',
  'refresh_token',
];

const GUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;
/** The name under which MSAL sends an ID that it draws itself: it differs from run to run. */
const REQUEST_ID = new RegExp(`client-request-id["']?[=:]\\s*["']?(${GUID.source})`, 'gi');
/** Where MSAL names the ID of an earlier request. */
const EARLIER_REQUESTS = 'x-client-last-telemetry';
/** Where MSAL tells what machine it runs on. */
const MACHINE_FIELDS: readonly string[] = ['x-client-os', 'x-client-cpu'];

export function redactHeader(line: string): string {
  const [name = '', ...rest] = line.split(':');
  return rest.length > 0 && SECRET_HEADERS.includes(name.trim().toLowerCase()) ? `${name}: ${REDACTED}` : line;
}

/** A form (`application/x-www-form-urlencoded`), one field a line, without what differs from machine to machine. */
export function redactForm(text: string): string[] {
  return [...new URLSearchParams(text)].map(([name, value]) => `${name}=${formValue(name.toLowerCase(), value)}`);
}

function formValue(name: string, value: string): string {
  if (SECRET_FIELDS.includes(name)) return REDACTED;
  if (MACHINE_FIELDS.includes(name)) return '<of the machine>';
  return name === EARLIER_REQUESTS ? value.replaceAll(GUID, '<client-request-id>') : value;
}

/** A JSON document in lines; undefined when it is none, and so can't be told what is secret in it. */
export function redactJson(text: string): string[] | undefined {
  try {
    const hide = (name: string, value: unknown): unknown =>
      SECRET_FIELDS.includes(name.toLowerCase()) ? REDACTED : value;
    return JSON.stringify(JSON.parse(text, hide), null, 2).split('\n');
  } catch {
    return undefined;
  }
}

/** Each ID that the client drew for a request, in the places where it stands, replaced by its name. */
export function withoutRequestIds(text: string): string {
  const ids = new Set([...text.matchAll(REQUEST_ID)].flatMap(([, id]) => id ?? []));
  return [...ids].reduce((cleaned, id) => cleaned.replaceAll(id, '<client-request-id>'), text);
}

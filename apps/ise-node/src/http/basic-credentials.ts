/** User name and password of an `Authorization: Basic` header (RFC 7617, 2); undefined when it is none. */
export function basicCredentials(header: string | undefined): { userName: string; password: string } | undefined {
  const [scheme, encoded, ...more] = (header ?? '').trim().split(/ +/);
  if (scheme?.toLowerCase() !== 'basic' || encoded === undefined || more.length > 0) return undefined;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 1 ? undefined : { userName: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** What a client sends with AUTH XOAUTH2, decoded. */
export interface XOauth2Data {
  user: string;
  accessToken: string;
}

/** `user=<mailbox>^Aauth=Bearer <token>^A^A` in base64 (fact sheet microsoft 4.3); undefined for anything else. */
export function parseXOauth2(base64: string): XOauth2Data | undefined {
  const [user, auth, ...end] = (decodeBase64(base64) ?? '').split('\u0001');
  const [, mailbox] = /^user=(.*)$/is.exec(user ?? '') ?? [];
  const [, accessToken] = /^auth=Bearer (.*)$/is.exec(auth ?? '') ?? [];
  const isEnded = end.length === 2 && end.every((part) => part === '');
  return mailbox === undefined || accessToken === undefined || !isEnded ? undefined : { user: mailbox, accessToken };
}

/** Undefined when it is not base64 (RFC 4648, 4); a lone `=` is an empty initial response (RFC 4954, 4). */
export function decodeBase64(text: string): string | undefined {
  if (text === '=') return '';
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64').toString('utf8');
}

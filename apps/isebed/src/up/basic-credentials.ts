import { createHash, timingSafeEqual } from 'node:crypto';

/** The Authorization header of Basic authentication (RFC 7617), in UTF-8. */
export function basicCredentials(userName: string, password: string): string {
  return `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;
}

/** Whether two header values are the same, in a time that does not tell how much of them is. */
export function isSame(given: string | undefined, expected: string): boolean {
  return timingSafeEqual(digest(given ?? ''), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

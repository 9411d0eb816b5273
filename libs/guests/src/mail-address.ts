/**
 * One plain address, `local@domain`, as ISE's forms take it: no display name, no quotes, no comment, ASCII only.
 *
 * A subset of RFC 5321, 4.1.2 (dot-string and domain) with its limits of 64 and 254 octets. Control characters, blanks,
 * commas and angle brackets never pass, so what passes is safe in a header and in the envelope.
 */
export function isMailAddress(text: string): boolean {
  const [local, domain, ...rest] = text.split('@');
  if (local === undefined || domain === undefined || rest.length > 0 || text.length > 254) return false;
  return local.length <= 64 && DOT_STRING.test(local) && domain.split('.').every((label) => LABEL.test(label));
}

const DOT_STRING = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

import fc from 'fast-check';
import { isMailAddress } from './index.ts';

describe('isMailAddress', () => {
  it.each([
    'no-reply@contoso.onmicrosoft.com',
    "o'neil+guest@lab.example",
    'ise@mnt1.lab.example',
    `${'a'.repeat(64)}@b.example`,
  ])('takes %s', (address) => expect(isMailAddress(address)).toBe(true));

  it.each([
    '',
    'nobody',
    '@lab.example',
    'a@',
    'a@b@c.example',
    '.a@lab.example',
    'a..b@lab.example',
    'a@lab..example',
    'a@-lab.example',
    'a b@lab.example',
    'a@lab.example, b@lab.example',
    'Anna <a@lab.example>',
    'a@lab.example\r\nBcc: b@lab.example',
    'a@lab.example\n',
    'ä@lab.example',
    `${'a'.repeat(65)}@b.example`,
    `a@${'b.'.repeat(126)}example`,
  ])('refuses %j', (address) => expect(isMailAddress(address)).toBe(false));

  it('takes every plain address that fast-check makes up', () => {
    fc.assert(fc.property(fc.emailAddress(), (address) => isMailAddress(address)));
  });
});

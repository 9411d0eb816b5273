import fc from 'fast-check';
import { Random } from '#libs/simulation';
import { SecretVault } from './sealed-secret.ts';

const KEY = 'key of the deployment';

function vault(key = KEY, seed = '7'): SecretVault {
  return new SecretVault(key, new Random(seed));
}

describe('SecretVault', () => {
  it('opens what it sealed, whatever the secret', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (secret) => {
        const subject = vault();
        expect(subject.open(subject.seal(secret))).toBe(secret);
      }),
    );
  });

  it('opens what another node of the deployment sealed', () => {
    expect(vault(KEY, 'psn1').open(vault(KEY, 'pan1').seal('abc'))).toBe('abc');
  });

  it('does not open with the key of another deployment', () => {
    const sealed = vault().seal('abc');
    expect(() => vault('another key').open(sealed)).toThrow();
  });

  it('does not open once a single bit was changed', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), fc.nat(), (secret, position) => {
        const bytes = Buffer.from(vault().seal(secret), 'base64');
        const bit = position % (bytes.length * 8);
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(() => vault().open(bytes.toString('base64'))).toThrow();
      }),
    );
  });

  it('does not open once its end was cut off', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.integer({ min: 1, max: 80 }), (secret, count) => {
        const bytes = Buffer.from(vault().seal(secret), 'base64');
        const cut = bytes.subarray(0, Math.max(0, bytes.length - count));
        expect(() => vault().open(cut.toString('base64'))).toThrow();
      }),
    );
  });

  it('does not show the secret, nor that two secrets are equal', () => {
    const subject = vault();
    const sealed = [subject.seal('the value of the secret'), subject.seal('the value of the secret')];
    expect(sealed[0]).not.toBe(sealed[1]);
    for (const each of sealed) expect(Buffer.from(each, 'base64').toString('latin1')).not.toContain('value');
  });

  it('seals alike in two runs of the same seed', () => {
    expect(vault().seal('abc')).toBe(vault().seal('abc'));
    expect(vault(KEY, '8').seal('abc')).not.toBe(vault().seal('abc'));
  });
});

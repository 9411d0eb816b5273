import { once } from 'node:events';
import fc from 'fast-check';
import { StartTlsMask } from './starttls-filter.ts';

const EHLO = '250-mail.example Hello\r\n250-SIZE 100\r\n250-STARTTLS\r\n250 SMTPUTF8\r\n';

async function masked(parts: readonly string[]): Promise<string> {
  const mask = new StartTlsMask();
  const chunks: Buffer[] = [];
  mask.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (const part of parts) mask.write(Buffer.from(part));
  mask.end();
  await once(mask, 'end');
  return Buffer.concat(chunks).toString();
}

describe('StartTlsMask', () => {
  it('hides STARTTLS, also as the last extension, and nothing else', async () => {
    expect(await masked([EHLO])).toBe(EHLO.replace('STARTTLS', 'XXXXXXXA'));
    expect(await masked(['250 STARTTLS\r\n'])).toBe('250 XXXXXXXA\r\n');
    const other = '220 2.0.0 STARTTLS ready\r\n250-STARTTLSX\r\nno end of line';
    expect(await masked([other])).toBe(other);
  });

  it('does so however the bytes are cut', async () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: EHLO.length - 1 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(cuts, async (positions) => {
        const bounds = [0, ...positions.toSorted((one, other) => one - other), EHLO.length];
        const parts = bounds.slice(1).map((end, index) => EHLO.slice(bounds[index], end));
        expect(await masked(parts)).toBe(EHLO.replace('STARTTLS', 'XXXXXXXA'));
      }),
    );
  });
});

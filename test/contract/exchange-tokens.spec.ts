import { importJWK, SignJWT } from 'jose';
import { fieldText } from '#libs/simulation';
import { publishedLabKeys } from '#mocks/pki';
import { acquireToken, inMicrosoftLab, lastOf, MAILBOX, sendMail } from './microsoft-lab.ts';
import { openSecured, xoauth2 } from './smtp-dialogue.ts';

describe('tokens that Exchange verifies', () => {
  it('refuses a token once it has expired, not a second before', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const token = await acquireToken(lab);
      const granted = lastOf(lab, 'entra.token-granted');
      const expiresAt = Date.parse(granted ? fieldText(granted, 'expiresAt') : '');
      const smtp = await openSecured(lab);
      const late = await openSecured(lab);
      await lab.clock.sleep(expiresAt - lab.clock.now() - 1_000);
      expect(await smtp.say(`AUTH XOAUTH2 ${xoauth2(MAILBOX, token)}`)).toEqual([
        '235 2.7.0 Authentication successful',
      ]);
      await lab.clock.sleep(Math.max(0, expiresAt + 1_000 - lab.clock.now()));
      await late.say(`AUTH XOAUTH2 ${xoauth2(MAILBOX, token)}`);
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({ reason: 'token-expired' });
    });
  });

  it('refuses a token whose signature was made with another key', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const [header = '', payload = ''] = (await acquireToken(lab)).split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
      const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
      const forged = await lab.clock.hold(async () =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'RS256', kid })
          .sign(await importJWK({ ...publishedLabKeys()['smtp-leaf'] }, 'RS256')),
      );
      await expect(sendMail(lab, forged)).rejects.toMatchObject({ responseCode: 535 });
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({ reason: 'token-signature' });
    });
  });

  it.each([
    ['for Graph', 'https://graph.microsoft.com/.default', 'token-audience'],
    ['for POP and IMAP consent', 'https://ps.outlook.com/.default', 'token-audience'],
  ])('refuses a token %s', async (_what, scope, reason) => {
    await inMicrosoftLab({}, async (lab) => {
      await expect(sendMail(lab, await acquireToken(lab, scope))).rejects.toMatchObject({ responseCode: 535 });
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({ reason });
    });
  });

  it('accepts the audience that Microsoft’s own guide names', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const token = await acquireToken(lab, 'https://outlook.office365.com/.default');
      await expect(sendMail(lab, token)).resolves.toMatch(/^250 /);
    });
  });

  it('refuses something that is no token at all, and does not write it down', async () => {
    await inMicrosoftLab({}, async (lab) => {
      await expect(sendMail(lab, 'not-a-token')).rejects.toMatchObject({ responseCode: 535 });
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({ reason: 'token-malformed' });
      expect(lab.journal.toJsonLines()).not.toContain('not-a-token');
    });
  });

  it('goes on refusing a token from before the consent, and accepts a new one', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { clientId } = lab.application;
      lab.directory.revokeAdminConsent(lab.tenantId, clientId);
      const old = await acquireToken(lab);
      lab.directory.grantAdminConsent(lab.tenantId, clientId);
      await expect(sendMail(lab, old)).rejects.toMatchObject({ responseCode: 535 });
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({
        reason: 'role-missing',
        expected: 'SMTP.SendAsApp',
      });
      await expect(sendMail(lab, await acquireToken(lab))).resolves.toMatch(/^250 /);
    });
  });

  it('answers with a transient code while the keys cannot be had', async () => {
    await inMicrosoftLab({ keysOf: () => Promise.reject(new Error('no route')) }, async (lab) => {
      await expect(sendMail(lab, await acquireToken(lab))).rejects.toMatchObject({ responseCode: 454 });
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({ reason: 'keys-unavailable' });
    });
  });
});

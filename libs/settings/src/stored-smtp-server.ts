import type { SealedSecret, SecretVault } from './sealed-secret.ts';
import type { SmtpServerForm } from './smtp-server-settings.ts';

/** The settings as they are stored and replicated: as typed, but the secret sealed. */
export type StoredSmtpServer =
  | Extract<SmtpServerForm, { authentication: 'none' }>
  | (Omit<Extract<SmtpServerForm, { authentication: 'password' }>, 'password'> & { password: SealedSecret })
  | (Omit<Extract<SmtpServerForm, { authentication: 'oauth' }>, 'clientSecret'> & { clientSecret: SealedSecret });

/** What the page and the API show for a secret, unless an administrator clicks SHOW. */
export const MASKED_SECRET = '********';

export function sealSmtpServer(form: SmtpServerForm, vault: SecretVault): StoredSmtpServer {
  switch (form.authentication) {
    case 'none':
      return form;
    case 'password':
      return { ...form, password: vault.seal(form.password) };
    case 'oauth':
      return { ...form, clientSecret: vault.seal(form.clientSecret) };
  }
}

export function openSmtpServer(stored: StoredSmtpServer, vault: SecretVault): SmtpServerForm {
  switch (stored.authentication) {
    case 'none':
      return stored;
    case 'password':
      return { ...stored, password: vault.open(stored.password) };
    case 'oauth':
      return { ...stored, clientSecret: vault.open(stored.clientSecret) };
  }
}

export function maskSmtpServer(stored: StoredSmtpServer): StoredSmtpServer {
  switch (stored.authentication) {
    case 'none':
      return stored;
    case 'password':
      return { ...stored, password: MASKED_SECRET };
    case 'oauth':
      return { ...stored, clientSecret: MASKED_SECRET };
  }
}

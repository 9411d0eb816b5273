import type { SmtpServerForm } from '#libs/settings';

/** Application IDs and a secret's ID have this form, a secret's value never has. */
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const MALFORMED = '(malformed)';

const DOMAIN = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/i;

/** What a session works with, as flat journal fields: of secrets, and of what may be one in the wrong field, the form. */
export function publicSettings(settings: SmtpServerForm): Record<string, string | number | boolean> {
  const { smtpServer: host, smtpPort: port, encryption, authentication } = settings;
  const common = { host, port, encryption, authentication };
  switch (settings.authentication) {
    case 'none':
      return common;
    case 'password':
      return { ...common, user: settings.userName };
    case 'oauth': {
      const { emailAddress: user, tenantId, clientId, clientSecret } = settings;
      const tenant = GUID.test(tenantId) || DOMAIN.test(tenantId) ? tenantId : MALFORMED;
      const client = GUID.test(clientId) ? clientId : MALFORMED;
      return { ...common, user, tenantId: tenant, clientId: client, secretForm: formOf(clientSecret.trim()) };
    }
  }
}

function formOf(secret: string): 'empty' | 'guid' | 'other' {
  if (secret === '') return 'empty';
  return GUID.test(secret) ? 'guid' : 'other';
}

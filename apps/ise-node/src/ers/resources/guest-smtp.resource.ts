import { z } from 'zod';
import { sealSmtpServer, smtpServerFormSchema, type GuestEmailSettings } from '#libs/settings';
import { CONFIG_KEYS } from '../../node-settings.ts';
import { schemaException } from '../ers-body.ts';
import { ErsException } from '../ers-exception.ts';
import { commonFields, flag, text } from '../ers-fields.ts';
import type { ErsCall, ErsFields, ErsObject, ErsResource } from '../ers-resource.ts';
import { stableId } from '../../http/stable-id.ts';

/** What is shown of a password, and keeps it when it comes back. */
const MASK = '*******';

const ID = stableId('guestsmtpnotificationsettings', 'singleton');

/**
 * Part of the SMTP Server page and the Guest Email Settings as one singleton. The real resource has no field for OAuth
 * (fact sheet ise 3), so with OAuth it shows server and port only, and what belongs to them can't be changed here.
 */
export const GUEST_SMTP_RESOURCE: ErsResource = {
  name: 'guestsmtpnotificationsettings',
  wrapper: 'ERSGuestSmtpNotificationSettings',
  namespace: 'identity',
  title: 'Guest SMTP Notification Settings',
  versions: ['1.0', '1.1'],
  schema: z.strictObject({
    ...commonFields,
    smtpServer: text,
    smtpPort: z
      .string()
      .regex(/^\d{1,5}$/, 'a port as text')
      .optional(),
    connectionTimeout: z
      .string()
      .regex(/^\d{1,4}$/, 'seconds as text')
      .optional(),
    useTLSorSSLEncryption: flag,
    usePasswordAuthentication: flag,
    userName: text,
    password: text,
    notificationEnabled: flag,
    useDefaultFromAddress: flag,
    defaultFromAddress: z.email().optional(),
  }),
  required: [],
  filterFields: ['name'],
  sortFields: ['name', 'description'],
  byName: false,
  callers: 'administrators',
  list: (call) => [shown(call)],
  // The one configuration exists from the start; creating it again is what clients of ISE before 2.2 do.
  create: (input, call) => {
    update(shown(call), { ...shown(call), ...input, id: ID }, call);
    return ID;
  },
  update,
};

function shown({ context: { settings } }: ErsCall): ErsObject {
  const form = settings.storedSmtpServer;
  const { enabled, defaultFrom, from } = settings.guestEmail;
  return {
    id: ID,
    smtpServer: form?.smtpServer ?? '',
    smtpPort: String(form?.smtpPort ?? 25),
    connectionTimeout: String(form?.connectionTimeoutSeconds ?? 60),
    useTLSorSSLEncryption: form?.encryption ?? false,
    usePasswordAuthentication: form?.authentication === 'password',
    ...(form?.authentication === 'password' ? { userName: form.userName, password: MASK } : {}),
    notificationEnabled: enabled,
    useDefaultFromAddress: from === 'default',
    defaultFromAddress: defaultFrom,
  };
}

const SERVER_FIELDS = [
  'smtpServer',
  'smtpPort',
  'connectionTimeout',
  'useTLSorSSLEncryption',
  'usePasswordAuthentication',
  'userName',
  'password',
] as const;

function update(present: ErsObject, next: ErsObject, call: ErsCall): void {
  const changes = SERVER_FIELDS.filter((name) => (next[name] ?? '') !== (present[name] ?? ''));
  if (changes.length > 0) saveServer(next, call);
  const guestEmail: GuestEmailSettings = {
    ...call.context.settings.guestEmail,
    enabled: next['notificationEnabled'] !== false,
    defaultFrom: String(next['defaultFromAddress']),
    from: next['useDefaultFromAddress'] === true ? 'default' : 'sponsor',
  };
  call.write(CONFIG_KEYS.guestEmail, guestEmail);
}

/** Simplified: the real API saves without a test; so does this one, whatever the page demands. */
function saveServer(next: ErsFields, { context, write }: ErsCall): void {
  const present = context.settings.smtpServer;
  if (present?.authentication === 'oauth') {
    throw new ErsException(
      'APPLICATION_RESOURCE_VALIDATION_EXCEPTION',
      'The SMTP server uses MS Exchange Online OAuth, which this resource does not know; use the SMTP Server page',
    );
  }
  const common = {
    smtpServer: String(next['smtpServer']),
    smtpPort: Number(next['smtpPort']),
    connectionTimeoutSeconds: Number(next['connectionTimeout']),
    encryption: next['useTLSorSSLEncryption'] === true,
  };
  const formerPassword = present?.authentication === 'password' ? present.password : '';
  const password = next['password'] === MASK ? formerPassword : next['password'];
  const form = smtpServerFormSchema.safeParse(
    next['usePasswordAuthentication'] === true
      ? { ...common, authentication: 'password', userName: next['userName'], password }
      : { ...common, authentication: 'none' },
  );
  if (!form.success) throw schemaException(form.error);
  write(CONFIG_KEYS.smtpServer, sealSmtpServer(form.data, context.vault));
}

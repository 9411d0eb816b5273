import type { RootCause } from './root-cause.ts';

/** What is wrong in the settings of ISE itself. */
export const ISE_CAUSES: readonly RootCause[] = [
  {
    code: 'ise.smtp-server-not-configured',
    title: 'No SMTP server is saved',
    cause: () => 'The node has no SMTP server settings: none were saved, or a restore left them out.',
    remedy: () => 'Administration > System > Settings > SMTP Server: fill in, Test Connection, Save.',
  },
  {
    code: 'ise.smtp-settings-never-tested',
    title: 'What was typed has not passed Test Connection',
    cause: () => 'Save was clicked for values that have not passed Test Connection: what was saved before still holds.',
    remedy: () =>
      'Administration > System > Settings > SMTP Server: click Test Connection with these very values, then Save.',
  },
  {
    code: 'ise.typed-expiry-date-wrong',
    title: 'The secret has ended before the date that was typed',
    cause: ({ expected }) =>
      `Entra says that the client secret has expired, while ISE was told that it lasts until ${expected ?? 'a later day'}: alarms go by the typed date, so nobody was warned.`,
    remedy: () =>
      'Create a new client secret; on the SMTP Server page enter its value and the very end date that Entra shows, test and save.',
  },
  {
    code: 'ise.expired-secret-alarm-undeliverable',
    title: 'The alarm about the expired secret needs the secret',
    cause: () =>
      'The alarm that the client secret has expired goes by mail through the very channel whose secret has expired: it is listed as undeliverable, and nobody gets it.',
    remedy: () =>
      'Look at the Alarms dashlet, renew the secret on the SMTP Server page; next time act upon the alarm that comes before the end.',
  },
  {
    code: 'ise.alarm-sender-unset',
    title: 'No sender is set for alarm mail',
    cause: ({ actual, mailbox }) =>
      `Alarm mail is from ${actual ?? 'ise@ and the name of the node'}, as long as no sender is set, and ${mailbox ?? 'the mailbox'} may not send as it.`,
    remedy: ({ mailbox }) =>
      `Administration > System > Settings > Alarm Settings > Alarm Notification: enter ${mailbox ?? 'the mailbox'} as sender.`,
  },
  {
    code: 'ise.admin-without-alarm-tick',
    title: 'No administrator gets alarms by mail',
    cause: () =>
      'The alarm is listed, but mailed to nobody: no administrator wants alarms, and it has no address of its own.',
    remedy: () =>
      'Administration > System > Admin Access > Administrators: tick "Include system alarms in emails"; or enter addresses on the alarm.',
  },
  {
    code: 'ise.guest-notifications-off',
    title: 'E-mail notifications to guests are switched off',
    cause: () =>
      'The account is there, and no mail is sent to any guest: "Enable email notifications to guests" is off.',
    remedy: () => 'Work Centers > Guest Access > Settings > Guest Email Settings: enable e-mail notifications, Save.',
  },
  {
    code: 'ise.guest-without-address',
    title: 'The guest has no e-mail address',
    cause: () => 'The account has no e-mail address: there is nobody to send the credentials to.',
    remedy: () => 'Create the account with an address, or print the credentials for the guest.',
  },
];

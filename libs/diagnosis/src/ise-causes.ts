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
  {
    code: 'ise.primary-pan-down',
    title: 'No primary PAN is reachable',
    cause: ({ host }) =>
      `Guest accounts are written on the primary PAN alone, and ${host ?? 'it'} can not be reached: no account is created, changed or mailed. Resend still works, as it changes nothing.`,
    remedy: ({ host }) =>
      `Bring ${host ?? 'the primary PAN'} back, or on the secondary PAN: Administration > System > Deployment > Promote to Primary.`,
  },
  {
    code: 'ise.active-mnt-lost',
    title: 'The active MnT can not be told of an alarm',
    cause: ({ host }) =>
      `Alarms are mailed by the active MnT, and ${host ?? 'it'} can not be reached: the standby takes over and mails from there, if that can be reached.`,
    remedy: ({ host }) =>
      `Bring ${host ?? 'the former active MnT'} back, and allow both MnT the way to the token endpoint and to the SMTP server.`,
  },
  {
    code: 'ise.node-out-of-sync',
    title: 'The node is out of sync, and has old settings',
    cause: ({ host, expected }) =>
      `${host ?? 'The node'} is ${expected ?? 'out of sync'}: it sends with the SMTP settings that it had before, which Entra refuses. Other nodes send.`,
    remedy: ({ host }) => `Administration > System > Deployment: choose ${host ?? 'the node'} and click Sync.`,
  },
  {
    code: 'ise.restored-without-settings',
    title: 'A restore has left the SMTP settings out',
    cause: () =>
      'The configuration was restored from a backup, and SMTP settings are never in a backup: there are none since, not even those of before the restore.',
    remedy: () =>
      'Administration > System > Settings > SMTP Server: fill in everything anew, the client secret too, Test Connection, Save.',
  },
  {
    code: 'ise.node-clock-ahead',
    title: 'The clock of one node is ahead',
    cause: ({ host, skew }) =>
      `The clock of the node is ${skew ?? 'ahead'}: at its time the certificates of ${host ?? 'the server'} have expired. They have not; other nodes send.`,
    remedy: () => 'Administration > System > Settings > System Time: correct the NTP servers of this node.',
  },
  {
    code: 'ise.node-deregistered',
    title: 'The node was deregistered',
    cause: ({ host }) =>
      `${host ?? 'The node'} is no part of the deployment any more: its portals still answer, but it sends no mail.`,
    remedy: () =>
      'Point portal names and load balancers at nodes of the deployment, or register the node again on the primary PAN.',
  },
];

import type { ExchangeOrganization } from '../exchange-organization.ts';
import type { Mailbox } from '../mailbox.ts';
import type { Cmdlet, CmdletObject } from './cmdlet.ts';
import { distinguishedName, mailboxOf, organizationId } from './identities.ts';
import { shownTime } from './shown-time.ts';

const IDENTITY = { name: 'Identity', type: 'string', position: 0 } as const;
const SMTP_AUTH = 'SmtpClientAuthenticationDisabled';

export const MAILBOX_CMDLETS: readonly Cmdlet[] = [
  {
    name: 'Get-Mailbox',
    columns: ['Name', 'Alias', 'Database', 'ProhibitSendQuota', 'ExternalDirectoryObjectId'],
    parameters: [IDENTITY, { name: 'ResultSize', type: 'limit' }, { name: 'SoftDeletedMailbox', type: 'switch' }],
    run: (given, { organization }) => {
      const identity = given.optionalText('Identity');
      const wantsDeleted = given.isOn('SoftDeletedMailbox');
      const all = organization.getMailboxes().filter(({ isSoftDeleted }) => isSoftDeleted === wantsDeleted);
      const found = identity === undefined || wantsDeleted ? all : [mailboxOf(organization, identity)];
      const size = given.optionalText('ResultSize');
      const limit = size === undefined || size === 'Unlimited' ? found.length : Number(size);
      return { objects: found.slice(0, limit).map((mailbox) => shownMailbox(organization, mailbox)) };
    },
  },
  {
    name: 'Get-CASMailbox',
    columns: ['Name', 'ActiveSyncEnabled', 'OWAEnabled', 'PopEnabled', 'ImapEnabled', 'MapiEnabled', SMTP_AUTH],
    parameters: [IDENTITY],
    run: (given, { organization }) => {
      const identity = given.optionalText('Identity');
      const found = identity === undefined ? organization.getMailboxes() : [mailboxOf(organization, identity)];
      return { objects: found.map((mailbox) => shownCasMailbox(mailbox)) };
    },
  },
  {
    name: 'Set-CASMailbox',
    parameters: [
      { ...IDENTITY, isMandatory: true },
      { name: SMTP_AUTH, type: 'nullable-boolean' },
    ],
    run: (given, { organization }) => {
      const { address } = mailboxOf(organization, given.text('Identity'));
      const value = given.switchValue(SMTP_AUTH);
      if (value === undefined) return { objects: [], warnings: [NOTHING_CHANGED(address)] };
      organization.setCasMailbox(address, { smtpClientAuthenticationDisabled: value });
      return { objects: [] };
    },
  },
  {
    name: 'Get-TransportConfig',
    parameters: [],
    run: (_given, { organization }) => ({
      objects: [
        {
          AllowLegacyTLSClients: organization.allowLegacyTlsClients,
          MaxRecipientEnvelopeLimit: String(organization.maxRecipientEnvelopeLimit),
          SmtpClientAuthenticationDisabled: organization.smtpClientAuthenticationDisabled,
          Identity: 'Transport Settings',
        },
      ],
    }),
  },
  {
    name: 'Set-TransportConfig',
    parameters: [
      { name: SMTP_AUTH, type: 'boolean' },
      { name: 'AllowLegacyTLSClients', type: 'boolean' },
      { name: 'MaxRecipientEnvelopeLimit', type: 'limit' },
    ],
    run: (given, { organization }) => {
      const smtpAuth = given.switchValue(SMTP_AUTH);
      const legacyTls = given.switchValue('AllowLegacyTLSClients');
      const limit = given.optionalText('MaxRecipientEnvelopeLimit');
      organization.setTransportConfig({
        ...(typeof smtpAuth === 'boolean' ? { smtpClientAuthenticationDisabled: smtpAuth } : {}),
        ...(typeof legacyTls === 'boolean' ? { allowLegacyTlsClients: legacyTls } : {}),
        ...(limit === undefined
          ? {}
          : { maxRecipientEnvelopeLimit: limit === 'Unlimited' ? 'Unlimited' : Number(limit) }),
      });
      return { objects: [] };
    },
  },
];

const NOTHING_CHANGED = (identity: string): string =>
  `The command completed successfully but no settings of '${identity}' have been modified.`;

function shownMailbox(organization: ExchangeOrganization, mailbox: Mailbox): CmdletObject {
  const alias = mailbox.address.split('@')[0] ?? '';
  return {
    Name: mailbox.displayName,
    Alias: alias,
    DisplayName: mailbox.displayName,
    PrimarySmtpAddress: mailbox.address,
    UserPrincipalName: mailbox.address,
    WindowsEmailAddress: mailbox.address,
    EmailAddresses: [`SMTP:${mailbox.address}`, ...mailbox.aliases.map((address) => `smtp:${address}`)],
    RecipientType: 'UserMailbox',
    RecipientTypeDetails: mailbox.kind === 'shared' ? 'SharedMailbox' : 'UserMailbox',
    IsShared: mailbox.kind === 'shared',
    SKUAssigned: mailbox.hasLicense,
    MaxSendSize: `${Math.round(mailbox.sendBytesMax / 1_048_576)} MB (${mailbox.sendBytesMax} bytes)`,
    ProhibitSendQuota: '99 GB (106,300,440,576 bytes)',
    CustomAttribute1: mailbox.customAttribute1,
    Database: `DEUP281DG${organization.serverHost.slice(8, 12)}-db001`,
    ServerName: organization.serverHost.split('.')[0]?.toLowerCase() ?? '',
    ExchangeGuid: mailbox.guid,
    ExternalDirectoryObjectId: '',
    WhenMailboxCreated: shownTime(mailbox.createdAt),
    WhenCreated: shownTime(mailbox.createdAt),
    DistinguishedName: distinguishedName(organization, mailbox.displayName),
    OrganizationId: organizationId(organization),
    Identity: mailbox.displayName,
    Id: mailbox.displayName,
    Guid: mailbox.guid,
    IsValid: true,
  };
}

/** `$null` of the SMTP AUTH switch is printed as nothing: it inherits. Simplified: the other protocols are always on. */
function shownCasMailbox(mailbox: Mailbox): CmdletObject {
  return {
    Name: mailbox.displayName,
    PrimarySmtpAddress: mailbox.address,
    ActiveSyncEnabled: true,
    OWAEnabled: true,
    PopEnabled: true,
    ImapEnabled: true,
    MapiEnabled: true,
    SmtpClientAuthenticationDisabled: mailbox.smtpClientAuthenticationDisabled,
    Identity: mailbox.displayName,
    Guid: mailbox.guid,
  };
}

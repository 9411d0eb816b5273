import type { ExchangeOrganization } from '../exchange-organization.ts';
import { MAILBOX_RIGHTS, type Mailbox, type MailboxRight } from '../mailbox.ts';
import type { BoundParameters, Cmdlet, CmdletObject } from './cmdlet.ts';
import { mailboxOf, shownTrustee, trusteeOf } from './identities.ts';

const RIGHTS = { type: 'Microsoft.Exchange.Management.RecipientTasks.MailboxRights[]', values: MAILBOX_RIGHTS };
const SEND_AS = { type: 'Microsoft.Exchange.Management.RecipientTasks.RecipientAccessRight[]', values: ['SendAs'] };
const IDENTITY = { name: 'Identity', type: 'string', position: 0 } as const;

const MAILBOX_COLUMNS = ['Identity', 'User', 'AccessRights', 'IsInherited', 'Deny'];
const RECIPIENT_COLUMNS = ['Identity', 'Trustee', 'AccessControlType', 'AccessRights'];

const MAILBOX_PARAMETERS = [
  { ...IDENTITY, isMandatory: true },
  { name: 'User', type: 'string', isMandatory: true },
  { name: 'AccessRights', type: 'strings', isMandatory: true, oneOf: RIGHTS },
  { name: 'InheritanceType', type: 'string' },
  { name: 'Deny', type: 'switch' },
] as const;

const RECIPIENT_PARAMETERS = [
  { ...IDENTITY, isMandatory: true },
  { name: 'Trustee', type: 'string', isMandatory: true },
  { name: 'AccessRights', type: 'strings', isMandatory: true, oneOf: SEND_AS },
] as const;

/** Ours: warnings whose exact words are not known. */
const ALREADY_PRESENT = 'The appropriate access control entry is already present on the object';
const NOT_PRESENT = 'The access control entry is not present on the object';

export const PERMISSION_CMDLETS: readonly Cmdlet[] = [
  {
    name: 'Add-MailboxPermission',
    columns: MAILBOX_COLUMNS,
    parameters: [...MAILBOX_PARAMETERS, { name: 'AutoMapping', type: 'boolean' }],
    run: (given, { organization }) => {
      const request = mailboxRequest(given, organization);
      const isNew = organization.addMailboxPermission(request);
      const { user: trustee, accessRights, deny } = request;
      return {
        objects: [shownPermission(organization, request.identity, { trustee, accessRights, deny })],
        warnings: isNew ? [] : [`${ALREADY_PRESENT} "${request.identity.guid}" for account "${given.text('User')}".`],
      };
    },
  },
  {
    name: 'Get-MailboxPermission',
    columns: MAILBOX_COLUMNS,
    parameters: [
      { ...IDENTITY, isMandatory: true },
      { name: 'User', type: 'string' },
    ],
    run: (given, { organization }) => {
      const mailbox = mailboxOf(organization, given.text('Identity'));
      const self = { trustee: 'NT AUTHORITY\\SELF', accessRights: ['FullAccess', 'ReadPermission'], deny: false };
      const user = given.optionalText('User');
      const wanted = user === undefined ? undefined : trusteeOf(organization, user);
      return {
        objects: [self, ...mailbox.permissions]
          .filter(({ trustee }) => wanted === undefined || trustee === wanted)
          .map((entry) => shownPermission(organization, mailbox, entry)),
      };
    },
  },
  {
    name: 'Remove-MailboxPermission',
    parameters: MAILBOX_PARAMETERS,
    run: (given, { organization }) => {
      const request = mailboxRequest(given, organization);
      const wasThere = organization.removeMailboxPermission(request);
      const warning = `${NOT_PRESENT} "${request.identity.guid}" for account "${given.text('User')}".`;
      return { objects: [], warnings: wasThere ? [] : [warning] };
    },
  },
  {
    name: 'Add-RecipientPermission',
    columns: RECIPIENT_COLUMNS,
    parameters: RECIPIENT_PARAMETERS,
    run: (given, { organization }) => {
      const mailbox = mailboxOf(organization, given.text('Identity'));
      const trustee = trusteeOf(organization, given.text('Trustee'));
      const isNew = organization.addRecipientPermission({ mailbox: mailbox.address, trustee });
      return {
        objects: [shownSendAs(organization, mailbox, trustee)],
        warnings: isNew ? [] : [`${ALREADY_PRESENT} "${mailbox.guid}" for account "${given.text('Trustee')}".`],
      };
    },
  },
  {
    name: 'Get-RecipientPermission',
    columns: RECIPIENT_COLUMNS,
    parameters: [IDENTITY, { name: 'Trustee', type: 'string' }],
    run: (given, { organization }) => {
      const identity = given.optionalText('Identity');
      const mailboxes = identity === undefined ? organization.getMailboxes() : [mailboxOf(organization, identity)];
      const user = given.optionalText('Trustee');
      const wanted = user === undefined ? undefined : trusteeOf(organization, user);
      const objects = mailboxes.flatMap((mailbox) =>
        ['NT AUTHORITY\\SELF', ...mailbox.sendAs.map(({ trustee }) => trustee)]
          .filter((trustee) => wanted === undefined || trustee === wanted)
          .map((trustee) => shownSendAs(organization, mailbox, trustee)),
      );
      return { objects };
    },
  },
  {
    name: 'Remove-RecipientPermission',
    parameters: RECIPIENT_PARAMETERS,
    run: (given, { organization }) => {
      const mailbox = mailboxOf(organization, given.text('Identity'));
      const trustee = trusteeOf(organization, given.text('Trustee'));
      const wasThere = organization.removeRecipientPermission({ mailbox: mailbox.address, trustee });
      const warning = `${NOT_PRESENT} "${mailbox.guid}" for account "${given.text('Trustee')}".`;
      return { objects: [], warnings: wasThere ? [] : [warning] };
    },
  },
];

function mailboxRequest(given: BoundParameters, organization: ExchangeOrganization) {
  const identity = mailboxOf(organization, given.text('Identity'));
  const wanted = given.texts('AccessRights');
  const accessRights: MailboxRight[] = MAILBOX_RIGHTS.filter((right) => wanted.includes(right));
  const user = trusteeOf(organization, given.text('User'));
  return { identity, mailbox: identity.address, user, accessRights, deny: given.isOn('Deny') };
}

function shownPermission(
  organization: ExchangeOrganization,
  mailbox: Mailbox,
  { trustee, accessRights, deny }: { trustee: string; accessRights: readonly string[]; deny: boolean },
): CmdletObject {
  return {
    AccessRights: accessRights,
    Deny: deny,
    InheritanceType: 'All',
    User: shownTrustee(organization, trustee),
    Identity: mailbox.guid,
    IsInherited: false,
    IsValid: true,
    ObjectState: 'Unchanged',
  };
}

function shownSendAs(organization: ExchangeOrganization, mailbox: Mailbox, trustee: string): CmdletObject {
  return {
    Identity: mailbox.guid,
    Trustee: shownTrustee(organization, trustee),
    AccessControlType: 'Allow',
    AccessRights: ['SendAs'],
    IsInherited: false,
    InheritanceType: 'None',
  };
}

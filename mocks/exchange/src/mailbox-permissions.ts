import { ExchangeAdminError } from './exchange.error.ts';
import type { Mailbox, MailboxPermission, MailboxRight } from './mailbox.ts';

/** Entries of one mailbox's access list (fact sheet microsoft 5.5). */
const PERMISSIONS_MAX = 500;

/** False when all of these rights were there already; then they are as old as they were. */
export function grantRights({ address, permissions }: Mailbox, entry: MailboxPermission): boolean {
  const present = permissions.find(({ trustee, deny }) => trustee === entry.trustee && deny === entry.deny);
  const added = entry.accessRights.filter((right) => !present?.accessRights.includes(right));
  if (added.length === 0) return false;
  if (present) {
    present.accessRights.push(...added);
    present.since = entry.since;
    return true;
  }
  if (permissions.length >= PERMISSIONS_MAX) {
    const message = `${address} has ${PERMISSIONS_MAX} permission entries already`;
    throw new ExchangeAdminError('exchange.too-many-permissions', message, {
      remedy: 'Remove-MailboxPermission takes away those that nobody needs.',
    });
  }
  permissions.push({ ...entry, accessRights: added });
  return true;
}

/** Without `accessRights` all of them. False when there was nothing to take away. */
export function revokeRights(
  mailbox: Mailbox,
  entry: { trustee: string; accessRights?: readonly MailboxRight[] | undefined; deny: boolean },
): boolean {
  const present = mailbox.permissions.find(({ trustee, deny }) => trustee === entry.trustee && deny === entry.deny);
  if (!present) return false;
  const kept = present.accessRights.filter((right) => !(entry.accessRights?.includes(right) ?? true));
  const isChanged = kept.length < present.accessRights.length;
  present.accessRights = kept;
  mailbox.permissions = mailbox.permissions.filter(({ accessRights }) => accessRights.length > 0);
  return isChanged;
}

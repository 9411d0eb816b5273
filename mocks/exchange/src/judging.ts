import type { ExchangeOnline } from './exchange-online.ts';
import type { ExchangeSettings } from './exchange-settings.ts';
import type { Mailbox } from './mailbox.ts';
import { hasPropagated } from './permission-propagation.ts';
import { SMTP_APPLICATION_ROLE, isInScope } from './role-based-access.ts';

/** What a check may look at besides what it judges. */
export interface Judging {
  online: ExchangeOnline;
  settings: ExchangeSettings;
  /** Epoch milliseconds. */
  now: number;
}

export type RightState = 'none' | 'propagating' | 'effective';

/** Whether a service principal has FullAccess on a mailbox, and whether the servers know it already. */
export function fullAccessOf(mailbox: Mailbox, objectId: string, { settings, now }: Judging): RightState {
  const entries = mailbox.permissions.filter(
    ({ trustee, accessRights }) => trustee === objectId && accessRights.includes('FullAccess'),
  );
  const grant = entries.find(({ deny }) => !deny);
  if (!grant || entries.some(({ deny }) => deny)) return 'none';
  return hasPropagated(grant.since, now, settings.permissionPropagation) ? 'effective' : 'propagating';
}

export function sendAsOf(mailbox: Mailbox, trustee: string, { settings, now }: Judging): RightState {
  const grant = mailbox.sendAs.find((entry) => entry.trustee === trustee);
  if (!grant) return 'none';
  return hasPropagated(grant.since, now, settings.permissionPropagation) ? 'effective' : 'propagating';
}

/**
 * What RBAC for Applications says: `unassigned` when the service principal has no assignment of the SMTP role at all,
 * `out-of-scope` when it has, but not for this mailbox or not yet.
 */
export function applicationAccessOf(
  address: string,
  objectId: string,
  { online, settings, now }: Judging,
): 'unassigned' | 'in-scope' | 'out-of-scope' {
  const organization = online.findByAddress(address);
  const assignments = (organization?.roleAssignments ?? []).filter(
    ({ role, app }) => role === SMTP_APPLICATION_ROLE && app === objectId,
  );
  if (!organization || assignments.length === 0) return 'unassigned';
  const mailbox = organization.findMailbox(address);
  const grants = assignments.some(
    (assignment) =>
      mailbox !== undefined &&
      hasPropagated(assignment.since, now, settings.permissionPropagation) &&
      isInScope(mailbox, assignment, organization.managementScopes),
  );
  return grants ? 'in-scope' : 'out-of-scope';
}

import type { Mailbox } from './mailbox.ts';
import { parseRecipientFilter } from './recipient-filter.ts';

/** The application role that takes the place of Entra's SMTP.SendAsApp (fact sheet microsoft 4.5, 5.5). */
export const SMTP_APPLICATION_ROLE = 'Application SMTP.SendAsApp';

export interface ManagementScope {
  name: string;
  recipientRestrictionFilter: string;
}

/** `New-ManagementRoleAssignment -App`: an application may do something with the mailboxes of a scope. */
export interface RoleAssignment {
  name: string;
  role: string;
  /** Object ID of the service principal. */
  app: string;
  /** Name of a management scope; absent: the whole organization. */
  customResourceScope?: string;
  /** Epoch milliseconds. */
  since: number;
}

/** Whether a mailbox is in the scope that one assignment gives. */
export function isInScope(mailbox: Mailbox, assignment: RoleAssignment, scopes: readonly ManagementScope[]): boolean {
  if (assignment.customResourceScope === undefined) return true;
  const wanted = assignment.customResourceScope.toLowerCase();
  const scope = scopes.find(({ name }) => name.toLowerCase() === wanted);
  return scope !== undefined && parseRecipientFilter(scope.recipientRestrictionFilter)(mailbox);
}

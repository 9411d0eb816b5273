import { ExchangeAdminError } from './exchange.error.ts';
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

/** @throws ExchangeAdminError when the name is taken, or the filter cannot be read */
export function addScope(scopes: ManagementScope[], scope: ManagementScope): void {
  if (findScope(scopes, scope.name)) {
    throw new ExchangeAdminError('exchange.management-scope-exists', `there is a scope "${scope.name}" already`, {
      remedy: 'New-ManagementScope with another name.',
    });
  }
  parseRecipientFilter(scope.recipientRestrictionFilter);
  scopes.push({ ...scope });
}

/** @throws ExchangeAdminError when the name is taken, or there is no such scope */
export function addAssignment(
  assignments: RoleAssignment[],
  assignment: RoleAssignment,
  scopes: readonly ManagementScope[],
): void {
  const { name, customResourceScope } = assignment;
  if (customResourceScope !== undefined && !findScope(scopes, customResourceScope)) {
    throw new ExchangeAdminError('exchange.management-scope-not-found', `there is no scope "${customResourceScope}"`, {
      remedy: 'New-ManagementScope -Name … -RecipientRestrictionFilter … creates it.',
    });
  }
  if (assignments.some((other) => other.name.toLowerCase() === name.toLowerCase())) {
    throw new ExchangeAdminError('exchange.role-assignment-exists', `there is an assignment "${name}" already`, {
      remedy: 'New-ManagementRoleAssignment with another -Name.',
    });
  }
  assignments.push(assignment);
}

function findScope(scopes: readonly ManagementScope[], name: string): ManagementScope | undefined {
  return scopes.find((scope) => scope.name.toLowerCase() === name.toLowerCase());
}

/** Whether a mailbox is in the scope that one assignment gives. */
export function isInScope(mailbox: Mailbox, assignment: RoleAssignment, scopes: readonly ManagementScope[]): boolean {
  if (assignment.customResourceScope === undefined) return true;
  const scope = findScope(scopes, assignment.customResourceScope);
  return scope !== undefined && parseRecipientFilter(scope.recipientRestrictionFilter)(mailbox);
}

import type { GuestOperation } from './life-cycle.ts';

/** Message codes of ISE's audit log for guest flows (fact sheet ise 5.6). */
export const GUEST_AUDIT_CODES = {
  suspended: 86002,
  enabled: 86003,
  passwordChanged: 86004,
  created: 86006,
  updated: 86007,
  deleted: 86008,
  notFound: 86009,
  authenticationFailed: 86010,
  notEnabled: 86011,
  isSuspended: 86014,
  invalidPasswordChange: 86015,
} as const;

/** The code of an operation that was done; `undefined` where none is known. Approve and Deny as updates: our choice. */
export function auditCodeOf(operation: GuestOperation): number | undefined {
  return BY_OPERATION[operation];
}

const BY_OPERATION: Readonly<Partial<Record<GuestOperation, number>>> = {
  edit: GUEST_AUDIT_CODES.updated,
  resetPassword: GUEST_AUDIT_CODES.updated,
  extend: GUEST_AUDIT_CODES.updated,
  suspend: GUEST_AUDIT_CODES.suspended,
  reinstate: GUEST_AUDIT_CODES.enabled,
  approve: GUEST_AUDIT_CODES.updated,
  deny: GUEST_AUDIT_CODES.updated,
  delete: GUEST_AUDIT_CODES.deleted,
  changePassword: GUEST_AUDIT_CODES.passwordChanged,
};

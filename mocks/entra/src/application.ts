import { createHash } from 'node:crypto';
import type { OfferedPermission, Resource } from './resources.ts';

/** A client secret as the directory keeps it: the value itself was shown once, at its creation. */
export interface ClientSecret {
  secretId: string;
  displayName: string;
  /** SHA-256 of the value, lower-case hexadecimal. */
  valueSha256: string;
  /** Epoch milliseconds, like the next two. */
  startsAt: number;
  /** The first instant at which it no longer counts. */
  endsAt: number;
  addedAt: number;
}

/** An API permission of an app registration; it counts once an administrator has consented. */
export interface ConfiguredPermission {
  resource: Resource;
  permission: OfferedPermission;
  consented: boolean;
}

/**
 * An app registration and its service principal (the enterprise application). The two have object IDs of their own,
 * and taking one for the other is the commonest mistake in Exchange.
 */
export interface Application {
  clientId: string;
  displayName: string;
  /** Object ID of the app registration. */
  objectId: string;
  /** Object ID of the enterprise application: `oid` and `sub` of its tokens. */
  servicePrincipalObjectId: string;
  enabled: boolean;
  secrets: ClientSecret[];
  permissions: ConfiguredPermission[];
}

export function hashOfSecret(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

/** Names of the application permissions of `resource` that have been consented to, as in the `roles` of a token. */
export function consentedRoles(application: Application, resource: Resource): string[] {
  return application.permissions
    .filter((granted) => granted.consented && granted.resource === resource && granted.permission.type === 'Role')
    .map((granted) => granted.permission.value);
}

import { z } from 'zod';
import type { ApiCallers } from '../../http/api-callers.ts';
import { commonFields, flag, text } from '../ers-fields.ts';
import type { ErsResource } from '../ers-resource.ts';
import { stableId } from '../../http/stable-id.ts';

/** Administrators: read only until ISE 3.6, and here (fact sheet ise 7.3). */
export function adminUserResource(callers: ApiCallers): ErsResource {
  return {
    name: 'adminuser',
    wrapper: 'AdminUser',
    namespace: 'identity',
    title: 'Admin User',
    versions: ['1.0'],
    schema: z.strictObject({
      ...commonFields,
      enabled: flag,
      email: text,
      firstName: text,
      lastName: text,
      password: text,
      changePassword: flag,
      includeSystemAlarmsInEmail: flag,
      externalUser: flag,
      inactiveAccountNeverDisabled: flag,
      adminGroups: text,
      customAttributes: z.record(z.string(), z.string()).optional(),
    }),
    required: [],
    filterFields: ['name', 'description', 'adminGroups', 'includeSystemAlarmsInEmail', 'email', 'enabled'],
    sortFields: ['name', 'description'],
    byName: false,
    callers: 'administrators',
    filterValue: (object, field) => (field === 'enabled' ? enabledWord(object['enabled']) : object[field]),
    list: ({ context }) =>
      context.settings.adminUsers.map(({ username, emailAddress, enabled, includeSystemAlarmsInEmails }) => ({
        id: stableId('adminuser', username),
        name: username,
        description: '',
        enabled,
        email: emailAddress ?? '',
        password: '*******',
        changePassword: false,
        includeSystemAlarmsInEmail: includeSystemAlarmsInEmails,
        externalUser: false,
        inactiveAccountNeverDisabled: false,
        adminGroups: callers.groupsOf(username).join(','),
        customAttributes: {},
      })),
  };
}

/** Filters name the state in words (fact sheet ise 7.3). */
export function enabledWord(enabled: unknown): string {
  return enabled === false ? 'Disabled' : 'Enabled';
}

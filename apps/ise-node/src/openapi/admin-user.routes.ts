import { z } from 'zod';
import { hashPassword, type AdminUser } from '#libs/identities';
import { adminAccessKey, ADMIN_GROUPS, type ApiCallers } from '../http/api-callers.ts';
import { stableId } from '../http/stable-id.ts';
import type { NodeContext } from '../node-context.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import type { ConfigWriter } from '../pan/config-writer.ts';
import { checkedBody } from './openapi-body.ts';
import { codeError, OpenApiError, type OpenApiAnswer, type OpenApiRoute } from './openapi-route.ts';

const PATH = '/api/v1/rbac/admin-user';

const flag = z.boolean().optional();
const adminUserSchema = z.strictObject({
  name: z.string().regex(/^[^\s\p{Cc}/]{1,64}$/u, '1 to 64 characters, no blanks or slashes'),
  password: z.string().min(4).max(128).optional(),
  email: z.email().optional(),
  status: flag,
  rbacGroups: z.array(z.enum(ADMIN_GROUPS)).max(ADMIN_GROUPS.length).optional(),
  includeSystemAlarmsInEmails: flag,
  description: z.string().max(256).optional(),
  firstName: z.string().max(128).optional(),
  lastName: z.string().max(128).optional(),
  external: z.literal(false).optional(),
  readOnly: flag,
  changePasswordOnNextLogin: flag,
  inactiveAccountNeverDisabled: flag,
});
type AdminUserRequest = z.infer<typeof adminUserSchema>;

/** Administration > System > Admin Access > Administrators, in ISE since 3.4 (fact sheet ise 4.2). */
export function adminUserRoutes(context: NodeContext, callers: ApiCallers): OpenApiRoute[] {
  const { settings, clock, random } = context;
  const userNamed = (name = ''): AdminUser => {
    const found = settings.adminUsers.find(({ username }) => username === name);
    if (found) return found;
    throw new OpenApiError(404, 'Admin user not found');
  };
  return [
    {
      method: 'GET',
      path: PATH,
      errors: codeError,
      run: () => ({
        status: 200,
        body: {
          statusCode: 200,
          message: 'Success',
          adminUserList: settings.adminUsers.map(({ username, emailAddress, enabled }) => ({
            id: stableId('adminuser', username),
            name: username,
            emailAddr: emailAddress ?? '',
            rbacGroupNames: callers.groupsOf(username),
            statusEnabled: enabled,
          })),
        },
      }),
    },
    {
      method: 'GET',
      path: `${PATH}/{name}`,
      errors: codeError,
      run: ({ params }) => {
        const { username, emailAddress, enabled, includeSystemAlarmsInEmails } = userNamed(params['name']);
        const rbacGroups = callers.groupsOf(username);
        const adminUserDetails = {
          name: username,
          email: emailAddress ?? '',
          status: enabled,
          includeSystemAlarmsInEmails,
          rbacGroups,
          readOnly: rbacGroups.length > 0 && rbacGroups.every((group) => group === 'ERS Operator'),
          external: false,
        };
        return { status: 200, body: { statusCode: 200, message: 'Success', adminUserDetails } };
      },
    },
    {
      method: 'POST',
      path: PATH,
      errors: codeError,
      run: ({ body, config }) => {
        const request = checkedBody(body, adminUserSchema);
        if (settings.adminUsers.some(({ username }) => username === request.name)) {
          // The real API answers 404 to this, of all things.
          throw new OpenApiError(404, 'User already exists');
        }
        if (request.password === undefined) throw new OpenApiError(400, 'password: required');
        const user: AdminUser = {
          kind: 'admin',
          username: request.name,
          enabled: true,
          includeSystemAlarmsInEmails: false,
          passwordChangedAt: clock.now(),
        };
        store(user, request, config());
        return done('Admin user created successfully');
      },
    },
    {
      method: 'PUT',
      path: `${PATH}/{name}`,
      errors: codeError,
      run: ({ params, body, config }) => {
        const user = userNamed(params['name']);
        const request = checkedBody(body, adminUserSchema);
        if (request.name !== user.username) throw new OpenApiError(400, 'name: that of the URI');
        store(user, request, config());
        return done('Admin user updated successfully');
      },
    },
    {
      method: 'DELETE',
      path: `${PATH}/{name}`,
      errors: codeError,
      run: ({ params, config, caller }) => {
        const { username } = userNamed(params['name']);
        if (username === caller.name) throw new OpenApiError(400, 'An administrator cannot delete himself');
        config().write(CONFIG_KEYS.adminUser(username), null);
        config().write(adminAccessKey(username), null);
        return done('Admin user deleted successfully');
      },
    },
  ];

  function store(user: AdminUser, request: AdminUserRequest, config: ConfigWriter): void {
    const { username } = user;
    const { email, status, includeSystemAlarmsInEmails, password, rbacGroups = callers.groupsOf(username) } = request;
    config.write(CONFIG_KEYS.adminUser(username), {
      ...user,
      ...(email === undefined ? {} : { emailAddress: email }),
      ...(password === undefined
        ? {}
        : { passwordChangedAt: clock.now(), passwordHash: hashPassword(password, saltFor(username)) }),
      enabled: status ?? user.enabled,
      ...(status === true ? { disabledBecause: undefined } : {}),
      includeSystemAlarmsInEmails: includeSystemAlarmsInEmails ?? user.includeSystemAlarmsInEmails,
    });
    config.write(adminAccessKey(username), { groups: [...rbacGroups] });
  }

  function saltFor(username: string): string {
    return random.stream(`admin/${username}/${clock.now()}`).hex(32);
  }
}

function done(message: string): OpenApiAnswer {
  return { status: 200, body: { code: 0, message } };
}

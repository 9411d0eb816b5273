import { hasPropagated } from '../permission-propagation.ts';
import { SMTP_APPLICATION_ROLE, isInScope, type ManagementScope } from '../role-based-access.ts';
import type { Cmdlet, CmdletObject } from './cmdlet.ts';
import { findMailbox } from './identities.ts';
import { objectNotFound } from './cmdlet-failures.ts';
import { servicePrincipalOf } from './service-principal-cmdlets.ts';

/** Application roles that can be assigned; only the first one does something here. */
const APPLICATION_ROLES = [
  SMTP_APPLICATION_ROLE,
  'Application Mail.Send',
  'Application Mail.Read',
  'Application Mail.ReadWrite',
  'Application IMAP.AccessAsApp',
  'Application POP.AccessAsApp',
  'Application EWS.AccessAsApp',
  'Application Exchange Full Access',
];

/** RBAC for Applications (fact sheet microsoft 5.5). */
export const ROLE_CMDLETS: readonly Cmdlet[] = [
  {
    name: 'New-ManagementScope',
    columns: ['Name', 'ScopeRestrictionType', 'Exclusive', 'RecipientRoot', 'RecipientFilter'],
    parameters: [
      { name: 'Name', type: 'string', isMandatory: true, position: 0 },
      { name: 'RecipientRestrictionFilter', type: 'string', isMandatory: true },
    ],
    run: (given, { organization }) => {
      const scope = {
        name: given.text('Name'),
        recipientRestrictionFilter: given.text('RecipientRestrictionFilter'),
      };
      return { objects: [shownScope(organization.newManagementScope(scope))] };
    },
  },
  {
    name: 'New-ManagementRoleAssignment',
    columns: ['Name', 'Role', 'RoleAssigneeName', 'RoleAssigneeType', 'AssignmentMethod', 'EffectiveUserName'],
    parameters: [
      { name: 'Name', type: 'string' },
      {
        name: 'Role',
        type: 'string',
        isMandatory: true,
        oneOf: { type: 'Microsoft.Exchange.Configuration.Tasks.RoleIdParameter', values: APPLICATION_ROLES },
      },
      { name: 'App', type: 'string', isMandatory: true },
      { name: 'CustomResourceScope', type: 'string' },
    ],
    run: (given, { organization }) => {
      const { objectId, displayName } = servicePrincipalOf(organization, given.text('App'));
      const name = given.optionalText('Name');
      const customResourceScope = given.optionalText('CustomResourceScope');
      const assignment = organization.newRoleAssignment({
        role: given.text('Role'),
        app: objectId,
        ...(name === undefined ? {} : { name }),
        ...(customResourceScope === undefined ? {} : { customResourceScope }),
      });
      return {
        objects: [
          {
            Name: assignment.name,
            Role: assignment.role,
            RoleAssigneeName: objectId,
            RoleAssigneeType: 'ServicePrincipal',
            AssignmentMethod: 'Direct',
            EffectiveUserName: displayName,
            CustomResourceScope: assignment.customResourceScope ?? null,
          },
        ],
      };
    },
  },
  {
    name: 'Test-ServicePrincipalAuthorization',
    columns: ['RoleName', 'GrantedPermissions', 'AllowedResourceScope', 'ScopeType', 'InScope'],
    parameters: [
      { name: 'Identity', type: 'string', isMandatory: true, position: 0 },
      { name: 'Resource', type: 'string' },
    ],
    run: (given, { organization, settings, clock }) => {
      const { objectId } = servicePrincipalOf(organization, given.text('Identity'));
      const resource = given.optionalText('Resource');
      const mailbox = resource === undefined ? undefined : findMailbox(organization, resource);
      if (resource !== undefined && !mailbox) throw objectNotFound(resource);
      const objects = organization.roleAssignments
        .filter(({ app }) => app === objectId)
        .map((assignment): CmdletObject => {
          const isEffective = hasPropagated(assignment.since, clock.now(), settings.permissionPropagation);
          const covers = mailbox && isInScope(mailbox, assignment, organization.managementScopes);
          return {
            RoleName: assignment.role,
            GrantedPermissions: assignment.role.replace(/^Application /, ''),
            AllowedResourceScope: assignment.customResourceScope ?? 'Organization',
            ScopeType: assignment.customResourceScope === undefined ? 'Organization' : 'CustomRecipientScope',
            // Without a resource there is nothing to be in scope.
            InScope: mailbox ? (covers ?? false) && isEffective : 'Not Run',
          };
        });
      return { objects };
    },
  },
];

function shownScope({ name, recipientRestrictionFilter }: ManagementScope): CmdletObject {
  return {
    Name: name,
    ScopeRestrictionType: 'RecipientScope',
    Exclusive: false,
    RecipientRoot: '',
    RecipientFilter: recipientRestrictionFilter,
  };
}

import { z } from 'zod';
import { hasPersona, type Deployment, type NodeDefinition, type Persona } from '#libs/deployment';

/** `roles` and `services` of ISE's API, which has personas and roles in one word (fact sheet ise 2.2). */
const ROLES = [
  'PrimaryAdmin',
  'SecondaryAdmin',
  'PrimaryMonitoring',
  'SecondaryMonitoring',
  'PrimaryDedicatedMonitoring',
  'SecondaryDedicatedMonitoring',
  'Standalone',
] as const;
type Role = (typeof ROLES)[number];

/** pxGrid is a persona of its own, which no node has here. */
const SERVICES = ['Session', 'Profiler', 'TC-NAC', 'SXP', 'DeviceAdmin', 'PassiveIdentity'] as const;

/** What a request makes of a node. Simplified: a dedicated MnT is an MnT. */
export interface ApiRoles {
  personas: readonly Persona[];
  isPrimaryPan: boolean;
  isActiveMnt: boolean;
  services: readonly string[];
}

/** Fields `roles` and `services` of a request. */
export const apiRolesShape = {
  roles: z
    .array(z.enum(ROLES))
    .max(ROLES.length)
    .refine((roles) => ['Admin', 'Monitoring'].every((kind) => rolesWith(kind, roles).length <= 1), 'one of each kind')
    .refine((roles) => !roles.includes('Standalone'), 'no node of a deployment is Standalone'),
  services: z
    .array(z.enum(SERVICES))
    .max(SERVICES.length)
    .transform((services) => [...new Set(services)]),
};

export function readRoles({ roles, services }: { roles: readonly Role[]; services: readonly string[] }): ApiRoles {
  const [admin] = rolesWith('Admin', roles);
  const [monitoring] = rolesWith('Monitoring', roles);
  return {
    personas: [
      ...(admin ? ['Administration' as const] : []),
      ...(services.length > 0 ? ['Policy Service' as const] : []),
      ...(monitoring ? ['Monitoring' as const] : []),
    ],
    isPrimaryPan: admin?.startsWith('Primary') ?? false,
    isActiveMnt: monitoring?.startsWith('Primary') ?? false,
    services,
  };
}

export function rolesOf({ adminRole, monitoringRole }: NodeDefinition, { nodes }: Deployment): Role[] {
  if (nodes.length === 1) return ['Standalone'];
  return [
    ...(adminRole ? [adminRole === 'primary' ? ('PrimaryAdmin' as const) : ('SecondaryAdmin' as const)] : []),
    ...(monitoringRole
      ? [monitoringRole === 'active' ? ('PrimaryMonitoring' as const) : ('SecondaryMonitoring' as const)]
      : []),
  ];
}

export function servicesOf(node: NodeDefinition): readonly string[] {
  return hasPersona(node, 'Policy Service') ? (node.services ?? ['Session', 'Profiler']) : [];
}

function rolesWith(end: string, roles: readonly Role[]): Role[] {
  return roles.filter((role) => role.endsWith(end));
}

import type { Provider } from '@nestjs/common';
import { ApiCallers } from '../http/api-callers.ts';
import { ERS_RESOURCES, ErsGateway } from './ers.gateway.ts';
import type { ErsResource } from './ers-resource.ts';
import { adminUserResource } from './resources/admin-user.resource.ts';
import { GUEST_SMTP_RESOURCE } from './resources/guest-smtp.resource.ts';
import { INTERNAL_USER_RESOURCE } from './resources/internal-user.resource.ts';
import { NODE_RESOURCE, SESSION_SERVICE_NODE_RESOURCE } from './resources/node.resource.ts';
import { PORTAL_RESOURCE, portalResource } from './resources/portal.resource.ts';
import { SYSTEM_CONFIG_RESOURCE } from './resources/system-config.resource.ts';

/** ERS on a node, whatever its personas: reads are answered everywhere, writes on the primary PAN. */
export const ERS_PROVIDERS: readonly Provider[] = [
  ErsGateway,
  {
    provide: ERS_RESOURCES,
    inject: [ApiCallers],
    useFactory: (callers: ApiCallers): readonly ErsResource[] => [
      adminUserResource(callers),
      INTERNAL_USER_RESOURCE,
      GUEST_SMTP_RESOURCE,
      NODE_RESOURCE,
      PORTAL_RESOURCE,
      portalResource('sponsorportal', { wrapper: 'SponsorPortal', title: 'Sponsor Portal', type: 'SPONSOR' }),
      portalResource('selfregportal', {
        wrapper: 'SelfRegPortal',
        title: 'Self Registered Portal',
        type: 'SELFREGGUEST',
      }),
      SYSTEM_CONFIG_RESOURCE,
      SESSION_SERVICE_NODE_RESOURCE,
    ],
  },
];

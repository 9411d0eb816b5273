import type { Provider } from '@nestjs/common';
import { GuestSettingsService } from '../pan/guest-settings.service.ts';
import { ApiCallers } from '../http/api-callers.ts';
import { ERS_RESOURCES, ErsGateway } from './ers.gateway.ts';
import type { ErsResource } from './ers-resource.ts';
import { adminUserResource } from './resources/admin-user.resource.ts';
import { GUEST_SMTP_RESOURCE } from './resources/guest-smtp.resource.ts';
import { guestTypeResource } from './resources/guest-type.resource.ts';
import { guestUserResource } from './resources/guest-user.resource.ts';
import { GuestUserService } from './resources/guest-user.service.ts';
import { GUEST_LOCATION_RESOURCE } from './resources/guest-location.resource.ts';
import { INTERNAL_USER_RESOURCE } from './resources/internal-user.resource.ts';
import { NODE_RESOURCE, SESSION_SERVICE_NODE_RESOURCE } from './resources/node.resource.ts';
import { PORTAL_RESOURCE, SPONSOR_PORTAL_RESOURCE } from './resources/portal.resource.ts';
import { selfRegistrationPortalResource } from './resources/self-registration-portal.resource.ts';
import { sponsorGroupResource } from './resources/sponsor-group.resource.ts';
import { SYSTEM_CONFIG_RESOURCE } from './resources/system-config.resource.ts';

/** ERS on a node, whatever its personas: reads are answered everywhere, writes on the primary PAN. */
export const ERS_PROVIDERS: readonly Provider[] = [
  ErsGateway,
  GuestUserService,
  {
    provide: ERS_RESOURCES,
    inject: [ApiCallers, GuestUserService, { token: GuestSettingsService, optional: true }],
    useFactory: (
      callers: ApiCallers,
      guests: GuestUserService,
      settings: GuestSettingsService | undefined,
    ): readonly ErsResource[] => [
      adminUserResource(callers),
      GUEST_LOCATION_RESOURCE,
      GUEST_SMTP_RESOURCE,
      guestTypeResource(settings),
      guestUserResource(guests),
      INTERNAL_USER_RESOURCE,
      NODE_RESOURCE,
      PORTAL_RESOURCE,
      selfRegistrationPortalResource(settings),
      SESSION_SERVICE_NODE_RESOURCE,
      sponsorGroupResource(settings),
      SPONSOR_PORTAL_RESOURCE,
      SYSTEM_CONFIG_RESOURCE,
    ],
  },
];

import {
  DEFAULT_GUEST_LOCATIONS,
  DEFAULT_SPONSOR_GROUPS,
  guestPasswordPolicySchema,
  guestPurgePolicySchema,
  guestUsernamePolicySchema,
  selfRegistrationPortalSchema,
  SponsorRights,
  timeZoneOf,
  type GuestAccount,
  type GuestLocation,
  type GuestPasswordPolicy,
  type GuestPurgePolicy,
  type GuestUsernamePolicy,
  type SelfRegistrationPortal,
  type Sponsor,
  type SponsorGroup,
} from '#libs/guests';
import type { PortalTexts } from '#libs/notification';
import type { ConfigStore } from '#libs/replication';

/** Keys of the replicated configuration of Work Centers > Guest Access. */
export const GUEST_ACCESS_KEYS = {
  usernamePolicy: 'guest-username-policy',
  passwordPolicy: 'guest-password-policy',
  purgePolicy: 'guest-purge-policy',
  timeZone: 'guest-time-zone',
  location: (name: string) => `guest-location/${name}`,
  sponsorGroup: (name: string) => `sponsor-group/${name}`,
  selfRegistrationPortal: (name: string) => `self-registration-portal/${name}`,
  portalTexts: (portal: string) => `portal-texts/${portal}`,
} as const;

/** Names of the portals that every deployment has. */
export const SPONSOR_PORTAL = 'Sponsor Portal (default)';
export const SELF_REGISTRATION_PORTAL = 'Self-Registered Guest Portal (default)';

/** Typed reading of the guest access pages; what was never saved has its default. */
export class GuestAccessSettings {
  constructor(private readonly store: ConfigStore) {}

  get usernamePolicy(): GuestUsernamePolicy {
    return guestUsernamePolicySchema.parse(this.store.get(GUEST_ACCESS_KEYS.usernamePolicy) ?? {});
  }

  get passwordPolicy(): GuestPasswordPolicy {
    return guestPasswordPolicySchema.parse(this.store.get(GUEST_ACCESS_KEYS.passwordPolicy) ?? {});
  }

  get purgePolicy(): GuestPurgePolicy {
    return guestPurgePolicySchema.parse(this.store.get(GUEST_ACCESS_KEYS.purgePolicy) ?? {});
  }

  /** IANA name of the zone of accounts without a location. ISE knows none: a setting of ours, UTC by default. */
  get timeZone(): string {
    return this.store.get<string>(GUEST_ACCESS_KEYS.timeZone) ?? 'UTC';
  }

  get locations(): GuestLocation[] {
    return overlaid(DEFAULT_GUEST_LOCATIONS, this.store.list<GuestLocation>(GUEST_ACCESS_KEYS.location('')));
  }

  get sponsorGroups(): SponsorGroup[] {
    return overlaid(DEFAULT_SPONSOR_GROUPS, this.store.list<SponsorGroup>(GUEST_ACCESS_KEYS.sponsorGroup('')));
  }

  get selfRegistrationPortals(): SelfRegistrationPortal[] {
    const builtIn = selfRegistrationPortalSchema.parse({ name: SELF_REGISTRATION_PORTAL });
    const saved = this.store.list<SelfRegistrationPortal>(GUEST_ACCESS_KEYS.selfRegistrationPortal(''));
    return overlaid([builtIn], saved);
  }

  /** The portal of this name; the built-in one if none is named. */
  selfRegistrationPortal(name: string = SELF_REGISTRATION_PORTAL): SelfRegistrationPortal | undefined {
    return this.selfRegistrationPortals.find((portal) => portal.name === name);
  }

  /** What was edited on the notification pages of a portal. */
  portalTexts(portal: string): PortalTexts {
    return this.store.get<PortalTexts>(GUEST_ACCESS_KEYS.portalTexts(portal)) ?? {};
  }

  /** The zone that an account's times are shown in. */
  timeZoneOf(account: Pick<GuestAccount, 'location'>): string {
    return timeZoneOf(account, this.locations, this.timeZone);
  }

  rightsOf(sponsor: Sponsor, sponsors: readonly Sponsor[]): SponsorRights {
    return new SponsorRights(sponsor, this.sponsorGroups, sponsors);
  }
}

/** The built-in ones, each replaced by what was saved under its name, and the further ones. */
function overlaid<T extends { readonly name: string }>(builtIn: readonly T[], saved: readonly T[]): T[] {
  return [...new Map([...builtIn, ...saved].map((each) => [each.name, each])).values()];
}

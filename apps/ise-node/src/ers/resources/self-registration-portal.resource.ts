import { selfRegistrationPortalSchema, type SelfRegistrationPortal } from '#libs/guests';
import { GUEST_ACCESS_KEYS } from '../../guest-access-settings.ts';
import { stableId } from '../../http/stable-id.ts';
import type { GuestSettingsService } from '../../pan/guest-settings.service.ts';
import { schemaException } from '../ers-body.ts';
import { fieldsIn, type ErsCall, type ErsFields, type ErsResource } from '../ers-resource.ts';
import { refuseRename } from '../refuse-rename.ts';
import { onPan } from './guest-type.resource.ts';
import { PORTAL_SCHEMA, removePortal, shownPortals, storePortal } from './portal.resource.ts';

/** Fields of `selfRegPageSettings` that go by the same name here, and have an effect. */
const SAME = [
  'accountValidityDuration',
  'accountValidityTimeUnits',
  'requireGuestApproval',
  'sendApprovalRequestTo',
  'approveDenyLinksValidFor',
  'approveDenyLinksTimeUnits',
  'requireApproverToAuthenticate',
  'credentialNotificationUsingEmail',
  'autoLoginSelfWait',
  'postRegistrationRedirect',
  'postRegistrationRedirectUrl',
] as const;

/** Self-registration portals (fact sheet ise 5.5): the registration page is what the PSN goes by, the rest is kept. */
export function selfRegistrationPortalResource(settings: GuestSettingsService | undefined): ErsResource {
  const store = (portal: ErsFields, call: ErsCall): void => {
    const page = selfRegistrationPortalSchema.safeParse(pageIn(portal));
    if (!page.success) throw schemaException(page.error);
    storePortal('SELFREGGUEST', portal, call);
    onPan(settings).saveSelfRegistrationPortal(page.data);
  };
  return {
    name: 'selfregportal',
    wrapper: 'SelfRegPortal',
    namespace: 'identity',
    title: 'Self Registered Portal',
    versions: ['1.0'],
    schema: PORTAL_SCHEMA,
    required: ['name'],
    filterFields: ['name', 'description'],
    sortFields: ['name', 'description'],
    byName: false,
    callers: 'administrators',
    list: ({ context }) =>
      shownPortals('SELFREGGUEST', context).map((portal) => {
        const page = context.settings.guestAccess.selfRegistrationPortal(portal.name);
        const selfRegPageSettings = { ...groupIn(portal, 'selfRegPageSettings'), ...(page ? shownPage(page) : {}) };
        return { ...portal, settings: { ...fieldsIn(portal, 'settings'), selfRegPageSettings } };
      }),
    create: (input, call) => {
      const id = stableId('portal', `SELFREGGUEST/${String(input['name'])}`);
      store({ settings: {}, customizations: {}, ...input, id }, call);
      return id;
    },
    update: (present, next, call) => {
      refuseRename(present, next);
      store(next, call);
    },
    remove: ({ id, name = '' }, call) => {
      removePortal(id, call);
      call.write(GUEST_ACCESS_KEYS.selfRegistrationPortal(name), null);
    },
  };
}

function shownPage(page: SelfRegistrationPortal): ErsFields {
  return {
    assignGuestsToGuestType: page.guestType,
    ...Object.fromEntries(SAME.map((name) => [name, page[name]])),
    approvalEmailAddresses: page.approvalEmailAddresses.join(','),
    autoLoginTimePeriod: page.autoLoginTimePeriodMinutes,
    enableGuestEmailWhitelist: page.guestEmailDomainsAllowed.length > 0,
    guestEmailWhitelistDomains: page.guestEmailDomainsAllowed,
    enableGuestEmailBlacklist: page.guestEmailDomainsDenied.length > 0,
    guestEmailBlacklistDomains: page.guestEmailDomainsDenied,
  };
}

function pageIn(portal: ErsFields): ErsFields {
  const page = groupIn(portal, 'selfRegPageSettings');
  const addresses = page['approvalEmailAddresses'];
  const list = typeof addresses === 'string' ? addresses.split(/[,;]/).flatMap((each) => each.trim() || []) : undefined;
  const domains = (enabled: unknown, names: unknown) => (enabled === false ? [] : names);
  const given = {
    name: portal['name'],
    guestType: page['assignGuestsToGuestType'],
    ...Object.fromEntries(SAME.map((name) => [name, page[name]])),
    approvalEmailAddresses: list,
    autoLoginTimePeriodMinutes: page['autoLoginTimePeriod'],
    guestEmailDomainsAllowed: domains(page['enableGuestEmailWhitelist'], page['guestEmailWhitelistDomains']),
    guestEmailDomainsDenied: domains(page['enableGuestEmailBlacklist'], page['guestEmailBlacklistDomains']),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''));
}

function groupIn(portal: ErsFields, name: string): ErsFields {
  return fieldsIn(fieldsIn(portal, 'settings'), name);
}

import { z } from 'zod';
import { DEFAULT_SPONSOR_GROUPS, sponsorGroupSchema, type SponsorGroup } from '#libs/guests';
import { stableId } from '../../http/stable-id.ts';
import type { GuestSettingsService } from '../../pan/guest-settings.service.ts';
import { schemaException } from '../ers-body.ts';
import { commonFields, flag, text } from '../ers-fields.ts';
import { fieldsIn, type ErsCall, type ErsFields, type ErsObject, type ErsResource } from '../ers-resource.ts';
import { refuseNamesake, refuseRename } from '../refuse-rename.ts';
import { onPan } from './guest-type.resource.ts';

const count = z.int().min(0).max(10_000).optional();
const names = z.array(z.string().max(100)).max(200).optional();

/** What ERS keeps of a group beyond what the sponsor portal goes by: it is shown again and has no effect. */
const detailsKey = (name: string): string => `sponsor-group-details/${name}`;
const DETAIL_DEFAULTS = {
  canImportMultipleAccounts: true,
  canCreateRandomAccounts: true,
  defaultUsernamePrefix: '',
  canSpecifyUsernamePrefix: true,
  canSetFutureStartDate: true,
  startDateFutureLimitDays: 365,
} as const;

/** What the members of a group may do (fact sheet ise 5.2). */
export function sponsorGroupResource(settings: GuestSettingsService | undefined): ErsResource {
  const save = (fields: ErsFields, call: ErsCall): void => {
    const create = fieldsIn(fields, 'createPermissions');
    const group = sponsorGroupSchema.safeParse({
      name: fields['name'],
      description: fields['description'],
      isEnabled: fields['isEnabled'],
      managePermission: fields['managePermission'],
      autoNotification: fields['autoNotification'],
      otherPermissions: fields['otherPermissions'],
      importBatchSizeLimit: create['importBatchSizeLimit'],
      randomBatchSizeLimit: create['randomBatchSizeLimit'],
      guestTypes: fields['guestTypes'],
    });
    if (!group.success) throw schemaException(group.error);
    onPan(settings).saveSponsorGroup(group.data);
    const kept = Object.entries(DETAIL_DEFAULTS).map(([name, byDefault]): [string, unknown] => [
      name,
      create[name] ?? byDefault,
    ]);
    const { memberGroups = [], locations = [] } = fields;
    call.write(detailsKey(group.data.name), { memberGroups, locations, createPermissions: Object.fromEntries(kept) });
  };
  return {
    name: 'sponsorgroup',
    wrapper: 'SponsorGroup',
    namespace: 'identity',
    title: 'Sponsor Group',
    versions: ['1.0'],
    schema: SPONSOR_GROUP_SCHEMA,
    required: ['name'],
    filterFields: ['name'],
    sortFields: ['name', 'description'],
    byName: false,
    callers: 'administrators',
    list: (call) => call.context.settings.guestAccess.sponsorGroups.map((group) => shownGroup(group, call)),
    create: (input, call) => {
      refuseNamesake('Sponsor Group', input['name'], call.context.settings.guestAccess.sponsorGroups);
      save(input, call);
      return stableId('sponsorgroup', String(input['name']));
    },
    update: (present, next, call) => {
      refuseRename(present, next);
      save(next, call);
    },
    remove: ({ name = '' }, call) => {
      onPan(settings).deleteSponsorGroup(name);
      call.write(detailsKey(name), null);
    },
  };
}

const SPONSOR_GROUP_SCHEMA = z.strictObject({
  ...commonFields,
  isEnabled: flag,
  isDefaultGroup: flag,
  memberGroups: names,
  guestTypes: names,
  locations: names,
  autoNotification: flag,
  managePermission: z.enum(['ALLACCOUNTS', 'GROUPACCOUNTS', 'OWNACCOUNTS']).optional(),
  createPermissions: z
    .strictObject({
      canImportMultipleAccounts: flag,
      importBatchSizeLimit: count,
      canCreateRandomAccounts: flag,
      randomBatchSizeLimit: count,
      defaultUsernamePrefix: text,
      canSpecifyUsernamePrefix: flag,
      canSetFutureStartDate: flag,
      startDateFutureLimitDays: count,
    })
    .optional(),
  otherPermissions: z
    .strictObject({
      canUpdateGuestContactInfo: flag,
      canViewGuestPasswords: flag,
      canSendSmsNotifications: flag,
      canResetGuestPasswords: flag,
      canExtendGuestAccounts: flag,
      canDeleteGuestAccounts: flag,
      canSuspendGuestAccounts: flag,
      requireSuspensionReason: flag,
      canReinstateSuspendedAccounts: flag,
      canApproveSelfregGuests: flag,
      limitApprovalToSponsorsGuests: flag,
      canAccessViaRest: flag,
    })
    .optional(),
});

function shownGroup(group: SponsorGroup, { context }: ErsCall): ErsObject {
  const { name, description, isEnabled, managePermission, autoNotification, otherPermissions } = group;
  const details = context.store.get<ErsFields>(detailsKey(name)) ?? {};
  const allTypes = context.settings.guestTypes.map((type) => type.name);
  return {
    id: stableId('sponsorgroup', name),
    name,
    description,
    isEnabled,
    isDefaultGroup: DEFAULT_SPONSOR_GROUPS.some((each) => each.name === name),
    memberGroups: details['memberGroups'] ?? [name],
    guestTypes: group.guestTypes ?? allTypes,
    locations: details['locations'] ?? context.settings.guestAccess.locations.map((location) => location.name),
    autoNotification,
    createPermissions: {
      ...DETAIL_DEFAULTS,
      ...fieldsIn(details, 'createPermissions'),
      importBatchSizeLimit: group.importBatchSizeLimit,
      randomBatchSizeLimit: group.randomBatchSizeLimit,
    },
    managePermission,
    otherPermissions: { ...otherPermissions },
  };
}

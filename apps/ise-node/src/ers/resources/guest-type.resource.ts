import { z } from 'zod';
import { DEFAULT_GUEST_TYPES, guestTypeSchema, type GuestType } from '#libs/guests';
import { composeTestMail } from '#libs/notification';
import { stableId } from '../../http/stable-id.ts';
import type { GuestSettingsService } from '../../pan/guest-settings.service.ts';
import { additionalData, schemaException } from '../ers-body.ts';
import { ErsException } from '../ers-exception.ts';
import { commonFields, flag, text } from '../ers-fields.ts';
import { fieldsIn, type ErsCall, type ErsFields, type ErsObject, type ErsResource } from '../ers-resource.ts';
import { refuseNamesake, refuseRename } from '../refuse-rename.ts';

const UNIT_MS = { DAYS: 86_400_000, HOURS: 3_600_000, MINUTES: 60_000 } as const;
const unit = z.enum(['DAYS', 'HOURS', 'MINUTES']).optional();
const count = z.int().min(1).max(1_000_000).optional();

/** Guest types (fact sheet ise 5.4). SMS and dynamic identity groups are taken and forgotten: nothing here sends SMS. */
export function guestTypeResource(settings: GuestSettingsService | undefined): ErsResource {
  const save = (fields: ErsFields, call: ErsCall): void => {
    const type = guestTypeSchema.safeParse(typeOf(fields));
    if (!type.success) throw schemaException(type.error);
    onPan(settings).saveType(type.data);
    if (Array.isArray(fields['sponsorGroups']))
      assignGroups(type.data.name, fields['sponsorGroups'], call, onPan(settings));
  };
  return {
    name: 'guesttype',
    wrapper: 'GuestType',
    namespace: 'identity',
    title: 'Guest Type',
    versions: ['1.0', '2.0'],
    schema: GUEST_TYPE_SCHEMA,
    required: ['name'],
    filterFields: ['name'],
    sortFields: ['name', 'description'],
    byName: false,
    callers: 'administrators',
    list: (call) => call.context.settings.guestTypes.map((type) => shownType(type, call)),
    create: (input, call) => {
      refuseNamesake('Guest Type', input['name'], call.context.settings.guestTypes);
      save(input, call);
      return stableId('guesttype', String(input['name']));
    },
    update: (present, next, call) => {
      refuseRename(present, next);
      save(next, call);
    },
    remove: ({ name = '' }) => onPan(settings).deleteType(name),
    operations: [
      {
        method: 'PUT',
        path: 'email/{id}',
        run: (call) => {
          const { context, params, body } = call;
          if (!context.settings.guestTypes.some(({ name }) => stableId('guesttype', name) === params['id'])) {
            throw new ErsException('RESOURCE_NOT_FOUND_EXCEPTION', 'Guest Type not found');
          }
          const address = z.email().safeParse(additionalData(body).get('emailAddress'));
          if (!address.success)
            throw new ErsException('SCHEMA_VALIDATION_EXCEPTION', 'emailAddress: no e-mail address');
          // What becomes of it is told by the log of this node, not by the answer.
          void context.mailer.send(composeTestMail({ to: address.data, settings: context.settings.guestEmail }));
          return { kind: 'no-content' };
        },
      },
      {
        method: 'PUT',
        path: 'sms/{id}',
        run: () => {
          throw new ErsException('APPLICATION_RESOURCE_VALIDATION_EXCEPTION', 'No SMS gateway is configured');
        },
      },
    ],
  };
}

const GUEST_TYPE_SCHEMA = z.strictObject({
  ...commonFields,
  isDefaultType: flag,
  accessTime: z
    .strictObject({
      fromFirstLogin: flag,
      maxAccountDuration: count,
      durationTimeUnit: unit,
      defaultDuration: count,
      allowAccessOnSpecificDaysTimes: flag,
      dayTimeLimits: z
        .array(z.strictObject({ startTime: text, endTime: text, days: z.array(z.string().max(10)).max(7).optional() }))
        .max(20)
        .optional(),
    })
    .optional(),
  loginOptions: z
    .strictObject({
      limitSimultaneousLogins: flag,
      maxSimultaneousLogins: count,
      failureAction: text,
      maxRegisteredDevices: count,
      identityGroupId: text,
      allowGuestPortalBypass: flag,
    })
    .optional(),
  expirationNotification: z
    .strictObject({
      enableNotification: flag,
      advanceNotificationDuration: count,
      advanceNotificationUnits: unit,
      sendEmailNotification: flag,
      emailText: z.string().max(4096).optional(),
      sendSmsNotification: flag,
      smsText: z.string().max(4096).optional(),
    })
    .optional(),
  sponsorGroups: z.array(z.string().max(100)).max(200).optional(),
  allowDynamicIdentityGroups: flag,
  dynamicGroups: z.unknown().optional(),
});

function shownType(type: GuestType, { context }: ErsCall): ErsObject {
  const { name, description, durationMsMax, defaultDurationMs, accessTimes, loginOptions, expirationNotification } =
    type;
  const unitName = unitOf(durationMsMax, defaultDurationMs);
  const advanceUnit = unitOf(expirationNotification.advanceMs);
  const groups = context.settings.guestAccess.sponsorGroups;
  return {
    id: stableId('guesttype', name),
    name,
    description: description ?? '',
    isDefaultType: DEFAULT_GUEST_TYPES.some((each) => each.name === name),
    accessTime: {
      fromFirstLogin: type.fromFirstLogin ?? false,
      maxAccountDuration: durationMsMax / UNIT_MS[unitName],
      durationTimeUnit: unitName,
      defaultDuration: defaultDurationMs / UNIT_MS[unitName],
      allowAccessOnSpecificDaysTimes: (accessTimes ?? []).length > 0,
      ...(accessTimes && accessTimes.length > 0 ? { dayTimeLimits: accessTimes } : {}),
    },
    loginOptions: {
      limitSimultaneousLogins: loginOptions?.limitSimultaneousLogins ?? true,
      maxSimultaneousLogins: loginOptions?.maxSimultaneousLogins ?? 3,
      failureAction: loginOptions?.failureAction ?? 'Disconnect_Oldest_Connection',
      maxRegisteredDevices: loginOptions?.maxRegisteredDevices ?? 5,
      identityGroupId: loginOptions?.identityGroupId ?? stableId('identitygroup', 'GuestEndpoints'),
      allowGuestPortalBypass: type.allowGuestPortalBypass,
    },
    expirationNotification: {
      enableNotification: expirationNotification.enabled,
      advanceNotificationDuration: expirationNotification.advanceMs / UNIT_MS[advanceUnit],
      advanceNotificationUnits: advanceUnit,
      sendEmailNotification: expirationNotification.sendEmail,
      emailText: expirationNotification.text,
      sendSmsNotification: false,
    },
    sponsorGroups: groups
      .filter(({ guestTypes }) => !guestTypes || guestTypes.includes(name))
      .map((group) => group.name),
  };
}

/** Back to the node's own form; what was not given has its default there. */
function typeOf(fields: ErsFields): ErsFields {
  const access = fieldsIn(fields, 'accessTime');
  const login = fieldsIn(fields, 'loginOptions');
  const notice = fieldsIn(fields, 'expirationNotification');
  const { allowGuestPortalBypass, ...loginOptions } = login;
  return {
    name: fields['name'],
    description: fields['description'],
    durationMsMax: durationOf(access['maxAccountDuration'], access['durationTimeUnit']),
    defaultDurationMs: durationOf(access['defaultDuration'], access['durationTimeUnit']),
    fromFirstLogin: access['fromFirstLogin'],
    allowGuestPortalBypass,
    accessTimes: access['allowAccessOnSpecificDaysTimes'] === false ? undefined : access['dayTimeLimits'],
    loginOptions,
    expirationNotification: {
      enabled: notice['enableNotification'],
      advanceMs: durationOf(notice['advanceNotificationDuration'], notice['advanceNotificationUnits']),
      sendEmail: notice['sendEmailNotification'],
      text: notice['emailText'],
    },
  };
}

function durationOf(value: unknown, unitName: unknown): number | undefined {
  const unitMs = Object.entries(UNIT_MS).find(([name]) => name === (unitName ?? 'DAYS'))?.[1];
  return typeof value === 'number' && unitMs !== undefined ? value * unitMs : undefined;
}

/** The largest unit that all of them come out even in. */
function unitOf(...durationsMs: number[]): keyof typeof UNIT_MS {
  if (durationsMs.every((durationMs) => durationMs % UNIT_MS.DAYS === 0)) return 'DAYS';
  return durationsMs.every((durationMs) => durationMs % UNIT_MS.HOURS === 0) ? 'HOURS' : 'MINUTES';
}

/** The type may be given by the members of these groups and of no others. */
function assignGroups(
  type: string,
  names: readonly unknown[],
  { context }: ErsCall,
  settings: GuestSettingsService,
): void {
  const { sponsorGroups } = context.settings.guestAccess;
  const unknown = names.filter((name) => !sponsorGroups.some((group) => group.name === name));
  if (unknown.length > 0) {
    throw new ErsException('APPLICATION_RESOURCE_VALIDATION_EXCEPTION', `sponsorGroups: unknown ${unknown.join(', ')}`);
  }
  const all = context.settings.guestTypes.map(({ name }) => name);
  for (const group of sponsorGroups) {
    const isMember = !group.guestTypes || group.guestTypes.includes(type);
    const isWanted = names.includes(group.name);
    if (isMember === isWanted) continue;
    const present = group.guestTypes ?? all;
    const guestTypes = isWanted ? [...present, type] : present.filter((name) => name !== type);
    settings.saveSponsorGroup({ ...group, guestTypes });
  }
}

/** The gateway lets no write through elsewhere. */
export function onPan(settings: GuestSettingsService | undefined): GuestSettingsService {
  if (settings) return settings;
  throw new ErsException('CRUD_OPERATION_EXCEPTION', 'Only the primary PAN writes');
}

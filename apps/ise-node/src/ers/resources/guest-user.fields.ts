import {
  shownState,
  type GuestAccount,
  type GuestAccountRequest,
  type GuestChanges,
  type GuestState,
  type SponsorRights,
} from '#libs/guests';
import { stableId } from '../../http/stable-id.ts';
import type { NodeContext } from '../../node-context.ts';
import { ErsException } from '../ers-exception.ts';
import { fieldsIn, type ErsFields, type ErsObject } from '../ers-resource.ts';
import { daysBetween, instantOf, wallTime } from '../wall-time.ts';
import { portalsOf } from './portal.resource.ts';

/** Shown to sponsors who may not see passwords. */
const MASK = '****';

/** States as ERS names them; the first three are witnessed, the rest by analogy (fact sheet ise 5.1). */
const STATUSES: Readonly<Record<GuestState, string>> = {
  Created: 'AWAITING_INITIAL_LOGIN',
  Active: 'ACTIVE',
  Expired: 'EXPIRED',
  'Pending Approval': 'PENDING_APPROVAL',
  Approved: 'APPROVED',
  Suspended: 'SUSPENDED',
  Denied: 'DENIED',
};

export function shownGuest(account: GuestAccount, rights: SponsorRights, context: NodeContext): ErsObject {
  const { clock, settings } = context;
  const { id, username, sponsor, validFrom, validTo, portalId, mobileNumber, password } = account;
  const zone = settings.guestAccess.timeZoneOf(account);
  const state = shownState(account, clock.now());
  return {
    id,
    name: username,
    guestType: account.guestType,
    status: STATUSES[state],
    statusReason: account.statusReason ?? '',
    reasonForVisit: account.reasonForVisit ?? '',
    personBeingVisited: account.personBeingVisited ?? '',
    sponsorUserName: sponsor ?? '',
    sponsorUserId: sponsor === undefined ? '' : stableId('sponsor', sponsor),
    portalId: portalsOf(context).find(({ name }) => name === portalId)?.id ?? '',
    guestInfo: {
      firstName: account.firstName,
      lastName: account.lastName,
      company: account.company ?? '',
      creationTime: wallTime(account.createdAt, zone),
      notificationLanguage: account.notificationLanguage ?? 'English',
      userName: username,
      emailAddress: account.emailAddress,
      phoneNumber: mobileNumber ?? '',
      password: rights.has('canViewGuestPasswords') ? password : MASK,
      enabled: state === 'Created' || state === 'Active',
      smsServiceProvider: '',
    },
    guestAccessInfo: {
      validDays: Math.max(1, daysBetween(validFrom, validTo, zone)),
      fromDate: wallTime(validFrom, zone),
      toDate: wallTime(validTo, zone),
      location: account.location ?? '',
      ssid: account.ssid ?? '',
      groupTag: account.groupTag ?? '',
    },
    customFields: { ...account.customFields },
  };
}

/** What the sponsor of the request asks for. @throws ErsException for a portal or time that is none */
export function requestOf(input: ErsFields, context: NodeContext): GuestAccountRequest {
  const info = fieldsIn(input, 'guestInfo');
  const access = fieldsIn(input, 'guestAccessInfo');
  const { validFrom, validTo } = periodOf(access, context);
  const portal = portalsOf(context).find(({ id }) => id === input['portalId']);
  if (portal?.portalType !== 'SPONSOR') {
    throw new ErsException('APPLICATION_RESOURCE_VALIDATION_EXCEPTION', 'portalId is not the id of a sponsor portal');
  }
  const [username, password] = [textIn(info, 'userName'), textIn(info, 'password')];
  const guestType = textIn(input, 'guestType');
  return {
    ...fieldsOf(input, info, access),
    portalId: portal.name,
    validFrom,
    durationMs: validTo - validFrom,
    ...(guestType === undefined ? {} : { guestType }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}

/** What an update changes. @throws ErsException for what can't be changed this way */
export function changesOf(account: GuestAccount, next: ErsObject, context: NodeContext): GuestChanges {
  const info = fieldsIn(next, 'guestInfo');
  const access = fieldsIn(next, 'guestAccessInfo');
  const password = textIn(info, 'password');
  const fixed = [
    ['guestInfo.userName', textIn(info, 'userName'), account.username],
    ['name', next.name, account.username],
    ['sponsorUserName', textIn(next, 'sponsorUserName'), account.sponsor],
    ['guestInfo.password (use resetpassword)', password === MASK ? account.password : password, account.password],
  ] as const;
  const changed = fixed.filter(([, value, present]) => value !== undefined && value !== (present ?? ''));
  if (changed.length > 0) {
    const names = changed.map(([name]) => name).join(', ');
    throw new ErsException('APPLICATION_RESOURCE_VALIDATION_EXCEPTION', `Not to be changed by an update: ${names}`);
  }
  const period = periodOf(access, context);
  const zone = context.settings.guestAccess.timeZoneOf(account);
  const isSamePeriod =
    wallTime(account.validFrom, zone) === access['fromDate'] && wallTime(account.validTo, zone) === access['toDate'];
  const guestType = textIn(next, 'guestType');
  return {
    ...fieldsOf(next, info, access),
    // What did not change stays exact: the texts have no seconds.
    ...(isSamePeriod ? {} : period),
    ...(guestType === undefined || guestType === account.guestType ? {} : { guestType }),
  };
}

function fieldsOf(input: ErsFields, info: ErsFields, access: ErsFields): GuestChanges {
  const customFields = fieldsIn(input, 'customFields');
  const texts = {
    firstName: textIn(info, 'firstName'),
    lastName: textIn(info, 'lastName'),
    emailAddress: textIn(info, 'emailAddress'),
    mobileNumber: textIn(info, 'phoneNumber'),
    company: textIn(info, 'company'),
    notificationLanguage: textIn(info, 'notificationLanguage'),
    personBeingVisited: textIn(input, 'personBeingVisited'),
    reasonForVisit: textIn(input, 'reasonForVisit'),
    location: textIn(access, 'location'),
    ssid: textIn(access, 'ssid'),
    groupTag: textIn(access, 'groupTag'),
  };
  const given = Object.entries(texts).filter(([, value]) => value !== undefined);
  const custom = Object.entries(customFields).map(([name, value]): [string, string] => [name, String(value)]);
  return { ...Object.fromEntries(given), ...(custom.length > 0 ? { customFields: Object.fromEntries(custom) } : {}) };
}

/** From and to in the time of the location. `validDays` is compared by date alone (fact sheet ise 7.2). */
function periodOf(access: ErsFields, { settings }: NodeContext): { validFrom: number; validTo: number } {
  const { locations, timeZone } = settings.guestAccess;
  const zone = locations.find(({ name }) => name === access['location'])?.timeZone ?? timeZone;
  const [validFrom, validTo] = [access['fromDate'], access['toDate']].map((text) => instantOf(String(text), zone));
  if (validFrom === undefined || validTo === undefined) {
    throw new ErsException('SCHEMA_VALIDATION_EXCEPTION', 'fromDate and toDate must be times such as 07/29/2014 14:44');
  }
  const days = daysBetween(validFrom, validTo, zone);
  const validDays = access['validDays'];
  // Clients count a single day as one, and from one day to the next as one as well.
  if (typeof validDays === 'number' && validDays !== days && validDays !== days + 1) {
    throw new ErsException(
      'APPLICATION_RESOURCE_VALIDATION_EXCEPTION',
      `validDays is ${validDays}, but from fromDate to toDate it is ${days} day(s)`,
    );
  }
  return { validFrom, validTo };
}

/** A text that says something; undefined for none. */
function textIn(fields: ErsFields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

import type { GuestAccount } from './guest-account.ts';
import type { GuestLocation } from './guest-location.ts';
import type { GuestRefusal } from './guest-refusal.ts';
import type { GuestType } from './guest-type.ts';
import { isMailAddress } from './mail-address.ts';
import { didYouMean } from './nearest.ts';

/** What a form of a guest account holds, whoever fills it in. */
export interface GuestFields {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly emailAddress?: string;
  readonly mobileNumber?: string;
  readonly company?: string;
  readonly personBeingVisited?: string;
  readonly reasonForVisit?: string;
  readonly notificationLanguage?: string;
  readonly location?: string;
  readonly ssid?: string;
  readonly groupTag?: string;
  readonly customFields?: Readonly<Record<string, string>>;
}

const SINGLE_LINE_FIELDS = [
  'firstName',
  'lastName',
  'mobileNumber',
  'company',
  'personBeingVisited',
  'reasonForVisit',
  'notificationLanguage',
  'location',
  'ssid',
  'groupTag',
] as const satisfies readonly (keyof GuestFields)[];

const FIELD_LENGTH_MAX = 256;
const CUSTOM_FIELDS_MAX = 32;

/** The fields of `from` that a guest account keeps as they were typed. */
export function fieldsOf(from: GuestFields): Partial<GuestAccount> {
  const names = [...SINGLE_LINE_FIELDS, 'emailAddress', 'customFields'] as const;
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}

/** Everything that is wrong with the typed fields. */
export function fieldRefusals(fields: GuestFields, locations: readonly GuestLocation[] | undefined): GuestRefusal[] {
  const refusals: GuestRefusal[] = [];
  const { emailAddress, location, customFields = {} } = fields;
  if (emailAddress && !isMailAddress(emailAddress)) {
    refusals.push({
      code: 'guests.address-invalid',
      text: 'The e-mail address is not valid.',
      field: 'emailAddress',
    });
  }
  for (const field of SINGLE_LINE_FIELDS) {
    const text = fields[field] ?? '';
    if (CONTROL.test(text)) refusals.push(controlCharacter(field));
    if (text.length > FIELD_LENGTH_MAX) refusals.push(tooLong(field));
  }
  const custom = Object.entries(customFields);
  if (custom.length > CUSTOM_FIELDS_MAX) {
    const text = `There are at most ${CUSTOM_FIELDS_MAX} custom fields.`;
    refusals.push({ code: 'guests.too-many-custom-fields', text, field: 'customFields' });
  }
  if (custom.flat().some((text) => CONTROL.test(text))) refusals.push(controlCharacter('customFields'));
  if (custom.flat().some((text) => text.length > FIELD_LENGTH_MAX)) refusals.push(tooLong('customFields'));
  if (location && locations && !locations.some(({ name }) => name === location)) {
    const names = locations.map(({ name }) => name);
    const text = `There is no guest location "${location}".${didYouMean(location, names)}`;
    refusals.push({ code: 'guests.location-unknown', text, field: 'location' });
  }
  return refusals;
}

/** The type of this name, or why there is none. */
export function findGuestType(
  name: string | undefined,
  types: readonly GuestType[],
): { readonly type: GuestType } | { readonly refusal: GuestRefusal } {
  const type = name === undefined ? types[0] : types.find((each) => each.name === name);
  if (type) return { type };
  const known = types.map((each) => each.name);
  const hint = didYouMean(name ?? '', known);
  const text = `There is no guest type "${name ?? ''}". Known: ${known.join(', ')}.${hint}`;
  return { refusal: { code: 'guests.type-unknown', text, field: 'guestType' } };
}

/** Whether an account of this type may last so long. */
export function durationRefusal(type: GuestType, durationMs: number): GuestRefusal | undefined {
  const field = 'validTo';
  if (!(durationMs > 0)) {
    return { code: 'guests.duration-not-positive', text: 'The account must end after it begins.', field };
  }
  if (durationMs <= type.durationMsMax) return undefined;
  const text = `Accounts of type ${type.name} last ${type.durationMsMax / 86_400_000} days at most.`;
  return { code: 'guests.duration-too-long', text, field };
}

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

function controlCharacter(field: string): GuestRefusal {
  const text = `${field} holds a line break or another control character.`;
  return { code: 'guests.field-control-character', text, field };
}

function tooLong(field: string): GuestRefusal {
  return { code: 'guests.field-too-long', text: `${field} has more than ${FIELD_LENGTH_MAX} characters.`, field };
}

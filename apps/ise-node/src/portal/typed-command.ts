import type { GuestAccount, GuestChanges } from '#libs/guests';
import type { SponsorCommand } from '../psn/sponsor-portal.service.ts';
import type { ButtonOperation } from './account-list.ts';
import type { Typed } from './form-page.ts';
import { GUEST_FIELDS, mistyped } from './typed-forms.ts';
import { instantOfLocalTime, localTime } from './zoned-time.ts';

const DAY_MS = 86_400_000;
const DAYS_MAX = 3_650;

/** The command that a filled-in dialog gives. @throws RequestError 400 */
export function typedCommand(
  operation: ButtonOperation,
  typed: Typed,
  account: Omit<GuestAccount, 'password'>,
  timeZone: string,
): SponsorCommand {
  switch (operation) {
    case 'edit':
      return { operation, changes: changesOf(typed, account, timeZone) };
    case 'extend': {
      const days = textOf(typed, 'byDays');
      const end = textOf(typed, 'validTo');
      if ((days === '') === (end === '')) throw wrong('byDays', 'Give either a number of days or a new end.');
      if (end !== '') return { operation, validTo: instantOf('validTo', end, timeZone) };
      const byDays = Number(days);
      if (!(byDays > 0 && byDays <= DAYS_MAX)) throw wrong('byDays', `The days are a number up to ${DAYS_MAX}.`);
      return { operation, byMs: Math.round(byDays * DAY_MS) };
    }
    case 'suspend':
    case 'deny': {
      const reason = textOf(typed, 'reason');
      return { operation, ...(reason === '' ? {} : { reason }) };
    }
    default:
      return { operation };
  }
}

/** An instant typed into a field; undefined when it is empty. @throws RequestError 400 */
export function typedInstant(field: string, text: string | undefined, timeZone: string): number | undefined {
  return text === undefined || text === '' ? undefined : instantOf(field, text, timeZone);
}

/** Fields that are as they were are no change, so that an Edit does not undo what happened meanwhile. */
function changesOf(typed: Typed, account: Omit<GuestAccount, 'password'>, timeZone: string): GuestChanges {
  const changed = GUEST_FIELDS.filter((name) => name in typed && textOf(typed, name) !== (account[name] ?? ''))
    // The list shows English for an account without a language.
    .filter(
      (name) => name !== 'notificationLanguage' || textOf(typed, name) !== 'English' || account[name] !== undefined,
    );
  const guestType = textOf(typed, 'guestType');
  const times = (['validFrom', 'validTo'] as const).filter((name) => {
    return textOf(typed, name) !== '' && textOf(typed, name) !== localTime(account[name], timeZone);
  });
  return {
    ...Object.fromEntries(changed.map((name) => [name, textOf(typed, name)])),
    ...(guestType === '' || guestType === account.guestType ? {} : { guestType }),
    ...Object.fromEntries(times.map((name) => [name, instantOf(name, textOf(typed, name), timeZone)])),
  };
}

function instantOf(field: string, text: string, timeZone: string): number {
  const instant = instantOfLocalTime(text, timeZone);
  if (instant === undefined) throw wrong(field, 'This is no date with a time, such as 2026-02-02T10:25.');
  return instant;
}

function textOf(typed: Typed, name: string): string {
  const value = typed[name];
  return typeof value === 'string' ? value.trim() : '';
}

function wrong(field: string, text: string): Error {
  return mistyped([{ code: 'request.invalid', text, field }]);
}

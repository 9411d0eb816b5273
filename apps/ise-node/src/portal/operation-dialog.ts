import type { GuestAccount, SponsorRights } from '#libs/guests';
import type { ButtonOperation, ListName } from './account-list.ts';
import type { Field, FormPage } from './form-page.ts';
import { guestFieldList } from './guest-field-list.ts';
import type { Words } from './words.ts';
import { localTime } from './zoned-time.ts';

interface DialogOptions {
  readonly operation: ButtonOperation;
  readonly from: ListName;
  readonly accounts: readonly Omit<GuestAccount, 'password'>[];
  readonly rights: SponsorRights;
  readonly words: Words;
  readonly guestTypes: readonly string[];
  readonly locations: readonly string[];
  readonly timeZone: string;
  /** Whether the guests are mailed if nothing is said. */
  readonly notifies: boolean;
}

/** What a button of the sponsor portal asks before it does anything. */
export function operationDialog(options: DialogOptions): FormPage {
  const { operation, from, accounts, rights, words } = options;
  return {
    title: words[operation],
    ...(operation === 'delete' ? { intro: [words.deleteWarning] } : {}),
    facts: [{ label: words.chosen, value: accounts.map(({ username }) => username).join(', ') }],
    action: '/sponsorportal/operations',
    hidden: [
      { name: 'operation', value: operation },
      { name: 'from', value: from },
      ...accounts.map(({ username }) => ({ name: 'guests', value: username })),
    ],
    groups: [
      { fields: fieldsOf(options) },
      ...(handsOver(operation) ? [{ legend: words.delivery, fields: deliveryFields(rights, words) }] : []),
      { fields: operation === 'edit' ? [] : choiceFields(options) },
    ].filter(({ fields }) => fields.length > 0),
    submit: operation === 'edit' ? words.save : operation === 'delete' ? words.delete : words.ok,
    isDangerous: operation === 'delete',
    cancel: `/sponsorportal/${from}`,
  };
}

/** Resend and Reset Password give the guest credentials, printed or by e-mail. */
export function handsOver(operation: ButtonOperation): boolean {
  return operation === 'resend' || operation === 'resetPassword';
}

/** Boxes that every dialog with a mail has. `notify` is left out where the form asks for it in another way. */
export function mailFields(
  rights: SponsorRights,
  words: Words,
  notify?: { label: string; checked: boolean },
): readonly Field[] {
  return [
    ...(notify ? [{ name: 'notify', type: 'checkbox', ...notify } as const] : []),
    { name: 'sendSummary', label: words.sendSummary, type: 'checkbox' },
    { name: 'copyMe', label: words.copyMe, type: 'checkbox' },
    {
      name: 'sponsorEmail',
      label: words.sponsorEmail,
      type: 'email',
      autocomplete: 'email',
      value: rights.sponsor.emailAddress ?? '',
    },
  ];
}

function choiceFields({ operation, accounts, rights, words, notifies }: DialogOptions): readonly Field[] {
  const label = accounts.length > 1 ? words.notifyAll : words.notify;
  // Nobody is told of a deletion.
  const isAsked = !handsOver(operation) && operation !== 'delete';
  return mailFields(rights, words, isAsked ? { label, checked: notifies } : undefined);
}

function deliveryFields(rights: SponsorRights, words: Words): readonly Field[] {
  return [
    ...(rights.has('canViewGuestPasswords') ? [{ name: 'print', label: words.print, type: 'checkbox' } as const] : []),
    { name: 'email', label: words.email, type: 'checkbox', checked: true },
  ];
}

function fieldsOf(options: DialogOptions): readonly Field[] {
  const { operation, rights, words, timeZone } = options;
  const timeHint = `${words.timesIn} ${timeZone}.`;
  switch (operation) {
    case 'edit':
      return editFields(options, timeHint);
    case 'extend':
      return [
        { name: 'byDays', label: words.byDays, type: 'number' },
        { name: 'validTo', label: words.newEnd, type: 'datetime-local', hint: timeHint },
      ];
    case 'suspend':
      return [{ name: 'reason', label: words.reason, required: rights.requireSuspensionReason }];
    case 'deny':
      return [{ name: 'reason', label: words.reason }];
    default:
      return [];
  }
}

function editFields({ accounts, words, guestTypes, locations, timeZone }: DialogOptions, hint: string): Field[] {
  const [account] = accounts;
  if (!account) return [];
  return [
    ...guestFieldList({ words, locations, account }),
    {
      name: 'guestType',
      label: words.guestType,
      value: account.guestType,
      options: guestTypes.map((name) => ({ value: name, label: name })),
    },
    {
      name: 'validFrom',
      label: words.validFrom,
      type: 'datetime-local',
      hint,
      value: localTime(account.validFrom, timeZone),
    },
    {
      name: 'validTo',
      label: words.validTo,
      type: 'datetime-local',
      hint,
      value: localTime(account.validTo, timeZone),
    },
  ];
}

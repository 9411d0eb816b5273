import { GUEST_STATES, lifeCycleState, type GuestAccount, type GuestState, type SponsorRights } from '#libs/guests';
import { stateIn, wordsIn, type Language } from './words.ts';
import { timeLeft } from './zoned-time.ts';

/** Rows of a page of accounts. */
const ROWS_MAX = 50;

export type ListName = 'accounts' | 'pending';

/** The operations of the sponsor portal's buttons, in their order (fact sheet ise 5.2). */
const BUTTONS = {
  accounts: ['edit', 'resend', 'extend', 'suspend', 'reinstate', 'delete', 'resetPassword'],
  pending: ['approve', 'deny', 'delete'],
} as const satisfies Record<ListName, readonly string[]>;

export type ButtonOperation = (typeof BUTTONS)[ListName][number];

const NEEDED = {
  edit: 'canUpdateGuestContactInfo',
  extend: 'canExtendGuestAccounts',
  suspend: 'canSuspendGuestAccounts',
  reinstate: 'canReinstateSuspendedAccounts',
  delete: 'canDeleteGuestAccounts',
  resetPassword: 'canResetGuestPasswords',
  approve: 'canApproveSelfregGuests',
  deny: 'canApproveSelfregGuests',
} as const;

export interface ListQuery {
  readonly filter: string;
  readonly state: string;
  /** From 1. */
  readonly page: number;
}

interface ListOptions {
  readonly list: ListName;
  readonly accounts: readonly Omit<GuestAccount, 'password'>[];
  readonly query: ListQuery;
  readonly rights: SponsorRights;
  readonly language: Language;
  readonly now: number;
  readonly timeZoneOf: (account: Omit<GuestAccount, 'password'>) => string;
}

export function isButtonOperation(name: unknown): name is ButtonOperation {
  return [...BUTTONS.accounts, ...BUTTONS.pending].some((operation) => operation === name);
}

/** A page of "Manage Accounts" or "Pending Accounts" for its template. */
export function accountListView(options: ListOptions): object {
  const { list, query, rights, language } = options;
  const words = wordsIn(language);
  const path = `/sponsorportal/${list}`;
  const rows = options.accounts.map((account) => rowOf(account, options)).filter((row) => isWanted(row, query));
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_MAX));
  const page = Math.min(Math.max(1, query.page), pages);
  const link = (to: number): string => {
    return `${path}?${new URLSearchParams({ filter: query.filter, state: query.state, page: String(to) }).toString()}`;
  };
  return {
    title: list === 'accounts' ? words.manageAccounts : words.pendingAccounts,
    path,
    from: list,
    filter: query.filter,
    refresh: link(page),
    states: [
      { value: '', label: words.anyState, isSelected: query.state === '' },
      ...GUEST_STATES.map((state) => ({
        value: state,
        label: stateIn(language, state),
        isSelected: state === query.state,
      })),
    ],
    buttons: BUTTONS[list]
      .filter((operation) => operation === 'resend' || rights.has(NEEDED[operation]))
      .map((operation) => ({ operation, label: words[operation] })),
    rows: rows.slice((page - 1) * ROWS_MAX, page * ROWS_MAX).map(({ shown }) => shown),
    ...(pages > 1 ? { page, pages } : {}),
    ...(page > 1 ? { previous: link(page - 1) } : {}),
    ...(page < pages ? { next: link(page + 1) } : {}),
  };
}

interface Row {
  readonly stateName: GuestState;
  /** What the filter looks through. */
  readonly cells: readonly string[];
  readonly shown: object;
}

function rowOf(account: Omit<GuestAccount, 'password'>, { list, language, now, timeZoneOf }: ListOptions): Row {
  const { username, firstName, lastName, emailAddress, mobileNumber = '', statusReason, validTo } = account;
  // Approved is a state of the page of pending accounts alone.
  const stateName = list === 'pending' ? lifeCycleState(account, now) : account.state;
  const expiration = new Intl.DateTimeFormat(language, {
    timeZone: timeZoneOf(account),
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(validTo);
  const state = stateIn(language, stateName);
  return {
    stateName,
    cells: [username, state, firstName, lastName, emailAddress, mobileNumber, expiration],
    shown: {
      username,
      state,
      statusReason,
      firstName,
      lastName,
      emailAddress,
      mobileNumber,
      expiration,
      expiresAt: new Date(validTo).toISOString(),
      timeLeft: timeLeft(validTo - now),
    },
  };
}

function isWanted({ cells, stateName }: Row, { filter, state }: ListQuery): boolean {
  const text = filter.trim().toLowerCase();
  return (state === '' || state === stateName) && cells.some((cell) => cell.toLowerCase().includes(text));
}

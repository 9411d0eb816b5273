import { z } from 'zod';
import type { InternalUser } from '#libs/identities';
import { CONFIG_KEYS } from '../../node-settings.ts';
import { ErsException } from '../ers-exception.ts';
import { commonFields, flag, text, textMap } from '../ers-fields.ts';
import type { ErsCall, ErsFields, ErsObject, ErsResource } from '../ers-resource.ts';
import { stableId } from '../../http/stable-id.ts';
import { enabledWord } from './admin-user.resource.ts';

const DAY_MS = 86_400_000;
const ID_STORE = 'Internal Users';

/** What ERS keeps of a user beyond what mail and password policies need. The password itself is not kept at all. */
const detailsKey = (username: string): string => `internal-user-details/${username}`;
const DETAILS = [
  'description',
  'firstName',
  'lastName',
  'identityGroups',
  'customAttributes',
  'changePassword',
] as const;
const DETAIL_DEFAULTS = {
  description: '',
  firstName: '',
  lastName: '',
  identityGroups: '',
  customAttributes: {},
  changePassword: true,
} as const satisfies Record<(typeof DETAILS)[number], unknown>;

/** Network access users of ISE's own store (fact sheet ise 6, 7.3). */
export const INTERNAL_USER_RESOURCE: ErsResource = {
  name: 'internaluser',
  wrapper: 'InternalUser',
  namespace: 'identity',
  title: 'Internal User',
  versions: ['1.0', '1.1', '1.2', '1.3', '1.4', '1.5'],
  schema: z.strictObject({
    ...commonFields,
    // As the name stands in the keys of the configuration and in paths.
    name: z
      .string()
      .regex(/^[^\s\p{Cc}/]{1,64}$/u, '1 to 64 characters, no blanks or slashes')
      .optional(),
    enabled: flag,
    email: z.union([z.email(), z.literal('')]).optional(),
    accountNameAlias: z.string().max(128).optional(),
    password: z.string().max(128).optional(),
    enablePassword: text,
    firstName: text,
    lastName: text,
    changePassword: flag,
    identityGroups: text,
    passwordNeverExpires: flag,
    daysForPasswordExpiration: z.union([z.int(), z.string().regex(/^-?\d{1,5}$/)]).optional(),
    expiryDateEnabled: flag,
    expiryDate: z.union([z.iso.date(), z.literal('')]).optional(),
    customAttributes: textMap,
    passwordIDStore: text,
    dateModified: text,
    dateCreated: text,
  }),
  required: ['name'],
  filterFields: ['firstName', 'lastName', 'identityGroup', 'name', 'description', 'email', 'enabled'],
  sortFields: ['name', 'description'],
  byName: true,
  callers: 'administrators',
  filterValue: (object, field) => {
    if (field === 'enabled') return enabledWord(object['enabled']);
    return object[field === 'identityGroup' ? 'identityGroups' : field];
  },
  list: (call) => call.context.settings.internalUsers.map((user) => shownUser(user, call)),
  create: (input, call) => {
    const name = String(input['name']);
    if (call.context.settings.internalUsers.some(({ username }) => username === name)) {
      throw new ErsException(
        'APPLICATION_RESOURCE_VALIDATION_EXCEPTION',
        'Internal User Create failed: Name already exists',
      );
    }
    if (typeof input['password'] !== 'string' || input['password'] === '') {
      throw new ErsException('SCHEMA_VALIDATION_EXCEPTION', 'Validation Error - Mandatory fields missing: [password]');
    }
    store(
      { kind: 'internal', username: name, enabled: true, passwordChangedAt: call.context.clock.now() },
      input,
      call,
    );
    return stableId('internaluser', name);
  },
  update: (present, next, call) => {
    if (next.name !== present.name) {
      // Simplified: real ISE renames a user.
      throw new ErsException('APPLICATION_RESOURCE_VALIDATION_EXCEPTION', 'The name of a user cannot be changed');
    }
    const user = call.context.settings.internalUsers.find(({ username }) => username === present.name);
    if (!user) throw new ErsException('RESOURCE_NOT_FOUND_EXCEPTION', 'Internal User not found');
    const isNewPassword = typeof next['password'] === 'string' && next['password'] !== present['password'];
    store(isNewPassword ? { ...user, passwordChangedAt: call.context.clock.now() } : user, next, call);
  },
  remove: ({ name = '' }, call) => {
    call.write(CONFIG_KEYS.internalUser(name), null);
    call.write(detailsKey(name), null);
  },
};

function store(user: InternalUser, fields: ErsFields, { write }: ErsCall): void {
  const { enabled, email, accountNameAlias, passwordNeverExpires, expiryDateEnabled, expiryDate } = fields;
  const { emailAddress: formerAddress, accountNameAlias: formerAlias, ...rest } = user;
  const [address = '', alias = ''] = [email ?? formerAddress, accountNameAlias ?? formerAlias].map(wordOf);
  write(CONFIG_KEYS.internalUser(user.username), {
    ...rest,
    enabled: enabled !== false,
    ...(enabled === true ? { disabledBecause: undefined } : {}),
    ...(expiryDateEnabled === undefined ? {} : { expiryDateEnabled: expiryDateEnabled === true }),
    ...(typeof expiryDate === 'string' && expiryDate !== '' ? { expiryDate } : {}),
    ...(address === '' ? {} : { emailAddress: address }),
    ...(alias === '' ? {} : { accountNameAlias: alias }),
    ...(passwordNeverExpires === undefined ? {} : { passwordNeverExpires: passwordNeverExpires === true }),
  });
  write(
    detailsKey(user.username),
    Object.fromEntries(DETAILS.map((name) => [name, fields[name] ?? DETAIL_DEFAULTS[name]])),
  );
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function shownUser(user: InternalUser, { context }: ErsCall): ErsObject {
  const { username, emailAddress, enabled, accountNameAlias, passwordNeverExpires, passwordChangedAt } = user;
  const { clock, settings, store: config } = context;
  const ends = passwordChangedAt + settings.passwordPolicies.internal.lifetimeDays * DAY_MS;
  return {
    id: stableId('internaluser', username),
    name: username,
    ...DETAIL_DEFAULTS,
    ...config.get<ErsFields>(detailsKey(username)),
    enabled,
    email: emailAddress ?? '',
    accountNameAlias: accountNameAlias ?? '',
    password: '*******',
    enablePassword: '*******',
    passwordNeverExpires: passwordNeverExpires ?? false,
    daysForPasswordExpiration: passwordNeverExpires ? -1 : Math.max(0, Math.ceil((ends - clock.now()) / DAY_MS)),
    expiryDateEnabled: user.expiryDateEnabled ?? false,
    ...(user.expiryDate === undefined ? {} : { expiryDate: user.expiryDate }),
    passwordIDStore: ID_STORE,
  };
}

import type { SponsorRights } from '#libs/guests';
import type { Field, FormPage } from './form-page.ts';
import { guestFieldList, languageOptions, listOptions } from './guest-field-list.ts';
import { mailFields } from './operation-dialog.ts';
import type { Words } from './words.ts';

const WAYS = ['known', 'random', 'import'] as const;
export type Way = (typeof WAYS)[number];

interface CreateOptions {
  readonly way: Way;
  readonly words: Words;
  readonly rights: SponsorRights;
  readonly guestTypes: readonly string[];
  readonly locations: readonly string[];
  readonly timeZone: string;
}

/** "Create Accounts": one of its three forms. */
export function createForm({ way, words, rights, guestTypes, locations, timeZone }: CreateOptions): FormPage {
  const types = guestTypes.filter((name) => rights.creationRefusal(name) === undefined);
  const validity = validityFields(words, types, timeZone);
  const place = { name: 'location', label: words.location, value: '', options: listOptions(locations, words) };
  const language = {
    name: 'notificationLanguage',
    label: words.language,
    value: 'English',
    options: languageOptions(),
  };
  const fields: Record<Way, readonly Field[]> = {
    known: [
      ...guestFieldList({ words, locations }),
      { name: 'username', label: words.username, hint: words.usernameHint, autocomplete: 'off' },
    ],
    random: [
      { name: 'count', label: words.count, type: 'number', required: true },
      { name: 'prefix', label: words.prefix, autocomplete: 'off' },
      language,
      place,
    ],
    import: [
      { name: 'file', label: words.file, type: 'file', required: true, hint: words.fileHint, accept: '.csv,text/csv' },
      place,
    ],
  };
  const isKnown = way === 'known';
  const notify = { label: isKnown ? words.notify : words.notifyAll, checked: isKnown || rights.autoNotification };
  return {
    title: words.createAccounts,
    subTabsLabel: words.waysToCreate,
    subTabs: WAYS.map((each) => ({ href: createPath(each), label: words[each], isCurrent: each === way })),
    action: createPath(way),
    isUpload: way === 'import',
    groups: [{ fields: fields[way] }, { fields: validity }, { fields: mailFields(rights, words, notify) }],
    submit: way === 'import' ? words.import : words.create,
    ...(way === 'import' ? { links: [{ href: '/sponsorportal/import-template.csv', label: words.template }] } : {}),
  };
}

function createPath(way: Way): string {
  return `/sponsorportal/create/${way}`;
}

function validityFields(words: Words, guestTypes: readonly string[], timeZone: string): readonly Field[] {
  return [
    {
      name: 'guestType',
      label: words.guestType,
      value: guestTypes[0] ?? '',
      options: guestTypes.map((name) => ({ value: name, label: name })),
    },
    {
      name: 'validFrom',
      label: words.validFrom,
      type: 'datetime-local',
      hint: `${words.nowHint} ${words.timesIn} ${timeZone}.`,
    },
    { name: 'validDays', label: words.validDays, type: 'number', hint: words.validDaysHint },
  ];
}

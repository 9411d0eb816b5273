import Handlebars from 'handlebars';
import { didYouMean } from '#libs/guests';
import { ENGLISH } from './guest-texts.english.ts';
import { GERMAN } from './guest-texts.german.ts';
import { SPANISH } from './guest-texts.spanish.ts';

/** The notifications of the guest and sponsor portals whose words can be edited (fact sheet ise 5.5). */
export const GUEST_TEXT_KINDS = [
  'credentials',
  'approved',
  'denied',
  'extended',
  'suspended',
  'reinstated',
  'expiry',
  'approval-request',
] as const;
export type GuestTextKind = (typeof GUEST_TEXT_KINDS)[number];

/** Subject and body with placeholders, `{{firstName}}`. */
export interface GuestText {
  readonly subject: string;
  readonly body: string;
}

export type GuestTexts = Readonly<Record<GuestTextKind, GuestText>>;

/** What was edited on a portal's notification pages: by language, then by kind. The rest is built in. */
export type PortalTexts = Readonly<Record<string, Readonly<Partial<Record<GuestTextKind, GuestText>>>>>;

/** By the names that ISE gives languages (`notificationLanguage`, fact sheet ise 7.2). */
const LANGUAGES: Readonly<Record<string, GuestTexts>> = { English: ENGLISH, German: GERMAN, Spanish: SPANISH };

export const BUILT_IN_LANGUAGES: readonly string[] = Object.keys(LANGUAGES);

/** Placeholders that a text may hold; ISE's own names are not known (fact sheet ise 5.5), so these are ours. */
const PLACEHOLDERS = [
  'greeting',
  'firstName',
  'lastName',
  'username',
  'emailAddress',
  'mobileNumber',
  'company',
  'personBeingVisited',
  'reasonForVisit',
  'guestType',
  'location',
  'ssid',
  'sponsor',
  'validFrom',
  'validTo',
  'duration',
  'expiresOn',
] as const;

const OF_KIND: Readonly<Partial<Record<GuestTextKind, readonly string[]>>> = {
  credentials: ['password'],
  approved: ['password'],
  denied: ['reason'],
  suspended: ['reason'],
  'approval-request': ['approveLink', 'denyLink', 'linksValidTo'],
};

/** The placeholders of a kind; a password stands in no mail but the two that hand it over. */
export function placeholdersOf(kind: GuestTextKind): readonly string[] {
  return [...PLACEHOLDERS, ...(OF_KIND[kind] ?? [])];
}

/**
 * The words to use: what was edited for the language, else what is built in for it, else the same for English.
 * Unknown languages are answered in English.
 */
export function guestTextFor(kind: GuestTextKind, language = 'English', edited: PortalTexts = {}): GuestText {
  return edited[language]?.[kind] ?? LANGUAGES[language]?.[kind] ?? edited['English']?.[kind] ?? ENGLISH[kind];
}

/** Everything that is wrong with an edited text: nothing but known placeholders may stand between braces. */
export function guestTextMistakes(kind: GuestTextKind, { subject, body }: GuestText): string[] {
  return [
    ...textMistakes('subject', subject, placeholdersOf(kind)),
    ...textMistakes('body', body, placeholdersOf(kind)),
  ];
}

function textMistakes(field: string, source: string, known: readonly string[]): string[] {
  let program: hbs.AST.Program;
  try {
    program = Handlebars.parse(source);
  } catch {
    return [`${field}: braces that do not close, or hold something else than a placeholder.`];
  }
  return program.body.flatMap((statement) => {
    const line = statement.loc.start.line;
    if (statement.type === 'ContentStatement') return [];
    const name = placeholderOf(statement);
    if (name === undefined)
      return [`${field}, line ${line}: only plain placeholders such as {{firstName}} are allowed.`];
    if (known.includes(name)) return [];
    return [`${field}, line ${line}: there is no placeholder {{${name}}} here.${didYouMean(name, known)}`];
  });
}

/** The name in a plain `{{name}}`. */
function placeholderOf(statement: hbs.AST.Statement): string | undefined {
  if (statement.type !== 'MustacheStatement') return undefined;
  const { escaped, params, hash, path } = statement as hbs.AST.MustacheStatement;
  const isPlain = escaped && params.length === 0 && hash === undefined && path.type === 'PathExpression';
  return isPlain ? (path as hbs.AST.PathExpression).original : undefined;
}

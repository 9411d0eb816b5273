const HIDDEN = '********';

const NAME =
  'client_?secret|client_?assertion|access_?token|refresh_?token|id_?token|assertion|passw(?:or)?d|passwort|kennwort|passphrase|contraseña|clave|secret|geheimnis|secreto|pwd|account_?key|shared_?access_?key|api_?key';
/** `client_secret=…`, `"access_token": "…"`, `password: …`, in forms, JSON, Python and escaped JSON. */
const NAMED = new RegExp(
  `((?:${NAME})\\\\{0,3}["']?\\s{0,4}[=:]\\s{0,4}\\\\{0,3}["']?)([^\\s"'&,;}\\\\]{1,8192})`,
  'giu',
);
/** `<password>…</password>` */
const ELEMENT = new RegExp(`(<(?:${NAME})>)[^<]{1,8192}`, 'giu');
/** `--password …`, `--oauth2-bearer …`, and `-u user:…` of curl. */
const OPTION = /(\s--?[\w-]{0,30}(?:password|passwd|secret|token|bearer)\s{1,4}["']?)[^\s"']{1,8192}/gi;
const USER_OPTION = /(\s(?:-u|--user|--proxy-user|-U)\s{1,4}["']?[^\s"':]{1,128}:)[^\s"']{1,1024}/g;
const SECURE_STRING = /(ConvertTo-SecureString\s{1,4}(?:-String\s{1,4})?["']?)[^\s"']{1,1024}/gi;
/** `The password is hunter2.`: only what has more than letters, since "the secret is wrong" says something else. */
const SAID = new RegExp(`\\b((?:${NAME})\\s{1,4}(?:is|ist|lautet|es)\\s{1,4}["'„«]?)([^\\s"'“»]{4,1024})`, 'giu');
const LETTERS_ALONE = /^\p{L}+[.,;:!]?$/u;
/** The signature of a shared access signature. */
const SIGNATURE = /([?&]sig=)[^\s&"']{8,1024}/gi;
/** Words that follow such a name in a sentence, and are none. */
const NO_SECRET =
  /^(?:(?:invalid|unauthorized|temporarily|unsupported|server)_\w+:?|javax?\.\S+|is|are|was|provided|expired?s?|NA|null|none|true|false|\*+|<.*>)\.?$/i;
const BEARER = /\b((?:auth=)?Bearer|Authorization:\s{0,4}Basic)(\s{1,4})[\w\-.~+/=]{8,8192}/gi;
const JWT = /\beyJ[\w-]{4,8192}(?:\.[\w-]{0,8192}){0,4}/g;
/** Values of client secrets have had this form since 2021. */
const ENTRA_SECRET = /[\w.~-]{3}\dQ~[\w.~-]{20,64}/g;
/** The argument of AUTH (RFC 4954, 4): credentials in base64. */
const AUTH_ARGUMENT = /\b(AUTH\s{1,4}[A-Z\d-]{3,20}\s{1,4})[A-Za-z\d+/=]{2,8192}/gi;
/** A line of nothing but base64 behind the mark of its speaker is what answers a 334. */
const BLOB = /(?<![\w+/.-])[A-Za-z\d+/]{40,8192}={0,2}(?![\w+/-])/g;
const SHORT_BLOB = /^(\s*(?:[CS]:|[<>~*-]{1,3}|send:|>>>)\s*b?['"]?)[A-Za-z\d+/]{8,}={0,2}(?=['"\\\r\n]|\s*$)/;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*/;
/** `https://user:password@proxy` */
const USER_INFO = /(:\/\/[^\s:@/]{1,128}:)[^\s@/]{1,128}@/g;

/**
 * A line without what lets somebody in: secrets, passwords, tokens, the blobs of AUTH, private keys. Rather hides a word
 * too many than one too few.
 */
export function withoutSecrets(line: string): string {
  return line
    .replace(PRIVATE_KEY, '-----BEGIN PRIVATE KEY----- ********')
    .replace(USER_INFO, `$1${HIDDEN}@`)
    .replace(JWT, HIDDEN)
    .replace(ENTRA_SECRET, HIDDEN)
    .replace(NAMED, (whole: string, name: string, value: string) => (NO_SECRET.test(value) ? whole : name + HIDDEN))
    .replace(ELEMENT, `$1${HIDDEN}`)
    .replace(OPTION, `$1${HIDDEN}`)
    .replace(USER_OPTION, `$1${HIDDEN}`)
    .replace(SECURE_STRING, `$1${HIDDEN}`)
    .replace(SIGNATURE, `$1${HIDDEN}`)
    .replace(SAID, (whole: string, name: string, value: string) => (LETTERS_ALONE.test(value) ? whole : name + HIDDEN))
    .replace(BEARER, `$1$2${HIDDEN}`)
    .replace(AUTH_ARGUMENT, (whole: string, command: string) =>
      /suppressed|trace/i.test(whole) ? whole : command + HIDDEN,
    )
    .replace(BLOB, HIDDEN)
    .replace(SHORT_BLOB, `$1${HIDDEN}`);
}

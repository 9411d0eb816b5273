import { readFileSync } from 'node:fs';

const ROOT = new URL('..', import.meta.url);

/** Checks that stand in an array and are left out by name. */
const ARRAYS = [
  { side: 'entra', file: 'mocks/entra/src/token-checks.ts', array: 'TOKEN_CHECKS' },
  { side: 'exchange', file: 'mocks/exchange/src/auth-checks.ts', array: 'AUTH_CHECKS' },
  { side: 'exchange', file: 'mocks/exchange/src/submission-checks.ts', array: 'SUBMISSION_CHECKS' },
  { side: 'proxy', file: 'mocks/proxy/src/connect-checks.ts', array: 'CONNECT_CHECKS' },
] as const;

const TOKEN_INSPECTION = { side: 'exchange', file: 'mocks/exchange/src/token-inspection.ts' } as const;
const SERVER_VERIFICATION = { side: 'trust', file: 'libs/trust/src/server-verification.ts' } as const;
const TRUSTED_CERTIFICATE = { side: 'trust', file: 'libs/trust/src/trusted-certificate.ts' } as const;

/** Checks inside a function: a text that the file holds once, and what stands there without the check. */
const REWRITES = [
  {
    ...TOKEN_INSPECTION,
    check: 'signature of the token',
    from: "return { kind: 'bad', fault: faultOf(error) };",
    to: `if (faultOf(error) !== 'token-signature') return { kind: 'bad', fault: faultOf(error) };
    const { tid, appid, oid, roles } = decodeJwt(accessToken);
    return { kind: 'good', claims: { tenantId: tid, appId: appid, oid, roles } };`,
  },
  { ...TOKEN_INSPECTION, check: 'algorithm of the token', from: "algorithms: ['RS256'],", to: '' },
  { ...TOKEN_INSPECTION, check: 'audience of the token', from: 'audience: SMTP_AUDIENCES,', to: '' },
  {
    ...TOKEN_INSPECTION,
    check: 'expiry of the token',
    from: 'currentDate: new Date(now),',
    to: 'currentDate: new Date(Math.min(now, decodeJwt(accessToken).exp * 1000 - 1000)),',
  },
  {
    ...TOKEN_INSPECTION,
    check: 'begin of the token',
    from: 'currentDate: new Date(now),',
    to: 'currentDate: new Date(Math.max(now, decodeJwt(accessToken).nbf * 1000)),',
  },
  { ...TOKEN_INSPECTION, check: 'issuer of the token', from: 'if (iss !== ', to: 'if (false && iss !== ' },
  {
    ...SERVER_VERIFICATION,
    check: 'path to a trusted certificate',
    from: 'const anchor = findAnchor(path, presented, anchors);',
    to: 'const anchor = findAnchor(path, presented, anchors) ?? leaf;',
  },
  {
    ...SERVER_VERIFICATION,
    check: 'dates of the chain',
    from: 'if (isInDate(certificate, now)) continue;',
    to: 'continue;',
  },
  {
    ...SERVER_VERIFICATION,
    check: 'name of the server',
    from: 'if (leaf.checkHost(hostname) === undefined)',
    to: 'if (false)',
  },
  { ...SERVER_VERIFICATION, check: 'issuer is a CA', from: 'return candidate.ca && ', to: 'return ' },
  {
    ...SERVER_VERIFICATION,
    check: "issuer's signature",
    from: ' && certificate.verify(candidate.publicKey)',
    to: '',
  },
  { ...TRUSTED_CERTIFICATE, check: 'trusted certificate is enabled', from: 'entry.enabled && entry', to: 'entry' },
  {
    ...TRUSTED_CERTIFICATE,
    check: 'trusted certificate has the Infrastructure usage',
    from: 'entry.enabled && entry.infrastructure)',
    to: 'entry.enabled)',
  },
  {
    ...TRUSTED_CERTIFICATE,
    check: 'trusted certificate is in date',
    from: '.filter((certificate) => isInDate(certificate, now))',
    to: '',
  },
] as const;

export type Side = 'entra' | 'exchange' | 'proxy' | 'trust';

/** The tree with one check less. */
export interface Mutant {
  side: Side;
  file: string;
  check: string;
  /** The file without the check. */
  content: string;
  /** The check is a function without side effects in an array: where it refuses nothing, nobody can miss it. */
  standsInArray: boolean;
}

/** One mutant for each check. @throws Error when a file no longer holds what the lists above name. */
export function allMutants(): Mutant[] {
  return [...ARRAYS.flatMap(mutantsOfArray), ...REWRITES.map(mutantOfRewrite)];
}

/**
 * The files of the arrays, changed so that each check appends its name, as a line, to `journal` whenever it refuses
 * something.
 */
export function reportingFiles(journal: string): { file: string; content: string }[] {
  const files = Map.groupBy(ARRAYS, ({ file }) => file);
  return [...files].map(([file, arrays]) => {
    const changed = arrays.reduce((source, { array }) => {
      const { whole, head, list } = arrayIn(source, file, array);
      const reporting = `${head}${list}].map((check) => (...given) => {
        const refusal = check(...given);
        if (refusal) appendFileSync(${JSON.stringify(journal)}, check.name + '\\n');
        return refusal;
      })`;
      return source.replace(whole, () => reporting);
    }, original(file));
    return { file, content: `import { appendFileSync } from 'node:fs';\n${changed}` };
  });
}

function mutantsOfArray({ side, file, array }: (typeof ARRAYS)[number]): Mutant[] {
  const source = original(file);
  const { whole, head, list } = arrayIn(source, file, array);
  const names = list.split(',').flatMap((name) => name.trim() || []);
  return names.map((check) => {
    const kept = names.filter((name) => name !== check).join(', ');
    return { side, file, check, content: source.replace(whole, `${head}${kept}]`), standsInArray: true };
  });
}

function arrayIn(source: string, file: string, array: string): { whole: string; head: string; list: string } {
  const [whole, head, list] = new RegExp(`(\\bconst ${array}[^=]*= \\[)([^\\]]+)\\]`).exec(source) ?? [];
  if (whole === undefined || head === undefined || list === undefined) {
    throw new Error(`${file} has no array ${array}: correct the list ARRAYS.`);
  }
  return { whole, head, list };
}

function mutantOfRewrite({ side, file, check, from, to }: (typeof REWRITES)[number]): Mutant {
  const parts = original(file).split(from);
  if (parts.length !== 2) throw new Error(`${file} should hold once: ${from}\nCorrect the list REWRITES.`);
  return { side, file, check, content: parts.join(to), standsInArray: false };
}

function original(file: string): string {
  return readFileSync(new URL(file, ROOT), 'utf8');
}

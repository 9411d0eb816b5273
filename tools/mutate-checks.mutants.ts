import { readFileSync } from 'node:fs';

const ROOT = new URL('..', import.meta.url);

/** Checks that stand in an array and are left out by name. */
const ARRAYS = [
  { side: 'entra', file: 'mocks/entra/src/token-checks.ts', array: 'TOKEN_CHECKS' },
  { side: 'exchange', file: 'mocks/exchange/src/auth-checks.ts', array: 'AUTH_CHECKS' },
  { side: 'exchange', file: 'mocks/exchange/src/auth-checks.ts', array: 'PASSWORD_CHECKS' },
  { side: 'exchange', file: 'mocks/exchange/src/submission-checks.ts', array: 'SUBMISSION_CHECKS' },
  { side: 'proxy', file: 'mocks/proxy/src/connect-checks.ts', array: 'CONNECT_CHECKS' },
] as const;

/** Checks inside a function. */
interface RewrittenFile {
  side: Side;
  file: string;
  /** Who is asked first: folders of scenarios, then Jest's paths. All tests of the side follow. */
  scenarios?: readonly string[];
  specs: readonly string[];
  /** Each: a text that the file holds once, and what stands there without the check. */
  checks: readonly { check: string; from: string; to: string }[];
}

const REWRITES: readonly RewrittenFile[] = [
  {
    side: 'entra',
    file: 'mocks/entra/src/client-assertion.ts',
    specs: ['test/contract/entra-assertions'],
    checks: [
      { check: 'issuer of the assertion', from: 'claims.iss?.toLowerCase() !== wanted || ', to: '' },
      { check: 'subject of the assertion', from: ' || claims.sub?.toLowerCase() !== wanted', to: '' },
      { check: 'audience of the assertion', from: 'if (!audiences.includes(aud.toLowerCase()))', to: 'if (false)' },
      { check: 'begin of the assertion', from: 'now < validFrom - SKEW_MS || ', to: '' },
      { check: 'expiry of the assertion', from: ' || now >= expiresAt + SKEW_MS', to: '' },
      { check: 'algorithm of the assertion', from: "(alg !== 'RS256' && alg !== 'PS256') || ", to: '' },
      {
        check: 'chain of the certificate',
        from: 'if (registration.trustedCertificateSubjects',
        to: 'if (false && registration.trustedCertificateSubjects',
      },
      {
        check: 'certificate is registered',
        from: 'find((present) => header.names(present));',
        to: 'find((present) => header.names(present)) ?? registration.keyCredentials[0];',
      },
      { check: 'begin of the certificate', from: 'now < credential.startsAt || ', to: '' },
      { check: 'end of the certificate', from: ' || now >= credential.endsAt', to: '' },
      { check: 'certificate is not revoked', from: 'if (credential.revoked)', to: 'if (false)' },
      {
        check: 'signature of the assertion',
        from: 'return (await isSignedBy(clientAssertion, credential))',
        to: 'return true',
      },
    ],
  },
  {
    side: 'entra',
    file: 'mocks/entra/src/token-judgement.ts',
    specs: ['mocks/entra', 'test/contract/entra-tokens'],
    checks: [
      { check: 'consent is of this application', from: 'principalId === principal.objectId && ', to: '' },
      { check: 'consent is for this resource', from: ' && resourceId === resource.objectId', to: '' },
      { check: 'role is the one consented to', from: 'offered.filter(({ id }) => id === appRoleId)', to: 'offered' },
    ],
  },
  {
    side: 'graph',
    file: 'mocks/graph/src/access.ts',
    specs: ['mocks/graph', 'test/contract/graph-access'],
    checks: [
      {
        check: 'signature of the token',
        from: 'return refusalOf(error);',
        to: `if (!(error instanceof errors.JWSSignatureVerificationFailed)) return refusalOf(error);
      const { tid, roles, wids } = decodeJwt(token);
      return { tenantId: tid, roles: textsOf(roles), directoryRoles: textsOf(wids) };`,
      },
      { check: 'algorithm of the token', from: "algorithms: ['RS256'],", to: '' },
      { check: 'audience of the token', from: 'audience: AUDIENCES,', to: '' },
      {
        check: 'expiry of the token',
        from: 'currentDate: new Date(this.clock.now()),',
        to: 'currentDate: new Date(Math.min(this.clock.now(), decodeJwt(token).exp * 1000 - 1000)),',
      },
      {
        check: 'begin of the token',
        from: 'currentDate: new Date(this.clock.now()),',
        to: 'currentDate: new Date(Math.max(this.clock.now(), decodeJwt(token).nbf * 1000)),',
      },
      { check: 'token has an expiry', from: "requiredClaims: ['exp', 'nbf'],", to: "requiredClaims: ['nbf']," },
      { check: 'token has a begin', from: "requiredClaims: ['exp', 'nbf'],", to: "requiredClaims: ['exp']," },
      { check: 'issuer of the token', from: ' || iss !== `https://sts.windows.net/${tid}/`', to: '' },
      {
        check: 'Entra role is Global Administrator',
        from: 'caller.directoryRoles.includes(GLOBAL_ADMINISTRATOR)',
        to: 'caller.directoryRoles.length > 0',
      },
      {
        check: 'permission is one of the route',
        from: 'permissions.some((permission) => caller.roles.includes(permission))',
        to: 'caller.roles.length > 0',
      },
    ],
  },
  {
    side: 'graph',
    file: 'mocks/graph/src/graph-endpoints.ts',
    specs: ['test/contract/graph-access', 'test/contract/graph-errors'],
    checks: [
      { check: 'caller may call', from: 'if (!mayCall(caller, route.permissions))', to: 'if (false)' },
      { check: 'throttling', from: 'if (throttled)', to: 'if (false)' },
      {
        check: 'throttling is of the tenant',
        from: 'this.requests.filter((request) => request.tenantId === tenantId)',
        to: 'this.requests',
      },
    ],
  },
  {
    side: 'graph',
    file: 'mocks/graph/src/batch.ts',
    specs: ['test/contract/graph-batch'],
    checks: [
      { check: 'batch is small enough', from: 'if (requests.length > STEPS_MAX)', to: 'if (false)' },
      { check: 'ID is unique in its batch', from: 'if (isKnown(id))', to: 'if (false)' },
      { check: 'dependency comes before', from: 'if (!dependsOn.every(isKnown))', to: 'if (false)' },
      { check: 'write of a batch has a type', from: '!hasType || ', to: '' },
      { check: 'write of a batch has a body', from: ' || body === undefined)', to: ')' },
      { check: 'dependency has not failed', from: 'step.dependsOn.some(hasFailed)', to: 'false' },
    ],
  },
  {
    side: 'exchange',
    file: 'mocks/exchange/src/exchange-organization.ts',
    specs: ['mocks/exchange/src/exchange-organization'],
    checks: [
      {
        check: 'IDs are in the directory',
        from: 'if (this.strictIds && this.options.isInDirectory',
        to: 'if (false && this.options.isInDirectory',
      },
    ],
  },
  {
    side: 'exchange',
    file: 'mocks/exchange/src/token-inspection.ts',
    specs: ['test/contract/exchange-deviations'],
    checks: [
      {
        check: 'signature of the token',
        from: "return { kind: 'bad', fault: faultOf(error) };",
        to: `if (faultOf(error) !== 'token-signature') return { kind: 'bad', fault: faultOf(error) };
    const { tid, appid, oid, roles } = decodeJwt(accessToken);
    return { kind: 'good', claims: { tenantId: tid, appId: appid, oid, roles } };`,
      },
      { check: 'algorithm of the token', from: "algorithms: ['RS256'],", to: '' },
      { check: 'audience of the token', from: 'audience: [...audiences],', to: '' },
      {
        check: 'expiry of the token',
        from: 'currentDate: new Date(now),',
        to: 'currentDate: new Date(Math.min(now, decodeJwt(accessToken).exp * 1000 - 1000)),',
      },
      {
        check: 'begin of the token',
        from: 'currentDate: new Date(now),',
        to: 'currentDate: new Date(Math.max(now, decodeJwt(accessToken).nbf * 1000)),',
      },
      { check: 'token has an expiry', from: "requiredClaims: ['exp', 'nbf'],", to: "requiredClaims: ['nbf']," },
      { check: 'token has a begin', from: "requiredClaims: ['exp', 'nbf'],", to: "requiredClaims: ['exp']," },
      { check: 'token names an application', from: " || typeof appid !== 'string'", to: '' },
      { check: 'token names a service principal', from: " || typeof oid !== 'string'", to: '' },
      { check: 'issuer of the token', from: 'if (iss !== ', to: 'if (false && iss !== ' },
    ],
  },
  {
    side: 'exchange',
    file: 'mocks/exchange/src/admin/admin-api.ts',
    specs: ['test/contract/exchange-admin'],
    checks: [
      {
        check: 'audience of the administrator',
        from: 'inspectToken(token, this.keyRing, this.options.clock, AUDIENCES)',
        to: 'inspectToken(token, this.keyRing, this.options.clock)',
      },
      { check: 'tenant of the administrator', from: ' || organization.tenantId !== claims.tenantId', to: '' },
      { check: 'role of the administrator', from: 'if (!claims.roles.includes(MANAGE_ROLE))', to: 'if (false)' },
      {
        check: 'directory role of the administrator',
        from: 'if (!claims.directoryRoles.some((id) => DIRECTORY_ROLES.includes(id)))',
        to: 'if (false)',
      },
      {
        check: 'requests of administrators are few',
        from: 'if (this.calls.length < adminRequestsMax)',
        to: 'if (true)',
      },
    ],
  },
  {
    side: 'exchange',
    file: 'mocks/exchange/src/judging.ts',
    specs: [
      'mocks/exchange/src/auth-checks',
      'mocks/exchange/src/submission-checks',
      'test/contract/exchange-deviations',
    ],
    checks: [
      { check: 'permission is FullAccess', from: " && accessRights.includes('FullAccess')", to: '' },
      { check: 'permission is of this application', from: 'trustee === objectId && ', to: '' },
      { check: 'deny outweighs', from: ' || entries.some(({ deny }) => deny)', to: '' },
      { check: 'SendAs is of this trustee', from: 'find((entry) => entry.trustee === trustee)', to: 'at(0)' },
      { check: 'role assignment is for SMTP', from: 'role === SMTP_APPLICATION_ROLE && ', to: '' },
      { check: 'role assignment is of this application', from: ' && app === objectId', to: '' },
      {
        check: 'role assignment has propagated',
        from: 'hasPropagated(assignment.since, now, settings.permissionPropagation) &&',
        to: '',
      },
      {
        check: 'mailbox is in the scope',
        from: ' &&\n      isInScope(mailbox, assignment, organization.managementScopes)',
        to: '',
      },
    ],
  },
  {
    side: 'exchange',
    file: 'mocks/exchange/src/smtp/command-order.ts',
    specs: ['mocks/exchange/src/smtp', 'test/contract/exchange-wire'],
    checks: [
      {
        check: 'STARTTLS without EHLO',
        from: "StartTls({ hello, isSecure }: Standing, rest: string): ProtocolRefusalReason | undefined {\n  if (hello === 'none') return 'hello-missing';",
        to: 'StartTls({ hello, isSecure }: Standing, rest: string): ProtocolRefusalReason | undefined {',
      },
      { check: 'STARTTLS after HELO', from: "  if (hello === 'HELO') return 'ehlo-missing';", to: '' },
      { check: 'STARTTLS with arguments', from: "if (rest !== '') return 'arguments';", to: '' },
      { check: 'STARTTLS twice', from: "isSecure ? 'tls-already-on' : undefined", to: 'undefined' },
      {
        check: 'AUTH without EHLO',
        from: "if (standing.hello === 'none') return 'hello-missing';\n  if (standing.hello === 'HELO')",
        to: "if (standing.hello === 'HELO')",
      },
      { check: 'AUTH after HELO', from: "if (standing.hello === 'HELO') return 'ehlo-missing';", to: '' },
      { check: 'AUTH before TLS', from: "if (!standing.isSecure) return 'authentication-before-tls';", to: '' },
      { check: 'AUTH twice', from: "if (standing.isAuthenticated) return 'authenticated-already';", to: '' },
      {
        check: 'MAIL without EHLO',
        from: "if (standing.hello === 'none') return 'hello-missing';\n  if (!standing.isSecure) return 'tls-required';",
        to: "if (!standing.isSecure) return 'tls-required';",
      },
      { check: 'MAIL before TLS', from: "if (!standing.isSecure) return 'tls-required';", to: '' },
      { check: 'MAIL before AUTH', from: "if (!standing.isAuthenticated) return 'authentication-required';", to: '' },
      { check: 'MAIL twice', from: "standing.transaction ? 'sender-already-given' : undefined", to: 'undefined' },
      { check: 'RCPT after BDAT', from: "transaction.chunks ? 'sequence' : undefined", to: 'undefined' },
      {
        check: 'message without recipient',
        from: "transaction.to.length === 0 ? 'recipient-missing' : undefined",
        to: 'undefined',
      },
    ],
  },
  {
    side: 'exchange',
    file: 'mocks/exchange/src/smtp/smtp-engine.ts',
    specs: ['mocks/exchange/src/smtp', 'test/contract/exchange-wire', 'test/contract/exchange-limits'],
    checks: [
      { check: 'STARTTLS rate', from: 'if (this.settings.isTlsRateExceeded())', to: 'if (false)' },
      { check: 'announced size', from: 'if (size > this.settings.messageBytesMax)', to: 'if (false)' },
      {
        check: 'recipients of a message',
        from: 'if (transaction.to.length >= this.settings.recipientsMax())',
        to: 'if (false)',
      },
      {
        check: 'size of a message',
        from: "if (message.isTooLarge) return this.refuseMessage('message-too-large');",
        to: '',
      },
      { check: 'size of the chunks', from: 'else if (message.isTooLarge)', to: 'else if (false)' },
      { check: 'size of the header', from: 'if (headerBytes(raw) > this.settings.headerBytesMax)', to: 'if (false)' },
      { check: 'DATA after BDAT', from: 'this.standing.transaction?.chunks || ', to: '' },
      { check: 'DATA for a binary body', from: " || this.standing.transaction?.body === 'BINARYMIME'", to: '' },
      { check: 'errors in a session', from: 'this.errors >= this.settings.protocolErrorsMax', to: 'false' },
    ],
  },
  {
    side: 'exchange',
    file: 'mocks/exchange/src/exchange-session.ts',
    specs: ['test/contract/exchange-limits', 'test/contract/exchange-deviations'],
    checks: [
      { check: 'service is available', from: 'if (online.conditions.isUnavailable)', to: 'if (false)' },
      { check: 'connections to the server', from: 'if (connections <= settings.connectionsMax)', to: 'if (true)' },
      { check: 'resources of the service', from: 'if (online.conditions.hasTooFewResources)', to: 'if (false)' },
      { check: 'messages in a minute', from: 'if (waitMs === 0) break;', to: 'break;' },
    ],
  },
  {
    side: 'trust',
    file: 'libs/trust/src/server-verification.ts',
    scenarios: ['catalogue/tls'],
    specs: ['libs/trust'],
    checks: [
      {
        check: 'path to a trusted certificate',
        from: 'const anchor = findAnchor(path, presented, anchors);',
        to: 'const anchor = findAnchor(path, presented, anchors) ?? leaf;',
      },
      { check: 'dates of the chain', from: 'if (isInDate(certificate, now)) continue;', to: 'continue;' },
      { check: 'name of the server', from: 'if (leaf.checkHost(hostname) === undefined)', to: 'if (false)' },
      { check: 'issuer is a CA', from: 'return candidate.ca && ', to: 'return ' },
      { check: "issuer's signature", from: ' && certificate.verify(candidate.publicKey)', to: '' },
    ],
  },
  {
    side: 'trust',
    file: 'libs/trust/src/trusted-certificate.ts',
    scenarios: ['catalogue/tls', 'troubleshooting'],
    specs: ['libs/trust'],
    checks: [
      { check: 'trusted certificate is enabled', from: 'entry.enabled && entry', to: 'entry' },
      {
        check: 'trusted certificate has the Infrastructure usage',
        from: 'entry.enabled && entry.infrastructure)',
        to: 'entry.enabled)',
      },
      {
        check: 'trusted certificate is in date',
        from: '.filter((certificate) => isInDate(certificate, now))',
        to: '',
      },
    ],
  },
];

export type Side = 'entra' | 'graph' | 'exchange' | 'proxy' | 'trust';

/** The tree with one check less. */
export interface Mutant {
  side: Side;
  file: string;
  check: string;
  /** The file without the check. */
  content: string;
  /** Under which name the check is in the journal of refusals; absent for checks that keep none. */
  reportsAs?: string;
  /** Whom to ask first where there is no journal. */
  scenarios: readonly string[];
  specs: readonly string[];
}

/** A line of the journal of refusals: a check refused something, in a folder of scenarios or in a test of a file. */
export interface Refusal {
  check: string;
  folder?: string;
  spec?: { file: string; test: string };
}

/** Variable with the folder of the scenarios that run. */
export const FOLDER_VARIABLE = 'MUTATION_FOLDER';

/** One mutant for each check. @throws Error when a file no longer holds what the lists above name. */
export function allMutants(): Mutant[] {
  return [...ARRAYS.flatMap(mutantsOfArray), ...REWRITES.flatMap(mutantsOfFile)];
}

/**
 * The files of the arrays, changed so that each check appends a `Refusal`, as a line of JSON, to `journal` whenever it
 * refuses something.
 */
export function reportingFiles(journal: string): { file: string; content: string }[] {
  const files = Map.groupBy(ARRAYS, ({ file }) => file);
  return [...files].map(([file, arrays]) => {
    const changed = arrays.reduce((source, { array }) => {
      const { whole, head, list } = arrayIn(source, file, array);
      const reporting = `${head}${list}].map((check) => {
        const reporting = (...given) => {
          const refusal = check(...given);
          const { testPath: file, currentTestName: test = '' } = globalThis.expect?.getState() ?? {};
          const spec = file && { file, test };
          const folder = process.env.${FOLDER_VARIABLE};
          const line = JSON.stringify({ check: '${array}.' + check.name, folder, spec });
          if (refusal) appendFileSync(${JSON.stringify(journal)}, line + '\\n');
          return refusal;
        };
        return Object.defineProperty(reporting, 'name', { value: check.name });
      })`;
      return source.replace(whole, () => reporting);
    }, original(file));
    return { file, content: `import { appendFileSync } from 'node:fs';\n${changed}` };
  });
}

/** In the place of the check stands one of its name that refuses nothing: so no test can notice by counting. */
function mutantsOfArray({ side, file, array }: (typeof ARRAYS)[number]): Mutant[] {
  const source = original(file);
  const { whole, head, list } = arrayIn(source, file, array);
  const names = list.split(',').flatMap((name) => name.trim() || []);
  return names.map((check) => {
    const left = names.map((name) => (name === check ? `{ ${name}: () => undefined }.${name}` : name)).join(', ');
    const content = source.replace(whole, () => `${head}${left}]`);
    const ofPasswords = array === 'PASSWORD_CHECKS' ? ' (password)' : '';
    const [reportsAs, shown] = [`${array}.${check}`, check + ofPasswords];
    return { side, file, check: shown, content, reportsAs, scenarios: [], specs: [] };
  });
}

function arrayIn(source: string, file: string, array: string): { whole: string; head: string; list: string } {
  const [whole, head, list] = new RegExp(`(\\bconst ${array}[^=]*= \\[)([^\\]]+)\\]`).exec(source) ?? [];
  if (whole === undefined || head === undefined || list === undefined) {
    throw new Error(`${file} has no array ${array}: correct the list ARRAYS.`);
  }
  return { whole, head, list };
}

function mutantsOfFile({ side, file, checks, scenarios = [], specs }: RewrittenFile): Mutant[] {
  const source = original(file);
  return checks.map(({ check, from, to }) => {
    const parts = source.split(from);
    if (parts.length !== 2) throw new Error(`${file} should hold once: ${from}\nCorrect the list REWRITES.`);
    return { side, file, check, content: parts.join(to), scenarios, specs };
  });
}

function original(file: string): string {
  return readFileSync(new URL(file, ROOT), 'utf8');
}

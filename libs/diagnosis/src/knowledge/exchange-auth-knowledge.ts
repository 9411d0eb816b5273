import type { CaseView } from '../case-view.ts';
import { confirmedIf, type Decision, type Knowledge } from './knowledge.ts';

const REQUIRED_ROLE = 'SMTP.SendAsApp';

/** The one text that Exchange has for most of what is wrong with token and mailbox (fact sheet microsoft 4.6). */
const REFUSED = { 'smtp:auth-573': 'must', 'smtp:auth-535': 'often' } as const;

/** In the order of Exchange's checks (fact sheet microsoft 8.1): an earlier one hides those behind it. */
export const EXCHANGE_AUTH_KNOWLEDGE: readonly Knowledge[] = [
  {
    code: 'exchange.temporary-authentication-failure',
    prior: 5,
    shows: { 'smtp:auth-temporary': 'must' },
    check: 'service-health',
  },
  {
    code: 'exchange.tenant-smtp-auth-disabled',
    prior: 50,
    shows: { 'smtp:tenant-off': 'must', 'smtp:auth-139': 'often', 'smtp:auth-535': 'may' },
    check: 'smtp-auth',
    decide: ({ facts, mailboxFacts }) => {
      const { transport } = facts?.exchange ?? {};
      const inherits = mailboxFacts === undefined || mailboxFacts.smtpClientAuthenticationDisabled === null;
      return confirmedIf(transport && transport.smtpClientAuthenticationDisabled && inherits);
    },
  },
  {
    code: 'exchange.mailbox-smtp-auth-disabled',
    prior: 40,
    shows: { 'smtp:mailbox-off': 'must', 'smtp:auth-139': 'often', 'smtp:auth-535': 'may' },
    check: 'smtp-auth',
    decide: ({ mailboxFacts }) => confirmedIf(mailboxFacts && mailboxFacts.smtpClientAuthenticationDisabled === true),
  },
  {
    code: 'exchange.token-expired',
    prior: 2,
    shows: REFUSED,
    clues: { 'token-over': 'definite' },
    check: 'token-times',
  },
  {
    code: 'exchange.tenant-mismatch',
    prior: 5,
    shows: REFUSED,
    clues: { 'without-role': 'may', 'worked-before': 'rarely' },
    check: 'mailbox-tenant',
    decide: ({ facts }) => {
      const [ofToken, ofMailbox] = [facts?.entra?.tenantId, facts?.exchange?.tenantId];
      return confirmedIf(ofToken === undefined || ofMailbox === undefined ? undefined : ofToken !== ofMailbox);
    },
  },
  {
    code: 'exchange.role-missing',
    prior: 45,
    shows: REFUSED,
    clues: {
      'token-accepted-before': 'never',
      'without-role': 'must',
      'worked-before': 'rarely',
      'got-through-since': 'never',
      'address-new': 'rarely',
    },
    check: 'consent',
    decide: (view) => {
      const { enterpriseApplication } = view;
      if (!enterpriseApplication) return undefined;
      return confirmedIf(consent(view) === undefined && !hasApplicationRole(view));
    },
  },
  {
    code: 'exchange.token-from-before-consent',
    prior: 15,
    shows: REFUSED,
    clues: {
      'token-accepted-before': 'never',
      'from-cache': 'must',
      'without-role': 'must',
      'got-through-since': 'often',
      'worked-before': 'may',
      'address-new': 'rarely',
    },
    check: 'consent',
    decide: consentIsNewer,
  },
  {
    code: 'exchange.service-principal-missing',
    prior: 40,
    shows: REFUSED,
    clues: {
      'without-role': 'rarely',
      'worked-before': 'rarely',
      'got-through-since': 'rarely',
      'address-new': 'rarely',
    },
    check: 'service-principal',
    decide: ({ facts, clientId, objectIdInExchange }) =>
      confirmedIf(clientId === undefined ? undefined : facts?.exchange?.servicePrincipals && !objectIdInExchange),
  },
  {
    code: 'exchange.service-principal-wrong-object-id',
    prior: 60,
    shows: REFUSED,
    clues: {
      'without-role': 'rarely',
      'worked-before': 'rarely',
      'got-through-since': 'rarely',
      'address-new': 'rarely',
    },
    check: 'service-principal',
    decide: ({ objectIdInExchange, enterpriseApplication, facts }) => {
      if (!facts?.exchange?.servicePrincipals || !enterpriseApplication) return undefined;
      return confirmedIf(objectIdInExchange !== undefined && objectIdInExchange !== enterpriseApplication.objectId);
    },
  },
  {
    code: 'exchange.mailbox-unknown',
    prior: 20,
    shows: REFUSED,
    clues: {
      'without-role': 'rarely',
      'address-new': 'often',
      'worked-before': 'rarely',
      'got-through-since': 'rarely',
    },
    check: 'mailbox',
    decide: ({ facts, mailbox, mailboxFacts }) =>
      confirmedIf(mailbox === undefined ? undefined : facts?.exchange?.mailboxes && mailboxFacts === undefined),
  },
  {
    code: 'exchange.mailbox-soft-deleted',
    prior: 8,
    shows: REFUSED,
    clues: {
      'token-accepted-before': 'often',
      'without-role': 'rarely',
      'worked-before': 'must',
      'got-through-since': 'rarely',
      'address-new': 'rarely',
    },
    check: 'mailbox',
    decide: ({ mailboxFacts }) => confirmedIf(mailboxFacts && mailboxFacts.softDeleted),
  },
  {
    code: 'exchange.mailbox-unlicensed',
    prior: 15,
    shows: REFUSED,
    clues: {
      'token-accepted-before': 'often',
      'without-role': 'rarely',
      'worked-before': 'often',
      'got-through-since': 'rarely',
      'address-new': 'rarely',
    },
    check: 'mailbox',
    decide: ({ mailboxFacts }) => confirmedIf(mailboxFacts && !mailboxFacts.softDeleted && !mailboxFacts.usable),
  },
  {
    code: 'exchange.mailbox-out-of-scope',
    prior: 4,
    shows: { ...REFUSED, 'smtp:logon': 'may' },
    clues: {
      'token-accepted-before': 'rarely',
      'without-role': 'must',
      'worked-before': 'may',
      'got-through-since': 'never',
    },
    check: 'application-role',
    decide: (view) => {
      const role = applicationRole(view);
      if (!view.facts?.exchange?.applicationRoles || !view.enterpriseApplication) return undefined;
      if (role === undefined || consent(view) !== undefined) return 'excluded';
      return confirmedIf(view.mailbox === undefined ? undefined : !role.mailboxesInScope.includes(view.mailbox));
    },
  },
  {
    code: 'exchange.basic-authentication',
    prior: 20,
    shows: { 'smtp:basic-blocked': 'must', 'smtp:auth-139': 'may', 'smtp:auth-535': 'rarely' },
    check: 'smtp-server-page',
  },
  {
    code: 'exchange.basic-authentication-retired',
    prior: 20,
    shows: { 'smtp:basic-retired': 'must' },
    check: 'smtp-server-page',
  },
  {
    code: 'exchange.security-defaults',
    prior: 10,
    shows: { 'smtp:security-defaults': 'must', 'smtp:auth-139': 'may', 'smtp:criteria': 'rarely' },
    check: 'smtp-server-page',
  },
  {
    code: 'exchange.password-wrong',
    prior: 10,
    shows: { 'smtp:credentials': 'must', 'smtp:auth-139': 'may', 'smtp:auth-535': 'rarely' },
    check: 'smtp-server-page',
  },
  {
    code: 'exchange.tls-required',
    prior: 10,
    shows: { 'smtp:starttls-required': 'must', 'smtp:not-authenticated': 'rarely' },
    check: 'smtp-server-page',
  },
  {
    code: 'exchange.authentication-required',
    prior: 12,
    shows: { 'smtp:not-authenticated': 'must' },
    check: 'smtp-server-page',
  },
];

type Consent = { name: string; since?: string };

function consent({ enterpriseApplication }: CaseView): Consent | undefined {
  return enterpriseApplication?.roles.find(({ name }) => name === REQUIRED_ROLE);
}

function applicationRole({ facts, enterpriseApplication }: CaseView) {
  return facts?.exchange?.applicationRoles?.find(({ objectId }) => objectId === enterpriseApplication?.objectId);
}

function hasApplicationRole(view: CaseView): boolean {
  return applicationRole(view) !== undefined;
}

/** Consent was given after the node had got the token that it still uses. */
function consentIsNewer(view: CaseView): Decision | undefined {
  if (!view.enterpriseApplication) return undefined;
  const given = consent(view);
  if (!given || view.token?.fromCache === false) return 'excluded';
  const obtainedAt = view.token?.obtainedAt;
  if (given.since === undefined || obtainedAt === undefined) return undefined;
  return confirmedIf(Date.parse(given.since) > Date.parse(obtainedAt));
}

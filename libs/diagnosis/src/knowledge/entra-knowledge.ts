import type { CaseView } from '../case-view.ts';
import { confirmedIf, type Decision, type Knowledge } from './knowledge.ts';

/** What is younger than this may not have reached every server yet (fact sheet microsoft 1.5: some seconds). */
const FRESH_MS = 30 * 60_000;

/** Answers of the token endpoint: most are told apart by their number (fact sheet microsoft 1.5). */
export const ENTRA_KNOWLEDGE: readonly Knowledge[] = [
  {
    code: 'entra.service-down',
    prior: 4,
    shows: { 'http:5xx': 'must', 'http:html': 'must' },
    check: 'service-health',
    decide: ({ facts }) => healthIs(facts?.entra?.health, 'down'),
  },
  {
    code: 'entra.service-degraded',
    prior: 4,
    shows: { 'aadsts:90033': 'must', 'aadsts:90024': 'must', 'aadsts:90006': 'must' },
    check: 'service-health',
  },
  { code: 'entra.throttled', prior: 4, shows: { 'http:429': 'must', 'aadsts:90055': 'must' }, check: 'sign-in-logs' },
  { code: 'entra.request-loop', prior: 2, shows: { 'aadsts:50196': 'must' }, check: 'sign-in-logs' },
  {
    code: 'entra.not-json',
    prior: 8,
    shows: { 'http:page': 'must', 'http:html': 'must', 'http:other': 'must', 'http:5xx': 'rarely' },
    check: 'token-with-curl',
  },
  {
    code: 'entra.tenant-unknown',
    prior: 40,
    shows: { 'aadsts:90002': 'must' },
    check: 'tenant-id',
    decide: ({ settings, facts }) =>
      confirmedIf(settings?.tenantId === undefined ? undefined : settings.tenantId !== facts?.entra?.tenantId),
  },
  {
    code: 'entra.tenant-malformed',
    prior: 15,
    shows: {
      'aadsts:900023': 'must',
      'aadsts:900021': 'must',
      'aadsts:9001023': 'must',
      'aadsts:50059': 'must',
      'aadsts:50194': 'must',
    },
    check: 'tenant-id',
  },
  {
    code: 'entra.client-id-invalid',
    prior: 8,
    shows: { 'aadsts:700038': 'must', 'aadsts:900144': 'may' },
    check: 'client-id',
  },
  {
    code: 'entra.application-unknown',
    prior: 30,
    shows: { 'aadsts:700016': 'must' },
    clues: { 'out-of-sync': 'impossible' },
    check: 'client-id',
    decide: ({ facts, clientId, registration }) =>
      confirmedIf(clientId === undefined ? undefined : facts?.entra?.applications && registration === undefined),
  },
  {
    code: 'entra.application-too-new',
    prior: 3,
    shows: { 'aadsts:700016': 'must' },
    check: 'client-id',
    decide: (view) => confirmedIf(view.facts?.entra?.applications && isFresh(view.registration?.createdAt, view)),
  },
  {
    code: 'entra.application-disabled',
    prior: 5,
    shows: { 'aadsts:7000112': 'must' },
    check: 'enterprise-application',
  },
  {
    code: 'entra.service-principal-missing',
    prior: 4,
    shows: { 'aadsts:7000229': 'must', 'aadsts:700016': 'may' },
    check: 'enterprise-application',
    decide: ({ facts, registration, enterpriseApplication }) =>
      confirmedIf(
        facts?.entra?.enterpriseApplications && registration !== undefined && enterpriseApplication === undefined,
      ),
  },
  {
    code: 'entra.secret-missing',
    prior: 6,
    shows: { 'aadsts:7000218': 'must', 'aadsts:7000216': 'must', 'aadsts:900144': 'rarely' },
    check: 'secrets',
  },
  {
    code: 'entra.secret-wrong',
    prior: 40,
    shows: { 'aadsts:7000215': 'must' },
    clues: { 'secret-looks-like-id': 'never', 'out-of-sync': 'impossible' },
    check: 'secrets',
  },
  {
    code: 'entra.secret-is-the-id',
    prior: 35,
    shows: { 'aadsts:7000215': 'must' },
    clues: { 'secret-looks-like-id': 'must', 'out-of-sync': 'impossible' },
    check: 'secrets',
  },
  {
    code: 'entra.secret-expired',
    prior: 50,
    shows: { 'aadsts:7000222': 'must', 'alarm:secret-expired': 'often' },
    clues: { 'typed-date-to-come': 'impossible', 'alarm-of-the-secret': 'impossible', 'out-of-sync': 'impossible' },
    check: 'secrets',
  },
  {
    code: 'entra.secret-too-new',
    prior: 8,
    shows: { 'aadsts:7000215': 'must' },
    clues: { 'secret-looks-like-id': 'never', 'out-of-sync': 'impossible' },
    check: 'secrets',
    decide: secretIsFresh,
  },
  { code: 'entra.resource-disabled', prior: 2, shows: { 'aadsts:500014': 'must' }, check: 'exchange-application' },
  { code: 'entra.assignment-required', prior: 3, shows: { 'aadsts:501051': 'must' }, check: 'exchange-application' },
  {
    code: 'entra.conditional-access',
    prior: 8,
    shows: { 'aadsts:53003': 'must', 'smtp:criteria': 'may', 'smtp:auth-139': 'rarely' },
    check: 'conditional-access',
  },
];

function healthIs(health: string | undefined, expected: string): Decision | undefined {
  return health === undefined ? undefined : confirmedIf(health === expected);
}

/** Whether something had been created only shortly before the failure; undefined: created nobody knows when. */
function isFresh(createdAt: string | undefined, { failedAt }: CaseView): boolean {
  if (createdAt === undefined || failedAt === undefined) return false;
  const ageMs = failedAt - Date.parse(createdAt);
  return ageMs >= 0 && ageMs < FRESH_MS;
}

/** A fresh secret that no token was granted for yet speaks for it, but a wrong one may have been pasted just as well. */
function secretIsFresh(view: CaseView): Decision | undefined {
  if (!view.registration) return undefined;
  const { tokenGrantedAt = 0, settings } = view;
  const enteredAt = settings?.secretEnteredAt === undefined ? Infinity : Date.parse(settings.secretEnteredAt);
  const isThere = view.registration.secrets.some(({ createdAt, startsAt }) => {
    const since = createdAt ?? startsAt;
    const at = Date.parse(since);
    return isFresh(since, view) && at > tokenGrantedAt && at <= enteredAt;
  });
  return isThere ? 'supported' : 'excluded';
}

import type { CaseView } from '../case-view.ts';
import { confirmedIf, type Knowledge } from './knowledge.ts';

/** Answers to a session or a mail: nearly all have texts of their own (fact sheet microsoft 4.7, 4.9). */
export const EXCHANGE_SUBMISSION_KNOWLEDGE: readonly Knowledge[] = [
  {
    code: 'exchange.service-unavailable',
    prior: 5,
    shows: { 'smtp:unavailable': 'must', 'smtp:421': 'may' },
    check: 'service-health',
  },
  {
    code: 'exchange.too-many-connections',
    prior: 4,
    shows: { 'smtp:connections': 'must', 'smtp:421': 'may' },
    check: 'service-health',
  },
  { code: 'exchange.tls-rate-exceeded', prior: 2, shows: { 'smtp:tls-rate': 'must' }, check: 'service-health' },
  { code: 'exchange.too-few-resources', prior: 3, shows: { 'smtp:resources': 'must' }, check: 'service-health' },
  {
    code: 'exchange.rate-exceeded',
    prior: 8,
    shows: { 'smtp:rate': 'must', 'smtp:421': 'may' },
    check: 'message-trace',
  },
  { code: 'exchange.too-many-recipients', prior: 5, shows: { 'smtp:recipients': 'must' }, check: 'transport-config' },
  { code: 'exchange.mailbox-disabled', prior: 4, shows: { 'smtp:mailbox-disabled': 'must' }, check: 'mailbox' },
  { code: 'exchange.submission-disabled', prior: 3, shows: { 'smtp:submission-disabled': 'must' }, check: 'defender' },
  {
    code: 'exchange.no-full-access',
    prior: 60,
    shows: { 'smtp:logon': 'must' },
    clues: { 'in-turns': 'rarely' },
    check: 'mailbox-permission',
    decide: (view) => confirmedIf(negated(hasFullAccess(view))),
  },
  {
    code: 'exchange.permission-not-propagated',
    prior: 25,
    shows: { 'smtp:logon': 'must' },
    clues: { 'in-turns': 'may' },
    check: 'mailbox-permission',
    decide: (view) => confirmedIf(hasFullAccess(view)),
  },
  {
    code: 'exchange.send-as-denied',
    prior: 40,
    shows: { 'smtp:send-as': 'must' },
    clues: { 'sender-by-default': 'impossible' },
    check: 'sender',
  },
  { code: 'exchange.sender-restricted', prior: 6, shows: { 'smtp:restricted': 'must' }, check: 'defender' },
  { code: 'exchange.tenant-blocked', prior: 4, shows: { 'smtp:blocked': 'must' }, check: 'defender' },
  { code: 'exchange.concurrency-exceeded', prior: 6, shows: { 'smtp:concurrency': 'must' }, check: 'message-trace' },
  { code: 'exchange.daily-quota-exceeded', prior: 4, shows: { 'smtp:quota': 'must' }, check: 'message-trace' },
  { code: 'exchange.message-too-large', prior: 4, shows: { 'smtp:size': 'must' }, check: 'mailbox' },
  { code: 'exchange.mailbox-full', prior: 6, shows: { 'smtp:full': 'must' }, check: 'mailbox-size' },
  { code: 'exchange.recipient-unknown', prior: 15, shows: { 'bounce:unknown': 'must' }, check: 'bounce' },
  { code: 'exchange.recipient-mailbox-full', prior: 6, shows: { 'bounce:full': 'must' }, check: 'bounce' },
];

/** Whether Get-MailboxPermission shows the right, for an application whose rights hang on the mailbox. */
function hasFullAccess({ mailboxFacts, enterpriseApplication }: CaseView): boolean | undefined {
  if (!mailboxFacts || !enterpriseApplication) return undefined;
  if (enterpriseApplication.roles.every(({ name }) => name !== 'SMTP.SendAsApp')) return undefined;
  return mailboxFacts.fullAccess.includes(enterpriseApplication.objectId);
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

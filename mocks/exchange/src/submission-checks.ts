import type { AuthenticatedSender } from './auth-checks.ts';
import type { SendingBlock } from './organization-options.ts';
import { applicationAccessOf, fullAccessOf, sendAsOf, type Judging } from './judging.ts';
import type { Mailbox } from './mailbox.ts';

/** A message whose last byte has come, before it is accepted. */
export interface Submission {
  sender: AuthenticatedSender;
  sessionId: string;
  /** Address in the From header; empty when there is none. */
  headerFrom: string;
  recipients: number;
  bytes: number;
  /** Whether it could be read as a message at all. */
  isReadable: boolean;
}

export type SubmissionRefusalReason =
  | 'message-unreadable'
  | 'mailbox-disabled'
  | 'submission-disabled'
  | 'no-full-access'
  | 'permission-not-propagated'
  | 'mailbox-out-of-scope'
  | 'send-as-denied'
  | 'sender-restricted'
  | 'tenant-blocked'
  | 'concurrency-exceeded'
  | 'daily-quota-exceeded'
  | 'message-too-large'
  | 'mailbox-full';

export interface SubmissionRefusal {
  reason: SubmissionRefusalReason;
  code: number;
  /** Complete, with the server that it came from. */
  text: string;
}

export type SubmissionCheck = (submission: Submission, judging: Judging) => SubmissionRefusal | undefined;

/**
 * In the order of fact sheet microsoft 8.1: rights on the mailbox, the sender's address, concurrency, daily quota, size.
 * Where the sheet is silent the place is ours: a mailbox that is disabled cannot be logged on to, a spammer is known
 * before anything is counted, and Sent Items come last.
 */
const SUBMISSION_CHECKS: readonly SubmissionCheck[] = [
  messageIsReadable,
  mailboxIsEnabled,
  submissionIsEnabled,
  applicationHasAccess,
  senderIsAllowed,
  senderIsNotRestricted,
  tenantIsNotBlocked,
  connectionsAreFew,
  quotaOfTheDayIsLeft,
  messageIsSmallEnough,
  mailboxHasRoom,
];

export function judgeSubmission(submission: Submission, judging: Judging): SubmissionRefusal | undefined {
  for (const check of SUBMISSION_CHECKS) {
    const refusal = check(submission, judging);
    if (refusal) return refusal;
  }
  return undefined;
}

/** Texts of Microsoft's list of non-delivery codes; our memory of them, the codes alone are confirmed. */
const BLOCKS: Record<SendingBlock, string> = {
  '5.7.501': 'Access denied, spam abuse detected',
  '5.7.502': 'Access denied, banned sender',
  '5.7.503': 'Access denied, banned sender',
  '5.7.705': 'Access denied, tenant has exceeded threshold',
  '5.7.708': 'Access denied, traffic not accepted from this IP',
  '5.7.750': 'Service unavailable. Client blocked from sending from unregistered domains',
};

function messageIsReadable(submission: Submission, judging: Judging): SubmissionRefusal | undefined {
  if (submission.isReadable) return undefined;
  return refusal(submission, judging, 'message-unreadable', 554, '5.6.0 Invalid message content');
}

function mailboxIsEnabled(submission: Submission, judging: Judging): SubmissionRefusal | undefined {
  if (!mailboxOf(submission, judging)?.conditions.includes('disabled')) return undefined;
  return refusal(submission, judging, 'mailbox-disabled', 550, '5.2.1 Mailbox disabled, not accepting messages');
}

function submissionIsEnabled(submission: Submission, judging: Judging): SubmissionRefusal | undefined {
  if (!mailboxOf(submission, judging)?.conditions.includes('submission-disabled')) return undefined;
  const text = '5.7.1 Submission has been disabled for this account';
  return refusal(submission, judging, 'submission-disabled', 550, text);
}

/** A missing right is answered with a *transient* code: clients queue the mail and try again (fact sheet microsoft 4.6). */
function applicationHasAccess(submission: Submission, judging: Judging): SubmissionRefusal | undefined {
  const { application, mailbox: address } = submission.sender;
  if (!application) return undefined; // the owner, with the password
  const { objectId, hasTokenRole } = application;
  if (!hasTokenRole) {
    if (applicationAccessOf(address, objectId, judging) === 'in-scope') return undefined;
    return logonFailure(submission, judging, 'mailbox-out-of-scope');
  }
  const mailbox = mailboxOf(submission, judging);
  const right = mailbox ? fullAccessOf(mailbox, objectId, judging) : 'none';
  if (right === 'effective') return undefined;
  return logonFailure(submission, judging, right === 'none' ? 'no-full-access' : 'permission-not-propagated');
}

/** The mailbox may send as itself; as anybody else only with SendAs on that address (fact sheet microsoft 4.5). */
function senderIsAllowed(submission: Submission, judging: Judging): SubmissionRefusal | undefined {
  const { sender, headerFrom } = submission;
  const from = headerFrom.toLowerCase();
  if (from === sender.mailbox || mailboxOf(submission, judging)?.aliases.includes(from)) return undefined;
  const other = judging.online.findByAddress(sender.mailbox)?.findMailbox(from);
  if (other && sendAsOf(other, sender.application?.objectId ?? sender.mailbox, judging) === 'effective')
    return undefined;
  return refusal(
    submission,
    judging,
    'send-as-denied',
    554,
    `5.2.252 SendAsDenied; ${sender.mailbox} not allowed to send as ${headerFrom}; STOREDRV.Submission.` +
      'Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a permanent ' +
      'exception with message [BeginDiagnosticData]Cannot submit message. 0.35250:...[EndDiagnosticData]',
  );
}

function senderIsNotRestricted(submission: Submission, judging: Judging): SubmissionRefusal | undefined {
  if (!mailboxOf(submission, judging)?.conditions.includes('restricted')) return undefined;
  return refusal(submission, judging, 'sender-restricted', 550, '5.1.8 Access denied, bad outbound sender');
}

function tenantIsNotBlocked(submission: Submission, judging: Judging): SubmissionRefusal | undefined {
  const block = judging.online.findByAddress(submission.sender.mailbox)?.sendingBlock;
  return block && refusal(submission, judging, 'tenant-blocked', 550, `${block} ${BLOCKS[block]}`);
}

function connectionsAreFew(submission: Submission, judging: Judging): SubmissionRefusal | undefined {
  const { online, settings } = judging;
  const { mailbox } = submission.sender;
  if (online.ledger.claimConnection(mailbox, submission.sessionId, settings.concurrentConnectionsMax)) return undefined;
  return refusal(submission, judging, 'concurrency-exceeded', 432, settings.concurrencyText);
}

function quotaOfTheDayIsLeft(submission: Submission, judging: Judging): SubmissionRefusal | undefined {
  const { online, settings, now } = judging;
  const used = online.ledger.recipientsOfTheDay(submission.sender.mailbox, now);
  if (used + submission.recipients <= settings.recipientsPerDayMax) return undefined;
  // What follows the name of the exception is not known.
  const text = '5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException';
  return refusal(submission, judging, 'daily-quota-exceeded', 554, text);
}

function messageIsSmallEnough(submission: Submission, judging: Judging): SubmissionRefusal | undefined {
  const { sendBytesMax = Infinity } = mailboxOf(submission, judging) ?? {};
  if (submission.bytes <= sendBytesMax) return undefined;
  const text = '5.3.4 Message size exceeds fixed maximum message size';
  return refusal(submission, judging, 'message-too-large', 552, text);
}

function mailboxHasRoom(submission: Submission, judging: Judging): SubmissionRefusal | undefined {
  if (!mailboxOf(submission, judging)?.conditions.includes('full')) return undefined;
  const text =
    '5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded';
  return refusal(submission, judging, 'mailbox-full', 554, text);
}

function logonFailure(submission: Submission, judging: Judging, reason: SubmissionRefusalReason): SubmissionRefusal {
  const host = judging.online.findByAddress(submission.sender.mailbox)?.serverHost ?? '';
  return refusal(
    submission,
    judging,
    reason,
    430,
    // The middle of the diagnostic data is abridged.
    '4.2.0 STOREDRV; mailbox logon failure; STOREDRV.Submission.Exception:ConnectionFailedTransientException.' +
      'MapiExceptionLogonFailed; Failed to process message due to a transient exception with message ' +
      `[BeginDiagnosticData]Cannot open mailbox. Server = ${host} ... AuthenticationContext has no rights on this ` +
      'session ...[EndDiagnosticData]',
  );
}

function mailboxOf({ sender }: Submission, { online }: Judging): Mailbox | undefined {
  return online.findByAddress(sender.mailbox)?.findMailbox(sender.mailbox);
}

function refusal(
  { sender }: Submission,
  { online }: Judging,
  reason: SubmissionRefusalReason,
  code: number,
  text: string,
): SubmissionRefusal {
  return { reason, code, text: `${text} [Hostname=${online.findByAddress(sender.mailbox)?.serverHost ?? ''}]` };
}

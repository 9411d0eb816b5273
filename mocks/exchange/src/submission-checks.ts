import type { AuthenticatedApplication } from './auth-checks.ts';
import type { ExchangeOnline } from './exchange-online.ts';

/** A message whose last byte has come, before it is accepted. */
export interface Submission {
  application: AuthenticatedApplication;
  /** Address in the From header; empty when there is none. */
  headerFrom: string;
}

export interface SubmissionRefusal {
  reason: 'no-full-access' | 'send-as-denied';
  code: number;
  /** Complete, with the server that it came from. */
  text: string;
}

export type SubmissionCheck = (submission: Submission, online: ExchangeOnline) => SubmissionRefusal | undefined;

/** In the order of fact sheet microsoft 8.1: rights on the mailbox before the sender's address. */
const SUBMISSION_CHECKS: readonly SubmissionCheck[] = [applicationHasFullAccess, senderIsAllowed];

export function judgeSubmission(submission: Submission, online: ExchangeOnline): SubmissionRefusal | undefined {
  for (const check of SUBMISSION_CHECKS) {
    const refusal = check(submission, online);
    if (refusal) return refusal;
  }
  return undefined;
}

/** A missing right is answered with a *transient* code: clients queue the mail and try again (fact sheet microsoft 4.6). */
function applicationHasFullAccess({ application }: Submission, online: ExchangeOnline): SubmissionRefusal | undefined {
  const organization = online.findByAddress(application.mailbox);
  if (organization?.findMailbox(application.mailbox)?.fullAccess.has(application.objectId)) return undefined;
  const host = organization?.serverHost ?? '';
  return {
    reason: 'no-full-access',
    code: 430,
    // The middle of the diagnostic data is abridged.
    text:
      '4.2.0 STOREDRV; mailbox logon failure; STOREDRV.Submission.Exception:ConnectionFailedTransientException.' +
      'MapiExceptionLogonFailed; Failed to process message due to a transient exception with message ' +
      `[BeginDiagnosticData]Cannot open mailbox. Server = ${host} ... AuthenticationContext has no rights on this ` +
      `session ...[EndDiagnosticData] [Hostname=${host}]`,
  };
}

/** The mailbox may send as itself; as anybody else only with SendAs on that address (fact sheet microsoft 4.5). */
function senderIsAllowed(
  { application, headerFrom }: Submission,
  online: ExchangeOnline,
): SubmissionRefusal | undefined {
  const from = headerFrom.toLowerCase();
  if (from === application.mailbox) return undefined;
  const organization = online.findByAddress(application.mailbox);
  if (organization?.findMailbox(from)?.sendAs.has(application.objectId)) return undefined;
  return {
    reason: 'send-as-denied',
    code: 554,
    text:
      `5.2.252 SendAsDenied; ${application.mailbox} not allowed to send as ${headerFrom}; STOREDRV.Submission.` +
      'Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a permanent ' +
      'exception with message [BeginDiagnosticData]Cannot submit message. 0.35250:...[EndDiagnosticData] ' +
      `[Hostname=${organization?.serverHost ?? ''}]`,
  };
}

import { guiMessageOf, type SubmissionFailure } from '#libs/mail-submission';

/** Why a mail was not delivered, in one line: the server's reply where there is one, else what the page would show. */
export function failureText(failure: SubmissionFailure): string {
  switch (failure.stage) {
    case 'settings':
      return 'no SMTP server is configured';
    case 'session':
    case 'auth':
    case 'envelope':
    case 'data':
      return failure.reply.line;
    default:
      return guiMessageOf(failure, 'the SMTP server');
  }
}

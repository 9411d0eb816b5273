export { guiMessageOf } from './gui-message.ts';
export { javaExceptionOf } from './java-exception.ts';
export {
  SmtpSession,
  describe,
  type OutgoingMail,
  type SessionOutcome,
  type SmtpSessionOptions,
} from './smtp-session.ts';
export { permanenceOf, type Permanence, type SmtpReply, type SubmissionFailure } from './submission-failure.ts';
export { MailQueue, type MailQueueOptions, type MailVerdict } from './mail-queue.ts';

export { guiMessageOf } from './gui-message.ts';
export { MailOutbox, type OutboxEntry, type OutboxMail } from './mail-outbox.ts';
export { MailQueue, type DutyVerdict, type MailEnd, type MailQueueOptions, type MailVerdict } from './mail-queue.ts';
export { SmtpSession, type OutgoingMail, type SessionOutcome, type SmtpSessionOptions } from './smtp-session.ts';
export { type Permanence, type SmtpReply, type SubmissionFailure } from './submission-failure.ts';

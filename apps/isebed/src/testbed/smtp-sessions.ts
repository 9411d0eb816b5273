import { fieldText, type JournalRecord } from '#libs/simulation';
import type { StoredMessage } from '#mocks/exchange';

/** A session with the SMTP server, from its greeting to its end. Instants are epoch milliseconds. */
export interface SmtpSessionView {
  sessionId: string;
  openedAt: number;
  /** Absent while it is open. */
  closedAt?: number;
  /** The mailbox that it authenticated for. */
  mailbox?: string;
  /** What went over the wire, without tokens and passwords. */
  transcript: { at: number; from: 'client' | 'server'; line: string }[];
  /** What was refused, and why in our own words: the wire does not tell. */
  refusals: { at: number; reply: string; reason: string; explanation: string }[];
  /** Message-IDs of what was accepted. */
  accepted: string[];
}

/** Sessions as the journal has them. Simplified: without transcripts and refusals, which it does not tell apart by session. */
export function sessionsInJournal(
  records: readonly JournalRecord[],
  messages: readonly StoredMessage[],
): SmtpSessionView[] {
  const sessions = new Map<string, SmtpSessionView>();
  for (const record of records) {
    const sessionId = fieldText(record, 'sessionId');
    const at = Date.parse(record.t);
    if (record.kind === 'exchange.session-opened') {
      sessions.set(sessionId, { sessionId, openedAt: at, transcript: [], refusals: [], accepted: [] });
    }
    const session = sessions.get(sessionId);
    if (session && record.kind === 'exchange.session-closed') session.closedAt = at;
  }
  for (const { submittedBy, messageId } of messages) {
    const session = submittedBy && sessions.get(submittedBy.sessionId);
    session?.accepted.push(messageId);
    if (session) session.mailbox = submittedBy.mailbox;
  }
  return [...sessions.values()];
}

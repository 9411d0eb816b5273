const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Session IDs are hexadecimal: none begins like this. */
const OTHER_CLIENT = 'other client ';

interface Account {
  /** Sessions that may submit. */
  sessions: Set<string>;
  /** When the messages of the last minute were begun. */
  messages: number[];
  /** Recipients of the last 24 hours. */
  recipients: { at: number; count: number }[];
}

/** What each mailbox has used of its limits (fact sheet microsoft 4.7). Instants are epoch milliseconds. */
export class SubmissionLedger {
  private readonly accounts = new Map<string, Account>();

  /** Whether the session is, or becomes, one of the `max` that may submit for this mailbox at once. */
  claimConnection(mailbox: string, sessionId: string, max: number): boolean {
    const { sessions } = this.account(mailbox);
    if (sessions.size < max) sessions.add(sessionId);
    return sessions.has(sessionId);
  }

  /** Other clients hold so many of the mailbox's connections, from now on. */
  holdConnections(mailbox: string, count: number): void {
    const { sessions } = this.account(mailbox);
    for (const session of [...sessions]) if (session.startsWith(OTHER_CLIENT)) sessions.delete(session);
    for (let other = 1; other <= count; other += 1) sessions.add(`${OTHER_CLIENT}${other}`);
  }

  releaseConnection(sessionId: string): void {
    for (const { sessions } of this.accounts.values()) sessions.delete(sessionId);
  }

  /** How long until a further message may begin; 0 when it may now. */
  waitForMessageMs(mailbox: string, now: number, perMinuteMax: number): number {
    const account = this.account(mailbox);
    account.messages = account.messages.filter((at) => now - at < MINUTE_MS);
    const decisive = account.messages[account.messages.length - perMinuteMax];
    return decisive === undefined ? 0 : decisive + MINUTE_MS - now;
  }

  beginMessage(mailbox: string, now: number): void {
    this.account(mailbox).messages.push(now);
  }

  /** Recipients that it has addressed in the last 24 hours. */
  recipientsOfTheDay(mailbox: string, now: number): number {
    const account = this.account(mailbox);
    account.recipients = account.recipients.filter(({ at }) => now - at < DAY_MS);
    return account.recipients.reduce((sum, { count }) => sum + count, 0);
  }

  addRecipients(mailbox: string, count: number, now: number): void {
    this.account(mailbox).recipients.push({ at: now, count });
  }

  clear(): void {
    this.accounts.clear();
  }

  private account(mailbox: string): Account {
    const present = this.accounts.get(mailbox);
    if (present) return present;
    const account: Account = { sessions: new Set(), messages: [], recipients: [] };
    this.accounts.set(mailbox, account);
    return account;
  }
}

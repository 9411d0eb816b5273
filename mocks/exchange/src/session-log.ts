/** One line of a session, as it may be shown: tokens and passwords are not in it. */
export interface TranscriptLine {
  /** Epoch milliseconds. */
  at: number;
  from: 'client' | 'server';
  line: string;
}

/** Something that was refused, and why in our own words: the wire does not tell. */
export interface SessionRefusal {
  at: number;
  /** As it went over the wire. */
  reply: string;
  /** `service-principal-wrong-object-id`, `no-full-access`, `line-too-long` … */
  reason: string;
  explanation: string;
  expected?: string;
  actual?: string;
}

/** An SMTP session, from the connection to its end. */
export interface SessionRecord {
  sessionId: string;
  openedAt: number;
  /** Absent while it is open. */
  closedAt?: number;
  isSecure: boolean;
  /** The mailbox that it authenticated for. */
  mailbox?: string;
  transcript: TranscriptLine[];
  /** Lines that are not in the transcript, which keeps the first ones. */
  linesOmitted: number;
  refusals: SessionRefusal[];
  /** Message-IDs of what was accepted. */
  accepted: string[];
}

const LINES_MAX = 500;
const REFUSALS_MAX = 50;

/** The latest sessions, oldest first. */
export class SessionLog {
  private readonly entries: SessionRecord[] = [];

  constructor(private readonly keptMax: number) {}

  get sessions(): readonly SessionRecord[] {
    return this.entries;
  }

  open(sessionId: string, openedAt: number): SessionRecord {
    const session: SessionRecord = {
      sessionId,
      openedAt,
      isSecure: false,
      transcript: [],
      linesOmitted: 0,
      refusals: [],
      accepted: [],
    };
    this.entries.push(session);
    if (this.entries.length > this.keptMax) this.entries.shift();
    return session;
  }

  clear(): void {
    this.entries.length = 0;
  }
}

export function addLine(session: SessionRecord, line: TranscriptLine): void {
  if (session.transcript.length < LINES_MAX) session.transcript.push(line);
  else session.linesOmitted += 1;
}

export function addRefusal(session: SessionRecord, refusal: SessionRefusal): void {
  if (session.refusals.length < REFUSALS_MAX) session.refusals.push(refusal);
}

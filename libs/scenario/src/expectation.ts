export const MAIL_TYPES = [
  'guest-expiry',
  'password-expiry',
  'guest-credentials',
  'sponsor-summary',
  'approval-request',
  'guest-notice',
  'alarm',
  'test',
] as const;
export type MailType = (typeof MAIL_TYPES)[number];

export const MAIL_OUTCOMES = ['delivered', 'refused', 'retrying', 'unknown', 'withdrawn', 'none'] as const;
/**
 * `retrying`: not sent so far, and still in the node's queue. `unknown`: the server may have it, the node does not know
 * and does not send it again. `withdrawn`: another node has taken over the duty. `none`: no such mail was sent at all.
 */
export type MailOutcome = (typeof MAIL_OUTCOMES)[number];

export const REFUSERS = ['exchange', 'entra', 'network', 'tls', 'ise'] as const;
/** Who stopped the mail: the SMTP server, the token endpoint, a connection or TLS that failed, or the node itself. */
export type Refuser = (typeof REFUSERS)[number];

export const LOG_LEVELS = ['FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A line of guest.log. `logger`, `thread` and `text` are substrings; what is absent matches anything. */
export interface LogExpectation {
  /** The line in the scenario file, from 1. */
  readonly line: number;
  /** In a click step the clicked node, if the file names none. Absent: any node. */
  readonly node?: string;
  readonly logger?: string;
  readonly level?: LogLevel;
  readonly thread?: string;
  readonly text?: string;
}

/** What the mail looks like, apart from what became of it. */
export interface MailMatch {
  readonly type?: MailType;
  /** Name of the node that sent it. */
  readonly from?: string;
  /** An address, or one of the words `guest`, `sponsor`, `admins`. */
  readonly to?: string;
  /** As `to`. */
  readonly cc?: string;
  /** The whole subject. */
  readonly subject?: string;
  readonly by?: Refuser;
  /** Substring of the body. */
  readonly text?: string;
}

/** A mail that came of the step. */
export interface MailExpectation extends MailMatch {
  /** The line in the scenario file, from 1. */
  readonly line: number;
  readonly outcome: MailOutcome;
}

export const ALARM_SEVERITIES = ['Critical', 'Warning', 'Info'] as const;
export type AlarmSeverityName = (typeof ALARM_SEVERITIES)[number];

export const ALARM_DELIVERIES = ['delivered', 'retrying', 'undeliverable', 'not-mailed'] as const;
/** What became of an alarm's mail; `not-mailed`: nobody was to get one. */
export type AlarmDeliveryName = (typeof ALARM_DELIVERIES)[number];

/** An alarm that came of the step. */
export interface AlarmExpectation {
  /** The line in the scenario file, from 1. */
  readonly line: number;
  readonly name: string;
  /** The node that it is about. */
  readonly on?: string;
  readonly severity?: AlarmSeverityName;
  /** Exactly so often in this step; absent: at least once. */
  readonly count?: number;
  /** What became of the alarm's mail; absent: not looked at. */
  readonly mailed?: AlarmDeliveryName;
}

/** Exactly `count` mails of the whole run match. */
export interface MailCountExpectation extends MailMatch {
  /** The line in the scenario file, from 1. */
  readonly line: number;
  readonly outcome?: Exclude<MailOutcome, 'none'>;
  readonly count: number;
}

/** The alarm was raised exactly `count` times in the whole run. */
export interface AlarmCountExpectation {
  /** The line in the scenario file, from 1. */
  readonly line: number;
  readonly name: string;
  readonly on?: string;
  readonly count: number;
}

/** What must hold at the end of the run. */
export interface EndExpectations {
  readonly mails: readonly MailCountExpectation[];
  readonly alarms: readonly AlarmCountExpectation[];
  readonly log: readonly LogExpectation[];
}

/** What must hold after a step. */
export interface StepExpectations {
  readonly log: readonly LogExpectation[];
  readonly mail: readonly MailExpectation[];
  readonly alarm: readonly AlarmExpectation[];
}

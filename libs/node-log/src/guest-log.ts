import { AsyncLocalStorage } from 'node:async_hooks';
import { fieldText, type Journal, type JournalRecord } from '#libs/simulation';

/** Levels of Debug Log Configuration, most severe first (fact sheet ise 10). */
export const LOG_LEVELS = ['FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The two debug components that write guest.log here (fact sheet ise 10). */
export const LOG_COMPONENTS = ['guest-access-admin', 'guestaccess'] as const;
export type LogComponent = (typeof LOG_COMPONENTS)[number];

/** Who is at work: the Java thread, and the administrator on whose behalf. */
export interface LogContext {
  thread: string;
  user?: string;
}

const OUTSIDE_ANY_THREAD: LogContext = { thread: 'main' };

/**
 * guest.log of one node. A line is a journal record of the kind `guest.log`, so the file is a view of the journal
 * (`renderGuestLog`). A line below the level of its component is not written at all.
 */
export class GuestLog {
  private readonly levels = new Map<LogComponent, LogLevel>(LOG_COMPONENTS.map((component) => [component, 'INFO']));
  private readonly contexts = new AsyncLocalStorage<LogContext>();

  /** @param skewMs milliseconds that the node's own time, which its lines show, is ahead of the journal's */
  constructor(
    private readonly node: string,
    private readonly journal: Journal,
    private readonly skewMs: () => number = () => 0,
  ) {}

  setLevel(component: LogComponent, level: LogLevel): void {
    this.levels.set(component, level);
  }

  levelOf(component: LogComponent): LogLevel {
    return this.levels.get(component) ?? 'INFO';
  }

  /** Runs `work` as if on the named Java thread; what it logs, now or later, says so. */
  onThread<T>(context: LogContext, work: () => T): T {
    return this.contexts.run(context, work);
  }

  logger(logger: LoggerName): Logger {
    return {
      error: (text) => this.write(logger, 'ERROR', text),
      info: (text) => this.write(logger, 'INFO', text),
      debug: (text) => this.write(logger, 'DEBUG', text),
    };
  }

  private write(logger: LoggerName, level: LogLevel, text: string): void {
    const component: LogComponent = logger.startsWith('cpm.admin.') ? 'guest-access-admin' : 'guestaccess';
    if (LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(this.levelOf(component))) return;
    const { thread, user } = this.contexts.getStore() ?? OUTSIDE_ANY_THREAD;
    const skewMs = this.skewMs() || undefined;
    this.journal.record({ kind: 'guest.log', node: this.node, level, thread, user, logger, text, skewMs });
  }
}

/** Writes lines of one logger. A text of several lines continues below the first, as a Java stack trace does. */
export interface Logger {
  error(text: string): void;
  info(text: string): void;
  debug(text: string): void;
}

/**
 * Loggers seen in the field (fact sheet ise 1.4). The excerpts are clipped at 102 columns; names that were cut are
 * completed here with the likeliest reading.
 */
export const LOGGERS = {
  settingsPage: 'cpm.admin.guestaccess.action.SmtpServerSettingsAction',
  tokenCache: 'cpm.guestaccess.apiservices.oauth.OauthTokenCache',
  tokenProvider: 'cpm.guestaccess.apiservices.oauth.ExchangeOnlineProvider',
  smtpSession: 'cpm.guestaccess.apiservices.util.SmtpSession',
  mailJob: 'cpm.guestaccess.apiservices.util.SmtpMsgRetryThreadUtil',
} as const;
export type LoggerName = (typeof LOGGERS)[keyof typeof LOGGERS];

/** The file as a node would have it: one line per record, oldest first. */
export function renderGuestLog(records: readonly JournalRecord[], node: string): string {
  return records
    .filter((record) => record.kind === 'guest.log' && record.node === node)
    .map((record) => `${renderGuestLogLine(record)}\n`)
    .join('');
}

/** `yyyy-MM-dd HH:mm:ss,SSS LEVEL [thread][[]] logger -::user:::- text` (fact sheet ise 1.4), times in UTC. */
export function renderGuestLogLine(record: JournalRecord): string {
  const at = new Date(Date.parse(record.t) + Number(record['skewMs'] ?? 0)).toISOString();
  const time = at.replace('T', ' ').replace('.', ',').replace('Z', '');
  const field = (name: string): string => fieldText(record, name);
  return `${time} ${field('level').padEnd(5)} [${field('thread')}][[]] ${field('logger')} -::${field('user')}:::- ${field('text')}`;
}

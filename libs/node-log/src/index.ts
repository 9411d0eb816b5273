export {
  GuestLog,
  LOGGERS,
  LOG_COMPONENTS,
  LOG_LEVELS,
  renderGuestLog,
  renderGuestLogLine,
  type LogComponent,
  type LogContext,
  type LogLevel,
  type Logger,
} from './guest-log.ts';

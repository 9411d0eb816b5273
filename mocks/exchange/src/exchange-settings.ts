import type { Reply } from './smtp/protocol-refusals.ts';

/** How long a new right takes to reach the mailbox servers; milliseconds since it was given. */
export interface PermissionPropagation {
  /** At first nobody knows of it. */
  denyMs: number;
  /** Then some servers do and others do not: for so long after `denyMs`, it works and fails in turns. */
  flapMs: number;
  /** Length of a turn; the first one works. */
  flapEveryMs: number;
}

/**
 * Limits of the service, and its answers where the real one's are not known. Bounds are those of fact sheet
 * microsoft 4.7 and 4.9; what is marked ours is a choice.
 */
export interface ExchangeSettings {
  /** Announced as SIZE, and refused beyond. */
  messageBytesMax: number;
  /** Ours: octets of a command line. A token of 12 KB must pass. */
  lineBytesMax: number;
  headerBytesMax: number;
  /** Ours: bad commands in one session, the last of which ends it. */
  protocolErrorsMax: number;
  /** Ours: of real or virtual time without a byte from the client. */
  idleMsMax: number;
  /** Ours: sessions of the whole server. */
  connectionsMax: number;
  /** Authenticated sessions of one mailbox that may submit. */
  concurrentConnectionsMax: number;
  messagesPerMinuteMax: number;
  /** Ours: how long MAIL waits for its turn before it is refused with `rateExceeded`. */
  rateDelayMsMax: number;
  /** Recipients that one mailbox may address in 24 hours. */
  recipientsPerDayMax: number;
  permissionPropagation: PermissionPropagation;
  /** Unknown: which of three known replies port 587 gives to AUTH without TLS. */
  authBeforeTls: Reply;
  /** Unknown: what follows after the delay for the 31st message. */
  rateExceeded: Reply;
  /** Of a 2021 log, or the text that Microsoft's page had (both 432 4.3.2). */
  concurrencyText: string;
  /** Unknown: where an application that is confined by RBAC learns that a mailbox is out of its scope. */
  outOfScopeShowsAt: 'authentication' | 'submission';
  /** Ours: requests to the admin REST of the whole service in five minutes; beyond them it answers 429. */
  adminRequestsMax: number;
  /** Ours: sessions kept with their transcripts, the latest ones. */
  sessionsKeptMax: number;
}

/** For programs under test that send more than a mailbox may. */
export const WITHOUT_LIMITS: Partial<ExchangeSettings> = {
  concurrentConnectionsMax: Number.MAX_SAFE_INTEGER,
  messagesPerMinuteMax: Number.MAX_SAFE_INTEGER,
  recipientsPerDayMax: Number.MAX_SAFE_INTEGER,
  adminRequestsMax: Number.MAX_SAFE_INTEGER,
};

export const USUAL_SETTINGS: ExchangeSettings = {
  messageBytesMax: 157_286_400,
  lineBytesMax: 32_768,
  headerBytesMax: 262_144,
  protocolErrorsMax: 10,
  idleMsMax: 300_000,
  connectionsMax: 5_000,
  concurrentConnectionsMax: 3,
  messagesPerMinuteMax: 30,
  rateDelayMsMax: 30_000,
  recipientsPerDayMax: 10_000,
  permissionPropagation: { denyMs: 0, flapMs: 0, flapEveryMs: 60_000 },
  authBeforeTls: { code: 504, text: '5.7.4 Unrecognized authentication type' },
  rateExceeded: {
    code: 421,
    text: '4.4.2 Message submission rate for this client has exceeded the configured limit',
  },
  concurrencyText:
    '4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information.',
  outOfScopeShowsAt: 'authentication',
  adminRequestsMax: 2_000,
  sessionsKeptMax: 1_000,
};

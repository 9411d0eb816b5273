import { defined, numeric, oneOf, optional, text, type EvidenceRecord } from './evidence.ts';
import type {
  IseObservation,
  Observation,
  ObservationSource,
  PathStage,
  Peer,
  SeenNetworkFailure,
  SettingsObservation,
  SmtpStage,
} from './observation.ts';

const TOKEN_ENDPOINT_HOST = 'login.microsoftonline.com';

/** What a proxy answered, by the code that the node has for it. */
const PROXY_STATUS: Readonly<Record<string, number>> = {
  'network.proxy-authentication-required': 407,
  'network.proxy-forbidden': 403,
  'network.proxy-bad-gateway': 502,
};

export const NETWORK_FAILURES: readonly SeenNetworkFailure[] = [
  'dns-failure',
  'connect-timeout',
  'connection-refused',
  'connection-reset',
  'connection-closed',
  'read-timeout',
];

/** Where a reply came, as far as the record tells. */
const REPLY_STAGES: Readonly<Record<string, SmtpStage>> = { auth: 'auth', data: 'end-of-data' };

const LOSS_STAGES: Readonly<Record<string, PathStage>> = {
  greeting: 'greeting',
  ehlo: 'greeting',
  starttls: 'starttls',
  tls: 'tls',
  token: 'token',
  auth: 'auth',
  mail: 'mail',
  rcpt: 'rcpt',
  data: 'data',
  'end-of-data': 'end-of-data',
};

export function sourceOf(record: EvidenceRecord): ObservationSource {
  return { seq: record.seq, ...defined({ node: optional(record['node']), at: optional(record['t']) }) };
}

export function settingsOf(record: EvidenceRecord): SettingsObservation {
  const { authentication, secretForm } = record;
  return {
    kind: 'settings',
    present: true,
    ...defined({
      smtpServer: optional(record['host']),
      smtpPort: numeric(record['port']),
      encryption: typeof record['encryption'] === 'boolean' ? record['encryption'] : undefined,
      authentication: oneOf(['none', 'password', 'oauth'], authentication),
      emailAddress: optional(record['user']),
      tenantId: optional(record['tenantId']),
      clientId: optional(record['clientId']),
      secretForm: oneOf(['empty', 'guid', 'other'], secretForm),
    }),
    source: sourceOf(record),
  };
}

/** What ISE stopped itself: the record says so, and nothing follows from it. */
export function iseObservations(record: EvidenceRecord): Observation[] {
  const source = sourceOf(record);
  const seen = (event: IseObservation['event'], host?: unknown): Observation[] => [
    { kind: 'ise', event, ...defined({ host: optional(host) }), source },
  ];
  switch (record.kind) {
    case 'smtp-server.save-refused':
      return seen('save-refused');
    case 'alarm.not-mailed':
      // Where no administrator has an address, nobody expects a mail.
      return record['reason'] === 'no recipients' && (numeric(record['unticked']) ?? 0) > 0
        ? seen('alarm-without-recipients')
        : [];
    case 'alarm.delayed':
      return record['isActive'] === true ? seen('active-mnt-unreachable', record['to']) : [];
    case 'guests.no-primary-pan':
      return seen('primary-pan-unreachable', record['primary']);
    default:
      return notComposed(record, seen);
  }
}

function notComposed(
  record: EvidenceRecord,
  seen: (event: IseObservation['event'], host?: unknown) => Observation[],
): Observation[] {
  if (record['code'] === 'notification.node-deregistered') return seen('node-deregistered', record['node']);
  if (!text(record['type']).startsWith('guest-')) return [];
  if (record['code'] === 'notification.disabled') return seen('guest-mail-disabled');
  return record['code'] === 'notification.no-recipient' ? seen('guest-without-address') : [];
}

export function tokenObservations(record: EvidenceRecord): Observation[] {
  const source = sourceOf(record);
  if (record.kind === 'token.acquired') {
    const fromCache = record['fromCache'] === true;
    const own = defined({ clientId: optional(record['clientId']), expiresAt: optional(record['expiresAt']) });
    return [{ kind: 'token', fromCache, ...own, ...(fromCache ? {} : defined({ obtainedAt: source.at })), source }];
  }
  const status = numeric(record['status']);
  const description = text(record['description']);
  const aadsts = numeric(record['aadsts']);
  if (record.kind === 'token.refused' && aadsts !== undefined) {
    const sentence = description.replace(/^AADSTS\d+: /, '');
    return [
      {
        kind: 'aadsts',
        number: aadsts,
        description: sentence,
        ...defined({ status, error: optional(record['error']) }),
        source,
      },
    ];
  }
  const body = /<!DOCTYPE|<html/i.test(description) ? 'html' : 'text';
  return [{ kind: 'http', body, text: description, ...defined({ status }), host: TOKEN_ENDPOINT_HOST, source }];
}

/** What ended a session, as the node has it; what dial and TLS recorded themselves is not repeated. */
export function sessionFailure(record: EvidenceRecord): Observation[] {
  const source = sourceOf(record);
  const code = text(record['code']);
  const peer = record['peer'] === 'token-endpoint' ? 'token-endpoint' : 'smtp';
  switch (record['stage']) {
    case 'session':
    case 'auth':
    case 'envelope':
    case 'data':
      return replyOf(record);
    case 'connection': {
      const stage = LOSS_STAGES[text(record['during'])] ?? 'greeting';
      const failure = oneOf(NETWORK_FAILURES, code.replace('network.', '')) ?? 'connection-closed';
      const host = text(record['host']);
      return [{ kind: 'network', outcome: 'failed', failure, stage, peer, host, source }];
    }
    case 'dial':
      return peer === 'smtp' ? proxyAnswer(code, 'smtp', source) : [];
    case 'protocol':
      return [{ kind: 'exception', name: 'protocol', message: text(record['description']), peer, source }];
    default:
      return [];
  }
}

function replyOf(record: EvidenceRecord): Observation[] {
  const match = /^(\d{3})[ -]?(?:(\d\.\d{1,3}\.\d{1,3}) ?)?(.*)$/s.exec(text(record['reply']));
  if (!match) return [];
  const stage = REPLY_STAGES[text(record['stage'])];
  return [
    {
      kind: 'smtp-reply',
      code: Number(match[1]),
      text: match[3] ?? '',
      ...defined({ enhanced: match[2], stage }),
      source: sourceOf(record),
    },
  ];
}

function proxyAnswer(code: string, target: string, source: ObservationSource): Observation[] {
  const status = PROXY_STATUS[code];
  return status === undefined ? [] : [{ kind: 'proxy', status, target, source }];
}

export function bounceOf(record: EvidenceRecord): Observation {
  const reply = text(record['reply']);
  const enhanced = /\d\.\d{1,3}\.\d{1,3}/.exec(reply)?.[0] ?? '';
  return {
    kind: 'bounce',
    enhanced,
    text: reply,
    ...defined({ recipient: optional(record['to']) }),
    source: sourceOf(record),
  };
}

export function peerOf(host: string): Peer {
  return host === TOKEN_ENDPOINT_HOST ? 'token-endpoint' : 'smtp';
}

/** A token endpoint that was not reached: what a proxy answered; the rest was recorded when it was dialled. */
export function tokenUnreachable(record: EvidenceRecord): Observation[] {
  return proxyAnswer(text(record['failure']), `${TOKEN_ENDPOINT_HOST}:443`, sourceOf(record));
}

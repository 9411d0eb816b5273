import { optional, text, type EvidenceRecord } from './evidence.ts';
import type {
  IseObservation,
  Observation,
  ObservationSource,
  PathStage,
  Peer,
  SeenNetworkFailure,
  SeenTlsFailure,
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

const NETWORK_FAILURES: readonly SeenNetworkFailure[] = [
  'dns-failure',
  'connect-timeout',
  'connection-refused',
  'connection-reset',
  'connection-closed',
  'read-timeout',
];

const TLS_FAILURES: readonly SeenTlsFailure[] = [
  'no-certification-path',
  'expired',
  'not-yet-valid',
  'wrong-name',
  'no-common-version',
  'starttls-not-offered',
  'handshake-failed',
  'timed-out',
  'connection-reset',
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

/**
 * Reads the records of a journal as what the nodes saw, and the mailbox that they send from (a non-delivery report).
 * Nothing is taken from what the Microsoft side, a proxy, a firewall or a fault says of itself.
 */
export class JournalReader {
  private readonly dials = new Map<number, EvidenceRecord>();
  private readonly connectedAt = new Map<string, number>();
  private readonly mails = new Map<string, EvidenceRecord>();
  private readonly tests = new Map<number, EvidenceRecord>();
  private saved: EvidenceRecord | undefined;
  private isRestored = false;

  /** The records must come in order. */
  read(record: EvidenceRecord): Observation[] {
    const source = sourceOf(record);
    switch (record.kind) {
      case 'network.dialled':
        this.dials.set(record.seq, record);
        return [];
      case 'network.connected':
        this.connectedAt.set(`${text(record['node'])} ${text(record['host'])}`, timeOf(record));
        return [
          { kind: 'network', outcome: 'connected', ...this.dialled(record), elapsedMs: number(record['ms']), source },
        ];
      case 'network.failed':
        return [
          {
            kind: 'network',
            outcome: 'failed',
            failure: oneOf(NETWORK_FAILURES, record['failure']) ?? 'unreachable',
            stage: record['failure'] === 'dns-failure' ? 'name' : 'connect',
            ...this.dialled(record),
            elapsedMs: number(record['ms']),
            source,
          },
        ];
      case 'tls.established':
      case 'tls.failed':
        return this.tls(record);
      case 'token.acquired':
      case 'token.refused':
      case 'token.garbled':
        return tokenObservations(record);
      case 'smtp-server.saved':
        this.saved = record;
        this.isRestored = false;
        return [];
      case 'config.restored':
        this.isRestored = true;
        return [];
      case 'replication.status':
        return [{ kind: 'node', status: text(record['status']), source }];
      case 'smtp-server.save-refused':
      case 'mail.not-composed':
      case 'alarm.not-mailed':
      case 'alarm.delayed':
      case 'guests.no-primary-pan':
        return iseObservations(record);
      case 'smtp-server.test-started':
        this.tests.set(record.seq, record);
        return [];
      case 'smtp.session-started':
        return [{ ...settingsOf(record), ...defined(this.typed(record)) }];
      case 'smtp.authenticated':
        return [
          {
            kind: 'smtp-reply',
            code: 235,
            enhanced: '2.7.0',
            text: 'Authentication successful',
            stage: 'auth',
            source,
          },
        ];
      case 'token.unreachable':
        return proxyAnswer(text(record['failure']), `${TOKEN_ENDPOINT_HOST}:443`, source);
      case 'smtp.session-failed':
        return sessionFailure(record);
      case 'mail.composed':
        this.mails.set(text(record['mail']), record);
        return [];
      case 'mail.accepted':
      case 'mail.refused':
        return this.mail(record);
      case 'smtp-server.tested': {
        const outcome = record['connected'] === true ? 'connected' : 'not-connected';
        const gui: Observation[] =
          outcome === 'connected' ? [] : [{ kind: 'gui', text: text(record['message']), source }];
        return [...gui, { kind: 'mail', type: 'test-connection', outcome, source }];
      }
      case 'exchange.message-bounced':
        return [bounceOf(record)];
      default:
        return [];
    }
  }

  /** A test of what is being typed, or what was saved last. */
  private typed(record: EvidenceRecord): { secretEnteredAt?: string; secretExpiryTyped?: string } {
    const test = this.tests.get(record.cause ?? 0);
    if (test?.['secretAsSaved'] === false) return defined({ secretEnteredAt: optional(record['t']) });
    return defined({
      secretEnteredAt: optional(this.saved?.['t']),
      secretExpiryTyped: optional(this.saved?.['expiryDate']),
    });
  }

  private dialled(record: EvidenceRecord): { host: string; port?: number; proxyFor?: string; peer?: Peer } {
    const proxyFor = optional(this.dials.get(record['cause'] ?? 0)?.['proxyFor']);
    const host = text(record['host']);
    const port = number(record['port']);
    const peer = peerOf(proxyFor?.split(':')[0] ?? host);
    return { host, peer, ...(port === undefined ? {} : { port }), ...(proxyFor === undefined ? {} : { proxyFor }) };
  }

  private tls(record: EvidenceRecord): Observation[] {
    const source = sourceOf(record);
    const host = text(record['host']);
    const presented = number(record['presented']);
    const began = this.connectedAt.get(`${text(record['node'])} ${host}`);
    const lacking = record['lacking'];
    const seen: Observation = {
      kind: 'tls',
      outcome: record.kind === 'tls.established' ? 'established' : 'failed',
      peer: peerOf(host),
      host,
      ...defined({
        failure: oneOf(TLS_FAILURES, record['failure']),
        certificate: optional(record['certificate']),
        issuer: optional(record['issuer']),
        presented,
        protocol: optional(record['protocol']),
        halfHeard: typeof record['halfHeard'] === 'boolean' ? record['halfHeard'] : undefined,
        elapsedMs: began === undefined ? undefined : timeOf(record) - began,
      }),
      ...(lacking === 'infrastructure' || lacking === 'enabled'
        ? { nearMiss: { name: text(record['trustedBut']), lacking } }
        : {}),
      source,
    };
    const clockSkewMs = number(record['clockSkewMs']);
    return clockSkewMs === undefined ? [seen] : [seen, { kind: 'node', clockSkewMs, source }];
  }

  private mail(record: EvidenceRecord): Observation[] {
    const source = sourceOf(record);
    const composed = this.mails.get(text(record['mail']));
    const accepted = record.kind === 'mail.accepted';
    const mail: Observation = {
      kind: 'mail',
      type: text(composed?.['type']),
      outcome: accepted ? 'accepted' : 'refused',
      ...defined({
        from: optional(composed?.['from']),
        to: addresses(composed?.['to']),
        subject: optional(composed?.['subject']),
      }),
      source,
    };
    if (record['code'] !== 'settings.not-configured') return [mail];
    return [{ kind: 'settings', present: false, restored: this.isRestored, source }, mail];
  }
}

function sourceOf(record: EvidenceRecord): ObservationSource {
  return { seq: record.seq, ...defined({ node: optional(record['node']), at: optional(record['t']) }) };
}

function settingsOf(record: EvidenceRecord): SettingsObservation {
  const { authentication, secretForm } = record;
  return {
    kind: 'settings',
    present: true,
    ...defined({
      smtpServer: optional(record['host']),
      smtpPort: number(record['port']),
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
function iseObservations(record: EvidenceRecord): Observation[] {
  const source = sourceOf(record);
  const seen = (event: IseObservation['event'], host?: unknown): Observation[] => [
    { kind: 'ise', event, ...defined({ host: optional(host) }), source },
  ];
  switch (record.kind) {
    case 'smtp-server.save-refused':
      return seen('save-refused');
    case 'alarm.not-mailed':
      return record['reason'] === 'no recipients' ? seen('alarm-without-recipients') : [];
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

function tokenObservations(record: EvidenceRecord): Observation[] {
  const source = sourceOf(record);
  if (record.kind === 'token.acquired') {
    const fromCache = record['fromCache'] === true;
    const own = defined({ clientId: optional(record['clientId']), expiresAt: optional(record['expiresAt']) });
    return [{ kind: 'token', fromCache, ...own, ...(fromCache ? {} : defined({ obtainedAt: source.at })), source }];
  }
  const status = number(record['status']);
  const description = text(record['description']);
  const aadsts = number(record['aadsts']);
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
function sessionFailure(record: EvidenceRecord): Observation[] {
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

function bounceOf(record: EvidenceRecord): Observation {
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

function peerOf(host: string): Peer {
  return host === TOKEN_ENDPOINT_HOST ? 'token-endpoint' : 'smtp';
}

function timeOf(record: EvidenceRecord): number {
  return Date.parse(text(record['t']));
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function addresses(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value);
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}

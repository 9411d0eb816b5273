import { addresses, defined, instantOf, numeric, oneOf, optional, text, type EvidenceRecord } from './evidence.ts';
import type { Observation, Peer, SeenTlsFailure } from './observation.ts';
import {
  NETWORK_FAILURES,
  bounceOf,
  iseObservations,
  peerOf,
  sessionFailure,
  settingsOf,
  sourceOf,
  tokenObservations,
  tokenUnreachable,
} from './record-observations.ts';

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
        this.connectedAt.set(`${text(record['node'])} ${text(record['host'])}`, instantOf(record));
        return [
          { kind: 'network', outcome: 'connected', ...this.dialled(record), elapsedMs: numeric(record['ms']), source },
        ];
      case 'network.failed':
        return [
          {
            kind: 'network',
            outcome: 'failed',
            failure: oneOf(NETWORK_FAILURES, record['failure']) ?? 'unreachable',
            stage: record['failure'] === 'dns-failure' ? 'name' : 'connect',
            ...this.dialled(record),
            elapsedMs: numeric(record['ms']),
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
        return tokenUnreachable(record);
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
    const port = numeric(record['port']);
    const peer = peerOf(proxyFor?.split(':')[0] ?? host);
    return { host, peer, ...(port === undefined ? {} : { port }), ...(proxyFor === undefined ? {} : { proxyFor }) };
  }

  private tls(record: EvidenceRecord): Observation[] {
    const source = sourceOf(record);
    const host = text(record['host']);
    const presented = numeric(record['presented']);
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
        elapsedMs: began === undefined ? undefined : instantOf(record) - began,
      }),
      ...(lacking === 'infrastructure' || lacking === 'enabled'
        ? { nearMiss: { name: text(record['trustedBut']), lacking } }
        : {}),
      source,
    };
    const clockSkewMs = numeric(record['clockSkewMs']);
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

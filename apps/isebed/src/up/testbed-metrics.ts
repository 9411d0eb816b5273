import { Counter, Gauge, Registry } from 'prom-client';
import type { JournalRecord } from '#libs/simulation';
import { fieldText } from '#libs/simulation';

/** Mails whose end is not known yet; the oldest beyond these are counted as of unknown type. */
const PENDING_MAX = 10_000;

/** Metrics for Prometheus, a view of the journal. */
export class TestbedMetrics {
  readonly registry = new Registry();
  private readonly types = new Map<string, string>();
  private readonly mails = new Counter({
    name: 'isebed_mails_total',
    help: 'Mails of ISE nodes by what became of them: accepted, retrying, refused or not-composed.',
    labelNames: ['node', 'type', 'outcome'],
    registers: [this.registry],
  });
  private readonly tokens = new Counter({
    name: 'isebed_tokens_total',
    help: 'Answers of the token endpoint: granted, or the AADSTS code of the refusal.',
    labelNames: ['answer'],
    registers: [this.registry],
  });
  private readonly replies = new Counter({
    name: 'isebed_smtp_sessions_total',
    help: 'SMTP submission by reply code and enhanced status code: 235 and refusals of AUTH, 250 and refusals of DATA.',
    labelNames: ['stage', 'reply', 'enhanced'],
    registers: [this.registry],
  });

  /** @param archivedMails how many mails there are to read */
  constructor(archivedMails: () => number) {
    new Gauge({
      name: 'isebed_archived_mails',
      help: 'Mails that can be read through the API.',
      registers: [this.registry],
      collect() {
        this.set(archivedMails());
      },
    });
  }

  note(record: JournalRecord): void {
    const { kind, node = '' } = record;
    const mail = fieldText(record, 'mail');
    switch (kind) {
      case 'mail.composed':
        return this.remember(mail, fieldText(record, 'type'));
      case 'mail.accepted':
        return this.count(node, mail, 'accepted');
      case 'mail.retry-scheduled':
        return this.mails.inc({ node, type: this.types.get(mail) ?? 'unknown', outcome: 'retrying' });
      case 'mail.given-up':
        return this.count(node, mail, 'refused');
      case 'mail.not-composed':
        return this.mails.inc({ node, type: fieldText(record, 'type'), outcome: 'not-composed' });
      case 'entra.token-granted':
        return this.tokens.inc({ answer: 'granted' });
      case 'entra.token-refused':
        return this.tokens.inc({ answer: `AADSTS${fieldText(record, 'aadsts')}` });
      case 'exchange.auth-accepted':
        return this.replies.inc({ stage: 'auth', reply: '235', enhanced: '2.7.0' });
      case 'exchange.auth-refused':
        return this.replies.inc({ stage: 'auth', ...codesOf(record) });
      case 'exchange.message-accepted':
        return this.replies.inc({ stage: 'data', reply: '250', enhanced: '2.0.0' });
      case 'exchange.message-refused':
        return this.replies.inc({ stage: 'data', ...codesOf(record) });
    }
  }

  private remember(mail: string, type: string): void {
    const [oldest] = this.types.keys();
    if (oldest !== undefined && this.types.size >= PENDING_MAX) this.types.delete(oldest);
    this.types.set(mail, type);
  }

  private count(node: string, mail: string, outcome: string): void {
    this.mails.inc({ node, type: this.types.get(mail) ?? 'unknown', outcome });
    this.types.delete(mail);
  }
}

/** `535 5.7.3 Authentication unsuccessful …` as its two codes. */
function codesOf(record: JournalRecord): { reply: string; enhanced: string } {
  const [, reply = '', enhanced = ''] = /^(\d{3}) (\d\.\d{1,3}\.\d{1,3})?/.exec(fieldText(record, 'reply')) ?? [];
  return { reply, enhanced };
}

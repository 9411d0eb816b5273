import { chooseFailure, timeOf } from './choose-failure.ts';
import type {
  MailObservation,
  NodeObservation,
  Observation,
  SettingsObservation,
  TlsObservation,
  TokenObservation,
} from './observation.ts';
import { readingOf, type Reading } from './reading.ts';
import type { ApplicationFacts, EnterpriseApplicationFacts, MailboxFacts, TenantFacts } from './tenant-facts.ts';

/** An attempt that succeeded earlier, with the settings it succeeded with, as far as they are known. */
export interface EarlierSuccess {
  mail: MailObservation;
  settings: SettingsObservation | undefined;
}

/** The observations of one failure, and what can be told from them without judging. */
export class CaseView {
  readonly readings: readonly Reading[];
  /** What is to be explained; undefined when nothing failed. */
  readonly failure: Reading | undefined;

  constructor(
    readonly observations: readonly Observation[],
    /** Of earlier attempts, of any node, in order. */
    readonly history: readonly Observation[] = [],
    readonly facts: TenantFacts | undefined = undefined,
  ) {
    this.readings = observations.flatMap((observation) => readingOf(observation) ?? []);
    this.failure = chooseFailure(this.readings);
  }

  /** The last observation of a kind. */
  readonly last = <K extends Observation['kind']>(kind: K): Extract<Observation, { kind: K }> | undefined =>
    this.observations.findLast((one): one is Extract<Observation, { kind: K }> => one.kind === kind);

  get settings(): SettingsObservation | undefined {
    return this.last('settings');
  }

  get token(): TokenObservation | undefined {
    return this.last('token');
  }

  get node(): NodeObservation | undefined {
    return this.last('node');
  }

  /** The TLS session that failed. */
  get failedTls(): TlsObservation | undefined {
    return this.observations.findLast((one): one is TlsObservation => one.kind === 'tls' && one.outcome === 'failed');
  }

  /** Epoch milliseconds of the failure, where its source gives a time. */
  get failedAt(): number | undefined {
    return timeOf(this.failure?.observation);
  }

  get clientId(): string | undefined {
    return this.namedClientId ?? mailApplicationIn(this.facts);
  }

  /** Nothing names the application or the mailbox: what the tenant shows is of those that it probably is about. */
  get isGuessed(): boolean {
    const isAlone = this.facts?.entra?.applications?.length === 1;
    return (this.namedClientId === undefined && !isAlone) || this.mailbox === undefined;
  }

  private get namedClientId(): string | undefined {
    const named = this.settings?.clientId ?? this.token?.clientId ?? this.last('aadsts')?.clientId;
    return named?.toLowerCase();
  }

  get mailbox(): string | undefined {
    return (this.settings?.emailAddress ?? this.last('mail')?.from)?.toLowerCase();
  }

  get server(): string | undefined {
    const failing = this.failure?.observation;
    if (failing && 'host' in failing && failing.host !== undefined) return failing.host;
    if (failing?.kind === 'proxy') return failing.target;
    return this.failedTls?.host;
  }

  /** When the application last got a token, on any node; epoch milliseconds. */
  get tokenGrantedAt(): number | undefined {
    return timeOf(
      this.history.findLast(
        (one) => one.kind === 'token' && one.fromCache === false && one.clientId?.toLowerCase() === this.clientId,
      ),
    );
  }

  get registration(): ApplicationFacts | undefined {
    return this.facts?.entra?.applications?.find(({ clientId }) => clientId === this.clientId);
  }

  get enterpriseApplication(): EnterpriseApplicationFacts | undefined {
    return this.facts?.entra?.enterpriseApplications?.find(({ clientId }) => clientId === this.clientId);
  }

  /** The object ID under which Exchange knows the application. */
  get objectIdInExchange(): string | undefined {
    return this.facts?.exchange?.servicePrincipals?.find(({ appId }) => appId === this.clientId)?.objectId;
  }

  get mailboxFacts(): MailboxFacts | undefined {
    const { mailbox } = this;
    const { mailboxes = [] } = this.facts?.exchange ?? {};
    // Where nothing names the mailbox, a tenant with a single one leaves no choice.
    if (mailbox === undefined) return mailboxes.length === 1 ? mailboxes[0] : undefined;
    return mailboxes.find(({ address, aliases = [] }) => address === mailbox || aliases.includes(mailbox));
  }

  /** Earlier attempts that succeeded, oldest first. */
  get successes(): EarlierSuccess[] {
    const settings = new Map<string, SettingsObservation>();
    const successes: EarlierSuccess[] = [];
    for (const one of this.history) {
      const node = one.source.node ?? '';
      if (one.kind === 'settings') settings.set(node, one);
      if (one.kind !== 'mail' || (one.outcome !== 'accepted' && one.outcome !== 'connected')) continue;
      successes.push({ mail: one, settings: settings.get(node) });
    }
    return successes;
  }

  /** What was seen, on any node, after the last attempt that succeeded. */
  get sinceSuccess(): readonly Observation[] {
    const last = this.history.findLastIndex(
      (one) => one.kind === 'mail' && (one.outcome === 'accepted' || one.outcome === 'connected'),
    );
    return this.history.slice(last + 1);
  }
}

/** The application that mails, where nothing names it: the tenant's only one, or the only one that has to do with SMTP. */
function mailApplicationIn(facts: TenantFacts | undefined): string | undefined {
  const { applications = [], enterpriseApplications = [] } = facts?.entra ?? {};
  const { servicePrincipals = [] } = facts?.exchange ?? {};
  const clientIds = applications.map(({ clientId }) => clientId);
  const hasRole = (clientId: string, role: string): boolean =>
    enterpriseApplications.some((one) => one.clientId === clientId && one.roles.some(({ name }) => name === role));
  const mailing = clientIds.filter(
    (clientId) => hasRole(clientId, 'SMTP.SendAsApp') || servicePrincipals.some(({ appId }) => appId === clientId),
  );
  const others = clientIds.filter((clientId) => !hasRole(clientId, 'Exchange.ManageAsApp'));
  return [clientIds, mailing, others].find(({ length }) => length === 1)?.[0];
}

import type {
  MailObservation,
  NodeObservation,
  Observation,
  SettingsObservation,
  TlsObservation,
  TokenObservation,
} from './observation.ts';
import { isBefore } from './path.ts';
import { readingOf, type Reading } from './reading.ts';
import type { ApplicationFacts, EnterpriseApplicationFacts, MailboxFacts, TenantFacts } from './tenant-facts.ts';

/** Failures this far apart in time are of different attempts. */
const ATTEMPT_MS_MAX = 5 * 60_000;

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
    this.failure = decisiveFailure(this.readings);
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
    const named = this.settings?.clientId ?? this.token?.clientId ?? this.last('aadsts')?.clientId;
    if (named !== undefined) return named.toLowerCase();
    const { applications = [] } = this.facts?.entra ?? {};
    return applications.length === 1 ? applications[0]?.clientId : undefined;
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
    return this.facts?.exchange?.mailboxes?.find(({ address }) => address === this.mailbox);
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

/** Epoch milliseconds at which it was seen. */
export function timeOf(observation: Observation | undefined): number | undefined {
  const at = observation?.source.at;
  const time = at === undefined ? Number.NaN : Date.parse(at);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * Of all that failed: what a protocol says before what an exception or a page says; of several attempts the last one;
 * and of that the first step on the path, since nothing behind it was tried.
 */
function decisiveFailure(readings: readonly Reading[]): Reading | undefined {
  const failures = readings.filter(({ outcome }) => outcome === 'failed');
  const known = failures.filter(({ symptoms }) => symptoms.length > 0);
  const candidates = known.length > 0 ? known : failures;
  const precision = Math.max(...candidates.map((one) => one.precision));
  const latest = Math.max(...failures.map(({ observation }) => timeOf(observation) ?? Number.NEGATIVE_INFINITY));
  const recent = candidates.filter(({ observation }) => {
    const time = timeOf(observation);
    return time === undefined || latest - time <= ATTEMPT_MS_MAX;
  });
  const precise = recent.filter((one) => one.precision === precision);
  const [first, ...others] = precise.length > 0 ? precise : recent;
  if (!first) return undefined;
  return others.reduce((earliest, other) => (isBefore(other.step, earliest.step) ? other : earliest), first);
}

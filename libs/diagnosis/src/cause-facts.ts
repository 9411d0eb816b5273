import leven from 'leven';
import type { CaseView } from './case-view.ts';
import type { Language } from './language.ts';
import { STEP_LABELS } from './path.ts';
import type { CauseFacts } from './root-cause.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What the texts about a cause may name, from what was seen and from the state of the tenant. */
export function causeFactsOf(view: CaseView, code: string, language: Language): CauseFacts {
  const { failure, failedTls, enterpriseApplication } = view;
  const failing = failure?.observation;
  const [expected, actual] = contrastOf(view, code);
  const facts: CauseFacts = {
    host: addressOf(view, code),
    expected,
    actual,
    mailbox: view.mailbox,
    recipient: failing?.kind === 'bounce' ? failing.recipient : undefined,
    tenant: view.settings?.tenantId ?? view.last('aadsts')?.tenant,
    clientId: view.clientId ?? enterpriseApplication?.clientId,
    certificate: failedTls?.nearMiss?.name ?? failedTls?.certificate,
    proxy: proxyOf(view),
    during: failure && STEP_LABELS[failure.step][language],
    skew: skewOf(view.node?.clockSkewMs),
    answer: failure?.text,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== ''));
}

/** What should be, and what is instead. */
function contrastOf(view: CaseView, code: string): [string | undefined, string | undefined] {
  const issuer = view.failedTls?.issuer;
  switch (code) {
    case 'tls.chain-changed': {
      const before = view.history.find(
        (one) => one.kind === 'tls' && one.outcome === 'established' && one.host === view.failedTls?.host,
      );
      return [before?.kind === 'tls' ? before.issuer : undefined, issuer];
    }
    case 'network.dns-failure':
      return [misspelt(view.server), undefined];
    case 'tls.intercepted':
      return [undefined, issuer];
    case 'tls.intermediate-missing':
      return [issuer, undefined];
    case 'ise.typed-expiry-date-wrong':
      return [view.settings?.secretExpiryTyped, undefined];
    case 'ise.node-out-of-sync':
      return [syncStatusOf(view), undefined];
    case 'ise.alarm-sender-unset':
    case 'exchange.send-as-denied':
      return [view.mailbox, view.last('mail')?.from];
    case 'exchange.tenant-mismatch':
      return [view.facts?.exchange?.tenantId, view.facts?.entra?.tenantId];
    case 'exchange.service-principal-missing':
    case 'exchange.service-principal-wrong-object-id':
    case 'exchange.no-full-access':
      return [view.enterpriseApplication?.objectId ?? view.token?.objectId, view.objectIdInExchange];
    default:
      return [undefined, undefined];
  }
}

/** The servers of Exchange Online and Entra, as the SMTP Server page has them (fact sheet ise 1.2). */
const USUAL_SERVERS = ['smtp.office365.com', 'login.microsoftonline.com'];
const SLIPS_MAX = 3;

/** The usual server that a name was probably meant for. */
function misspelt(host: string | undefined): string | undefined {
  const name = host?.toLowerCase().replace(/:\d+$/, '');
  if (name === undefined || name.length > 80 || USUAL_SERVERS.includes(name)) return undefined;
  return USUAL_SERVERS.find((usual) => leven(name, usual) <= SLIPS_MAX);
}

const SYNC_STATUS: Readonly<Record<string, string>> = {
  Disconnected: 'cut off from the primary PAN',
  NotInSync: 'not in sync',
  ReplicationStopped: 'cut off for so long that its replication has stopped',
};

/** In words, how the node that made the attempt stands. */
function syncStatusOf({ history, failure }: CaseView): string | undefined {
  const node = failure?.observation.source.node;
  const known = history.findLast((one) => one.kind === 'node' && one.status !== undefined && one.source.node === node);
  return known?.kind === 'node' ? SYNC_STATUS[known.status ?? ''] : undefined;
}

function addressOf(view: CaseView, code: string): string | undefined {
  const failing = view.failure?.observation;
  if (code === 'ise.node-out-of-sync') return failing?.source.node;
  if (failing?.kind === 'network') {
    return failing.proxyFor ?? (failing.port === undefined ? failing.host : `${failing.host ?? ''}:${failing.port}`);
  }
  return view.server;
}

function proxyOf(view: CaseView): string | undefined {
  const failing = view.failure?.observation;
  if (failing?.kind === 'network' && failing.proxyFor !== undefined) {
    return failing.port === undefined ? failing.host : `${failing.host ?? ''}:${failing.port}`;
  }
  return failing?.kind === 'proxy' ? failing.proxy : view.settings?.proxy;
}

/** `60 days behind`; undefined for a clock that is right. */
function skewOf(ms: number | undefined): string | undefined {
  if (!ms) return undefined;
  const size =
    Math.abs(ms) >= DAY_MS ? `${Math.round(Math.abs(ms) / DAY_MS)} days` : `${Math.ceil(Math.abs(ms) / HOUR_MS)} h`;
  return `${size} ${ms < 0 ? 'behind' : 'ahead'}`;
}

import type { Conversation, TrafficEvent } from './conversation.ts';
import type { Payload } from './payload-store.ts';

/** First pause before something is sent again; it doubles each time (RFC 6298, 2.1 and 5.5). */
const RETRANSMIT_AFTER_MS = 1_000;
/** As Linux: `tcp_syn_retries`, `tcp_retries2`. */
export const SYN_RETRIES_MAX = 6;
const DATA_RETRIES_MAX = 15;

/** What happens on an open connection, at the place of the node that dialled it. */
export type WireStep = { readonly at: number } & (
  | { readonly kind: 'sent' | 'received'; readonly payloads: Payload[] }
  | { readonly kind: 'resent'; readonly offset: number; readonly payload: Payload }
  /** The peer has all that the node sent up to `offset`, and the node learns of it. */
  | { readonly kind: 'peer-ack'; readonly offset: number }
  | { readonly kind: 'node-close' | 'peer-close' | 'peer-close-ack' | 'peer-reset' }
  | { readonly kind: 'note'; readonly text: string }
);

/**
 * The steps of an open connection in the order of time. Acknowledgements of the peer, what it says to the end of the
 * node, and retransmissions follow from when bytes arrived, which the log knows.
 */
export function wireScript(conversation: Conversation, latencyMs: number, endedAt: number): WireStep[] {
  const { events } = conversation;
  const steps: WireStep[] = events.flatMap((event) => asStep(event) ?? []);
  steps.push(...peerAcknowledgements(events, latencyMs), ...retransmissions(events, latencyMs, endedAt));
  steps.push(...peerAnswerToClose(events, latencyMs));
  const lostAt = events.find(({ kind }) => kind === 'lost')?.at ?? Infinity;
  const inTime = steps.filter(({ at }) => at <= Math.min(endedAt, lostAt));
  // What arrived at one moment goes on at that moment: acknowledgements come before what they may travel with.
  inTime.sort((a, b) => a.at - b.at || Number(b.kind === 'peer-ack') - Number(a.kind === 'peer-ack'));
  return merged(inTime);
}

/** Moments at which something unanswered since `from` is sent again, before `until`. */
export function retryTimes(from: number, until: number, retriesMax: number): number[] {
  const times: number[] = [];
  let pauseMs = RETRANSMIT_AFTER_MS;
  for (let at = from + pauseMs; at < until && times.length < retriesMax; at += pauseMs) {
    times.push(at);
    pauseMs *= 2;
  }
  return times;
}

function asStep(event: TrafficEvent): WireStep | undefined {
  const { at } = event;
  switch (event.kind) {
    case 'sent':
    case 'received':
      return { at, kind: event.kind, payloads: [event.payload] };
    case 'note':
      return { at, kind: 'note', text: event.text };
    case 'node-close':
    case 'peer-close':
    case 'peer-reset':
      return { at, kind: event.kind };
    case 'said':
    case 'heard':
    case 'arrived':
    case 'close-arrived':
    case 'tls-begun':
    case 'lost':
      return undefined;
  }
}

function peerAcknowledgements(events: readonly TrafficEvent[], latencyMs: number): (WireStep & { offset: number })[] {
  let offset = 0;
  return events.flatMap((event) => {
    if (event.kind !== 'arrived') return [];
    offset += event.count;
    return { at: event.at + latencyMs, kind: 'peer-ack' as const, offset };
  });
}

/** A peer that is told of the end says that it is its own end, too, unless it has done so before. */
function peerAnswerToClose(events: readonly TrafficEvent[], latencyMs: number): WireStep[] {
  const find = (wanted: TrafficEvent['kind']): TrafficEvent | undefined => events.find(({ kind }) => kind === wanted);
  const nodeClose = find('node-close');
  if (!nodeClose || find('peer-reset')) return [];
  const peerClose = find('peer-close');
  const arrivedAt = find('close-arrived')?.at ?? (peerClose ? nodeClose.at + latencyMs : undefined);
  if (arrivedAt === undefined) return [];
  const at = arrivedAt + latencyMs;
  // Simplified: a peer may have more to say first, and would be answered with RST.
  return [{ at, kind: 'peer-close-ack' }, ...(peerClose ? [] : [{ at, kind: 'peer-close' as const }])];
}

function retransmissions(events: readonly TrafficEvent[], latencyMs: number, endedAt: number): WireStep[] {
  const acknowledged = peerAcknowledgements(events, latencyMs);
  const ackOf = (offset: number): number => acknowledged.find((ack) => ack.offset >= offset)?.at ?? Infinity;
  const END_KINDS: readonly string[] = ['peer-close', 'peer-reset', 'node-close', 'lost'];
  const over = Math.min(endedAt, ...events.filter(({ kind }) => END_KINDS.includes(kind)).map(({ at }) => at));
  let offset = 0;
  return events.flatMap((event): WireStep[] => {
    if (event.kind !== 'sent') return [];
    const { at, payload } = event;
    const begin = offset;
    offset += payload.length;
    const ackedAt = ackOf(offset);
    if (ackedAt <= at + RETRANSMIT_AFTER_MS) return [];
    const oldestSince = begin === 0 ? at : ackOf(begin);
    return retryTimes(at, Math.min(ackedAt, over), DATA_RETRIES_MAX)
      .filter((time) => time > oldestSince)
      .map((time) => ({ at: time, kind: 'resent' as const, offset: begin, payload }));
  });
}

/** What goes one way at one moment is one burst, however the kernel happened to cut it. */
function merged(steps: readonly WireStep[]): WireStep[] {
  const result: WireStep[] = [];
  for (const step of steps) {
    const last = result.at(-1);
    const isData = step.kind === 'sent' || step.kind === 'received';
    if (isData && last?.kind === step.kind && last.at === step.at) last.payloads.push(...step.payloads);
    else result.push(step);
  }
  return result;
}

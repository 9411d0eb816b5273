import type { ConnectionTap, Host } from '#libs/network';
import { VirtualClock } from '#libs/simulation';
import { Conversation } from './conversation.ts';
import { TrafficLog } from './traffic-log.ts';

export const START = Date.parse('2026-02-02T05:00:00Z');
const LATENCY_MS = 20;
const PSN1: Host = { name: 'psn1', address: '10.20.0.13', zone: 'inside', peer: 'node' };
const SMTP: Host = { name: 'smtp.office365.com', address: '203.0.113.25', zone: 'internet', peer: 'smtp' };

export interface Recording {
  clock: VirtualClock;
  log: TrafficLog;
  /** A dial of psn1 to the SMTP server, or to another host; its name is not resolved yet. */
  dial: (to?: { host: string; port: number }, beyondProxy?: { host: string; port: number }) => Conversation;
  /** The same, with the connection open after the latency. */
  connect: () => Promise<Conversation>;
}

/** A log of a network with psn1 and the SMTP server, in virtual time; it ends with `record`. */
export function recorded(
  record: (recording: Recording) => Promise<void>,
  payloadBytesMax?: number,
): Promise<TrafficLog> {
  return VirtualClock.run({ startAt: START }, async (clock) => {
    const log = new TrafficLog(clock, payloadBytesMax);
    log.hostAdded(PSN1, ['psn1.lab.example']);
    log.hostAdded(SMTP, [SMTP.name]);
    const dial: Recording['dial'] = (to = { host: SMTP.name, port: 587 }, beyondProxy) =>
      asConversation(log.dialled(PSN1, to, beyondProxy));
    const connect = async (): Promise<Conversation> => {
      const conversation = dial();
      conversation.resolved(SMTP.address, false);
      await clock.sleep(LATENCY_MS);
      conversation.connected(LATENCY_MS);
      return conversation;
    };
    await record({ clock, log, dial, connect });
    log.end();
    return log;
  });
}

function asConversation(tap: ConnectionTap): Conversation {
  if (!(tap instanceof Conversation)) throw new Error('the log keeps something else than conversations');
  return tap;
}

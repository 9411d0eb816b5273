import type { ServerResponse } from 'node:http';
import type { JournalRecord } from '#libs/simulation';
import type { LiveTestbed } from './live-testbed.ts';

/** Bytes that a reader may fall behind; then it is cut off, and may come again with Last-Event-ID. */
const BEHIND_BYTES_MAX = 16_777_216;

/**
 * Sends the journal as server-sent events until the client has gone: from now on, or first the records after `known`.
 * An event `dropped` says how many of those are no longer kept.
 */
export function streamEvents(live: LiveTestbed, response: ServerResponse, known?: number): void {
  const { journal } = live.world.testbed;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  const send = (record: JournalRecord): void => {
    response.write(`id: ${record.seq}\ndata: ${JSON.stringify(record)}\n\n`);
  };
  if (known !== undefined) {
    const dropped = Math.max(journal.dropped - known, 0);
    if (dropped > 0) response.write(`event: dropped\ndata: ${JSON.stringify({ dropped })}\n\n`);
    journal.after(known).forEach(send);
  }
  const waitingMax = response.writableLength + BEHIND_BYTES_MAX;
  const stop = live.journal.subscribe((record) => {
    if (response.writableLength > waitingMax) response.destroy();
    else send(record);
  });
  response.once('close', stop);
}

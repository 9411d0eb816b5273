import { Injectable } from '@nestjs/common';
import { NodeContext } from '../node-context.ts';

const PORTAL_POOL_THREADS = 40;

/** The pool that serves the portals: its threads stand in guest.log (names are our choice). */
@Injectable()
export class PortalThreads {
  constructor(private readonly context: NodeContext) {}

  /** Runs a request of `user` (a sponsor, or `guest`) on one of the pool's threads. */
  run<T>(user: string, work: () => T): T {
    const { journal, log, random } = this.context;
    const number = random.stream(`portal/${journal.lastSeq}`).integer(1, PORTAL_POOL_THREADS);
    return log.onThread({ thread: `portal-http-pool${number}`, user }, work);
  }
}

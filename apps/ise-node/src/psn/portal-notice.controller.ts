import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { ClusterMessages, Envelope } from '../cluster/cluster-messages.ts';
import { NodeContext } from '../node-context.ts';
import { GuestNotifier } from './guest-notifier.ts';
import { PortalThreads } from './portal-threads.ts';

/** Portal mails that a sponsor asked the primary PAN for, over REST: a PSN sends them as if its portal had been used. */
@Controller()
export class PortalNoticeController {
  constructor(
    private readonly context: NodeContext,
    private readonly threads: PortalThreads,
    private readonly notifier: GuestNotifier,
  ) {}

  @MessagePattern('portal.tell')
  tell(@Payload() { cause, data }: Envelope<ClusterMessages['portal.tell']['question']>): { taken: boolean } {
    const { notice, account, sponsor } = data;
    // The asker does not wait for the mail server.
    void this.context.journal.within(cause, () =>
      this.threads.run(sponsor.username, () => this.notifier.tell(notice, account, { sponsor })),
    );
    return { taken: true };
  }
}

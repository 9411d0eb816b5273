import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { ClusterMessages, Envelope } from '../cluster/cluster-messages.ts';
import { RequestError } from '../http/request-error.ts';
import { NodeContext } from '../node-context.ts';
import { DeploymentService } from './deployment.service.ts';

type Question<P extends keyof ClusterMessages> = Envelope<ClusterMessages[P]['question']>;
type Answer<P extends keyof ClusterMessages> = ClusterMessages[P]['answer'];

/** What other nodes ask of a PAN about roles. */
@Controller()
export class PanMessagesController {
  constructor(
    private readonly context: NodeContext,
    private readonly deployment: DeploymentService,
  ) {}

  @MessagePattern('pan.hand-over')
  handOver(@Payload() { cause, data }: Question<'pan.hand-over'>): Answer<'pan.hand-over'> {
    return this.context.journal.within(cause, () => this.deployment.handOver(data));
  }

  @MessagePattern('pan.promote')
  async promote(@Payload() { cause }: Question<'pan.promote'>): Promise<Answer<'pan.promote'>> {
    // Two health check nodes may ask at once.
    if (this.context.isPrimaryPan) return { promoted: true };
    try {
      await this.context.journal.within(cause, () => this.deployment.promote());
      return { promoted: true };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return { promoted: false, reason: error.message };
    }
  }

  @MessagePattern('mnt.lost')
  async mntLost(@Payload() { cause, data }: Question<'mnt.lost'>): Promise<Answer<'mnt.lost'>> {
    return { activeMnt: await this.context.journal.within(cause, () => this.deployment.activeMntLost(data.mnt)) };
  }
}

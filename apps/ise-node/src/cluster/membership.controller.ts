import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { ClusterMessages, Envelope } from './cluster-messages.ts';
import { Membership } from './membership.ts';

type Question<P extends keyof ClusterMessages> = Envelope<ClusterMessages[P]['question']>;
type Answer<P extends keyof ClusterMessages> = ClusterMessages[P]['answer'];

/** What any node answers to others about itself and its place in the deployment. */
@Controller()
export class MembershipController {
  constructor(private readonly membership: Membership) {}

  @MessagePattern('node.ping')
  ping(): Answer<'node.ping'> {
    return this.membership.status();
  }

  @MessagePattern('node.hello')
  hello(@Payload() { data }: Question<'node.hello'>): Answer<'node.hello'> {
    return this.membership.greet(data);
  }

  @MessagePattern('node.register')
  register(@Payload() { data }: Question<'node.register'>): Answer<'node.register'> {
    return this.membership.join(data);
  }

  @MessagePattern('node.deregister')
  deregister(@Payload() { data }: Question<'node.deregister'>): Answer<'node.deregister'> {
    this.membership.leave(data.deployment);
    return { taken: true };
  }
}

import { Body, Controller, Delete, Get, Param, Put, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { hasPersona } from '#libs/deployment';
import { AdminGuard } from '../http/admin.guard.ts';
import { RequestError } from '../http/request-error.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

const nodeGroupSchema = z.strictObject({
  description: z.string().max(256).default(''),
  members: z.array(z.string()).default([]),
});
type NodeGroup = z.infer<typeof nodeGroupSchema> & { name: string };

/**
 * Node groups: PSNs that watch one another. Data only: what the members do for one another concerns sessions, not mail
 * (fact sheet ise 2.3).
 */
@Controller('isebed/v1/node-groups')
@UseGuards(AdminGuard)
export class NodeGroupsController {
  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
  ) {}

  @Get()
  list(): NodeGroup[] {
    return this.context.store.list<NodeGroup>(CONFIG_KEYS.nodeGroup(''));
  }

  @Put(':name')
  save(
    @Param('name') name: string,
    @Body(new ZodPipe(nodeGroupSchema)) body: z.infer<typeof nodeGroupSchema>,
  ): NodeGroup {
    const { deployment } = this.context.settings;
    const faults = body.members.flatMap((member) => {
      if (!deployment.has(member)) return [`the deployment has no node named "${member}"`];
      const other = this.list().find((group) => group.name !== name && group.members.includes(member));
      if (other) return [`${member} is in the node group "${other.name}"`];
      return hasPersona(deployment.node(member), 'Policy Service') ? [] : [`${member} is no Policy Service node`];
    });
    if (faults.length > 0) {
      throw new RequestError(
        400,
        'deployment.node-group-invalid',
        faults.join('; '),
        'Name PSNs that are in no group.',
      );
    }
    const group = { name, ...body };
    this.config.write(CONFIG_KEYS.nodeGroup(name), group);
    return group;
  }

  @Delete(':name')
  delete(@Param('name') name: string): NodeGroup {
    const group = this.list().find((each) => each.name === name);
    if (!group) {
      throw new RequestError(
        404,
        'deployment.unknown-node-group',
        `there is no node group "${name}"`,
        'Check the name.',
      );
    }
    this.config.write(CONFIG_KEYS.nodeGroup(name), null);
    return group;
  }
}

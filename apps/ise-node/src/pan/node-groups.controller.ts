import { Body, Controller, Delete, Get, Param, Put, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { AdminGuard } from '../http/admin.guard.ts';
import { RequestError } from '../http/request-error.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';
import { memberFault, nodeGroups, type NodeGroup } from './node-groups.ts';

const nodeGroupSchema = z.strictObject({
  description: z.string().max(256).default(''),
  members: z.array(z.string()).default([]),
});

/** Administration > System > Deployment: node groups. */
@Controller('isebed/v1/node-groups')
@UseGuards(AdminGuard)
export class NodeGroupsController {
  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
  ) {}

  @Get()
  list(): NodeGroup[] {
    return nodeGroups(this.context);
  }

  @Put(':name')
  save(
    @Param('name') name: string,
    @Body(new ZodPipe(nodeGroupSchema)) body: z.infer<typeof nodeGroupSchema>,
  ): NodeGroup {
    const faults = body.members.flatMap((member) => memberFault(this.context, name, member) ?? []);
    if (faults.length > 0) {
      throw new RequestError(
        400,
        'deployment.node-group-invalid',
        faults.join('; '),
        'Name PSNs that are in no group.',
      );
    }
    const group = { ...this.list().find((each) => each.name === name), name, ...body };
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

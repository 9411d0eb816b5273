import { Controller, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import type { NodeStatus } from '#libs/deployment';
import { AdminGuard } from '../http/admin.guard.ts';
import { RequestError } from '../http/request-error.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

/** A row of Administration > System > Deployment. */
export interface DeploymentRow {
  name: string;
  fqdn: string;
  personas: readonly string[];
  role: string;
  status: NodeStatus;
}

@Controller('isebed/v1/deployment')
@UseGuards(AdminGuard)
export class DeploymentController {
  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
  ) {}

  @Get()
  list(): DeploymentRow[] {
    const { deployment } = this.context.settings;
    return deployment.nodes.map((node) => ({
      name: node.name,
      fqdn: node.fqdn,
      personas: node.personas,
      role: deployment.roleLabel(node),
      status: this.config.statusOf(node.name),
    }));
  }

  /** Manual sync: the node takes over the whole configuration of the primary PAN. */
  @Post('sync/:name')
  @HttpCode(200)
  async sync(@Param('name') name: string): Promise<{ status: NodeStatus }> {
    const { deployment } = this.context.settings;
    if (!deployment.has(name)) {
      const known = deployment.nodes.map((node) => node.name).join(', ');
      throw new RequestError(404, 'deployment.unknown-node', `there is no node "${name}"`, `Nodes: ${known}.`);
    }
    return { status: await this.config.sync(name) };
  }
}

import { Body, Controller, Get, HttpCode, Param, Post, Put, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { panFailoverFaults, panFailoverSchema, type NodeStatus, type PanFailoverSettings } from '#libs/deployment';
import { AdminGuard } from '../http/admin.guard.ts';
import { RequestError } from '../http/request-error.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';
import { DeploymentService } from './deployment.service.ts';

/** A row of Administration > System > Deployment. */
export interface DeploymentRow {
  name: string;
  fqdn: string;
  personas: readonly string[];
  role: string;
  status: NodeStatus;
  /** The version of the configuration that the node has; absent while that is not known. */
  configVersion?: number;
}

const registerSchema = z.strictObject({
  fqdn: z.string().trim().min(1).max(253),
  userName: z.string().min(1),
  password: z.string().min(1),
});

/** Administration > System > Deployment. */
@Controller('isebed/v1/deployment')
@UseGuards(AdminGuard)
export class DeploymentController {
  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
    private readonly service: DeploymentService,
  ) {}

  @Get()
  list(): DeploymentRow[] {
    const { deployment } = this.context.settings;
    return deployment.nodes.map((node) => {
      const position = this.config.positionOf(node.name);
      return {
        name: node.name,
        fqdn: node.fqdn,
        personas: node.personas,
        role: deployment.roleLabel(node),
        status: this.config.statusOf(node.name),
        ...(position === undefined ? {} : { configVersion: position.version }),
      };
    });
  }

  /** Asks every node where it is; then the list is up to date. */
  @Post('refresh')
  @HttpCode(200)
  async refresh(): Promise<DeploymentRow[]> {
    await this.config.contactAll();
    return this.list();
  }

  /** Manual sync: the node takes over the whole configuration of the primary PAN. */
  @Post('sync/:name')
  @HttpCode(200)
  async sync(@Param('name') name: string): Promise<{ status: NodeStatus }> {
    this.config.requirePrimaryPan();
    const { deployment } = this.context.settings;
    if (!deployment.has(name)) {
      const known = deployment.nodes.map((node) => node.name).join(', ');
      throw new RequestError(404, 'deployment.unknown-node', `there is no node "${name}"`, `Nodes: ${known}.`);
    }
    return { status: await this.config.sync(name) };
  }

  /** Promote to Primary, on the secondary PAN. */
  @Post('promote')
  @HttpCode(200)
  async promote(): Promise<{ message: string }> {
    await this.service.promote();
    return { message: `${this.context.definition.name} is the primary PAN` };
  }

  @Post('register')
  @HttpCode(200)
  async register(
    @Body(new ZodPipe(registerSchema)) node: z.infer<typeof registerSchema>,
  ): Promise<{ message: string }> {
    await this.service.register(node);
    return { message: `${node.fqdn} was registered` };
  }

  @Post('deregister/:name')
  @HttpCode(200)
  async deregister(@Param('name') name: string): Promise<{ message: string }> {
    await this.service.deregister(name);
    return { message: `${name} was deregistered` };
  }

  @Get('pan-failover')
  panFailover(): PanFailoverSettings {
    return this.context.settings.panFailover;
  }

  @Put('pan-failover')
  savePanFailover(@Body(new ZodPipe(panFailoverSchema)) settings: PanFailoverSettings): PanFailoverSettings {
    const faults = panFailoverFaults(settings, this.context.settings.deployment);
    if (faults.length > 0) {
      throw new RequestError(400, 'deployment.pan-failover-invalid', faults.join('; '), 'Correct the named points.', {
        faults,
      });
    }
    this.config.write(CONFIG_KEYS.panFailover, settings);
    return settings;
  }
}

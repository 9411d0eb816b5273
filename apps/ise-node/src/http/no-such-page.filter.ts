import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { NodeContext } from '../node-context.ts';

/** A path that no persona of this node serves: says so, and where the administration pages are. */
@Catch(NotFoundException)
export class NoSuchPageFilter implements ExceptionFilter<NotFoundException> {
  constructor(private readonly context: NodeContext) {}

  catch(_thrown: NotFoundException, host: ArgumentsHost): void {
    const { definition, roles } = this.context;
    const { primary } = roles.leadership;
    const { method, path } = host.switchToHttp().getRequest<Request>();
    const elsewhere =
      primary === definition.name ? 'Check the path.' : `Administration pages are on ${primary}, the primary PAN.`;
    host
      .switchToHttp()
      .getResponse<Response>()
      .status(404)
      .json({
        code: 'node.no-such-page',
        message: `${definition.name} (${definition.personas.join(', ')}) does not serve ${method} ${path}. ${elsewhere}`,
        remedy: elsewhere,
        evidence: { node: definition.name, primaryPan: primary },
      });
  }
}

import {
  BadRequestException,
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Post,
  Put,
  UnauthorizedException,
} from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { formatMistake } from '#libs/scenario';
import { withoutSecretValues, type MicrosoftState } from '../testbed/microsoft-state.ts';
import type { TenantComparison } from '../testbed/tenant-comparison.ts';
import { readTenantText, type TenantSource } from '../testbed/tenant-source.ts';
import { basicCredentials, isSame } from './basic-credentials.ts';
import { compareTenant, resetTenant } from './live-tenant.ts';
import { LiveTestbed } from './live-testbed.ts';

/** An exported state of many tenants is large; nothing larger is read. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** What mistakes call the body. */
const BODY = 'body';

/** Tenants of a live testbed as a whole: what they are like, other ones, and back to how they began. */
@ApiTags('tenant')
@Controller('isebed/v1/tenant')
export class TenantController {
  constructor(private readonly live: LiveTestbed) {}

  @Get()
  @ApiBasicAuth()
  @ApiOperation({
    summary: 'The state of Entra and Exchange, which can be given back',
    description: 'The values of client secrets are in it for the administrator alone, with the password.',
  })
  export(@Headers('authorization') authorization: string | undefined): MicrosoftState {
    const state = this.live.world.testbed.microsoft.exportState();
    if (!this.isFromAdministrator(authorization)) return withoutSecretValues(state);
    this.refuseOthers(authorization);
    return state;
  }

  @Put()
  @ApiBasicAuth()
  @ApiConsumes('application/yaml', 'application/json')
  @ApiBody({ schema: { type: 'object', example: { tenants: [{ name: 'Contoso', domains: ['contoso.com'] }] } } })
  @ApiOperation({ summary: 'Begins anew with a tenant seed or an exported state: no mails, fresh nodes' })
  async apply(
    @Body() text: unknown,
    @Headers('authorization') authorization: string | undefined,
  ): Promise<{ tenantId: string }> {
    this.refuseOthers(authorization);
    await this.live.reset(sourceOf(text));
    return this.tenantId;
  }

  @Post('reset')
  @HttpCode(200)
  @ApiOperation({ summary: 'Entra and Exchange as they began, byte for byte; mails, nodes and time stay as they are' })
  reset(): { tenantId: string } {
    resetTenant(this.live);
    return this.tenantId;
  }

  @Post('compare')
  @HttpCode(200)
  @ApiConsumes('application/yaml', 'application/json')
  @ApiBody({ required: false, schema: { type: 'object' } })
  @ApiOperation({ summary: 'What has changed since the beginning, or against a seed or a state that is given' })
  compare(@Body() text: unknown): TenantComparison {
    const given = typeof text === 'string' && text.trim() !== '';
    return compareTenant(this.live, given ? sourceOf(text) : undefined);
  }

  /** Whether it has the administrator's name; the password is another question. */
  private isFromAdministrator(authorization = ''): boolean {
    const [scheme, credentials = ''] = authorization.split(' ');
    const name = Buffer.from(credentials, 'base64').toString('utf8').split(':')[0];
    return scheme?.toLowerCase() === 'basic' && name === this.live.administrator.userName;
  }

  private refuseOthers(authorization: string | undefined): void {
    const { userName, password } = this.live.administrator;
    if (isSame(authorization, basicCredentials(userName, password))) return;
    throw new UnauthorizedException('user name or password of the administrator is wrong');
  }

  private get tenantId(): { tenantId: string } {
    return { tenantId: this.live.world.testbed.microsoft.tenant.tenantId };
  }
}

/** Takes the body as text, YAML or JSON, so that mistakes have the lines of what was sent. */
export function readTenantBody(request: Request, response: Response, next: NextFunction): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  });
  request.once('error', next);
  request.once('end', () => {
    if (bytes > BODY_BYTES_MAX) {
      response.status(413).json({ statusCode: 413, message: `at most ${BODY_BYTES_MAX} bytes are read` });
      return;
    }
    request.body = Buffer.concat(chunks).toString('utf8');
    next();
  });
}

function sourceOf(text: unknown): TenantSource {
  const read = readTenantText(BODY, typeof text === 'string' ? text : '');
  if ('source' in read) return read.source;
  throw new BadRequestException({
    statusCode: 400,
    message: read.mistakes.map(formatMistake),
    mistakes: read.mistakes,
  });
}

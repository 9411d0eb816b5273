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
import { createHash, timingSafeEqual } from 'node:crypto';
import { formatMistake } from '#libs/scenario';
import { withoutSecretValues, type MicrosoftState } from '../testbed/microsoft-state.ts';
import { compareStates, type TenantComparison } from '../testbed/tenant-comparison.ts';
import { readTenantText, type TenantSource } from '../testbed/tenant-source.ts';
import { ADMIN } from '../testbed/lab-admin.ts';
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
    if (authorization === undefined) return withoutSecretValues(state);
    refuseOthers(authorization);
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
    refuseOthers(authorization);
    await this.live.reset(sourceOf(text));
    return this.tenantId;
  }

  @Post('reset')
  @HttpCode(200)
  @ApiOperation({ summary: 'Entra and Exchange as they began, byte for byte; mails, nodes and time stay as they are' })
  reset(): { tenantId: string } {
    this.live.resetTenant();
    return this.tenantId;
  }

  @Post('compare')
  @HttpCode(200)
  @ApiConsumes('application/yaml', 'application/json')
  @ApiBody({ required: false, schema: { type: 'object' } })
  @ApiOperation({ summary: 'What has changed since the beginning, or against a seed or a state that is given' })
  compare(@Body() text: unknown): TenantComparison {
    const { microsoft } = this.live.world.testbed;
    const given = typeof text === 'string' && text.trim() !== '';
    const before = given
      ? this.live.beginningOf(sourceOf(text))
      : { state: microsoft.exportSeed(), leftOpen: new Set<string>() };
    return compareStates(before, { state: microsoft.exportState(), leftOpen: new Set() });
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

function refuseOthers(authorization: string | undefined): void {
  const expected = `Basic ${Buffer.from(`${ADMIN.userName}:${ADMIN.password}`).toString('base64')}`;
  if (timingSafeEqual(digest(expected), digest(authorization ?? ''))) return;
  throw new UnauthorizedException('user name or password of the administrator is wrong');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

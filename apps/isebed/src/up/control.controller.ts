import {
  BadRequestException,
  Body,
  Controller,
  Get,
  Header,
  Headers,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Put,
  Query,
  Res,
  UnauthorizedException,
} from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { JUMP_MS_MAX } from '#libs/simulation';
import { CheckedPipe, queryOf, waitSchema } from '../mail-api/mail-query.ts';
import { MailDesk } from '../mail-api/mail-desk.ts';
import { listItemOf } from '../mail-api/mail-view.ts';
import type { SessionRecord } from '#mocks/exchange';
import { basicCredentials, isSame } from './basic-credentials.ts';
import { streamEvents } from './journal-events.ts';
import { LiveTestbed } from './live-testbed.ts';
import { paceText, readPace } from './up-settings.ts';

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = '30d, 12h, 90m, 5s or 250ms, up to ten years';

/** Header of a part of the journal. */
const DROPPED = 'isebed-journal-dropped';

const timeSchema = z.object({ pace: z.string() });
const jumpSchema = z.object({ by: z.string() });
const journalSchema = z.object({ after: z.coerce.number().int().min(0).default(0) });

/** What only a live testbed has: its time, its journal, changes of its world, and the way back to the beginning. */
@ApiTags('testbed')
@Controller('isebed/v1')
export class ControlController {
  constructor(
    private readonly live: LiveTestbed,
    private readonly desk: MailDesk,
  ) {}

  @Get('mails/wait')
  @ApiOperation({ summary: 'Waits until so many mails match, or the time is over: 200 with the mails, else 408' })
  @ApiQuery({ name: 'count', required: false })
  @ApiQuery({ name: 'timeout', required: false, description: 'milliseconds of real time' })
  @ApiQuery({ name: 'query', required: false })
  @ApiQuery({ name: 'tz', required: false })
  async wait(
    @Query(new CheckedPipe(waitSchema)) { count, timeout, query = '', tz }: z.infer<typeof waitSchema>,
    @Res({ passthrough: true }) response: Response,
  ) {
    const found = await this.desk.waitFor(queryOf(query, tz), count, timeout);
    response.status(found.length >= count ? 200 : 408);
    const { archive } = this.desk;
    return {
      count: found.length,
      messages: await Promise.all(found.map(async (mail) => listItemOf(mail, await archive.parse(mail)))),
    };
  }

  @Get('time')
  @ApiOperation({ summary: 'What the simulated clock shows, and how fast it goes' })
  time(): { now: string; pace: string } {
    const { clock } = this.live;
    return { now: clock.timestamp(), pace: paceText(clock.pace) };
  }

  @Put('time')
  @ApiOperation({ summary: 'Sets the pace: real, paused, or x followed by a number' })
  @ApiBody({ schema: { type: 'object', properties: { pace: { type: 'string', example: 'x60' } } } })
  setTime(@Body(new CheckedPipe(timeSchema)) { pace }: z.infer<typeof timeSchema>): { now: string; pace: string } {
    const read = readPace(pace);
    if (read === undefined) throw new BadRequestException('pace: real, paused, or x0.1 to x3600 is expected');
    this.live.setPace(read);
    return this.time();
  }

  @Post('time/jumps')
  @HttpCode(200)
  @ApiOperation({ summary: 'Moves time ahead; answers when everything that came due on the way has happened' })
  @ApiBody({ schema: { type: 'object', properties: { by: { type: 'string', example: '30d' } } } })
  async jump(@Body(new CheckedPipe(jumpSchema)) { by }: z.infer<typeof jumpSchema>) {
    const byMs = durationMs(by);
    if (byMs === undefined) throw new BadRequestException(`by: ${DURATION} is expected`);
    await this.live.jump(byMs);
    return this.time();
  }

  @Post('changes')
  @HttpCode(200)
  @ApiOperation({ summary: 'Changes the world as a `break` or `mend` step of a scenario does' })
  @ApiBody({ schema: { type: 'object', example: { 'exchange.removeMailboxPermission': {} } } })
  async change(@Body() body: unknown): Promise<{ changed: string[] }> {
    return { changed: await this.live.change(body) };
  }

  @Post('reset')
  @HttpCode(200)
  @ApiOperation({ summary: 'Back to the beginning: same tenant, no mails, fresh nodes' })
  async reset(): Promise<{ tenantId: string }> {
    await this.live.reset();
    return { tenantId: this.live.world.testbed.microsoft.tenant.tenantId };
  }

  @Get('journal')
  @Header('content-type', 'application/x-ndjson')
  @ApiOperation({
    summary: 'All that happened since the start or the last reset, as JSON lines',
    description: `As far as it is kept in memory; the header ${DROPPED} says how many records after \`after\` are not.`,
  })
  @ApiQuery({ name: 'after', required: false, description: 'seq of the last record that is known already' })
  journal(
    @Query(new CheckedPipe(journalSchema)) { after }: z.infer<typeof journalSchema>,
    @Res({ passthrough: true }) response: Response,
  ): string {
    const { journal } = this.live.world.testbed;
    response.setHeader(DROPPED, String(Math.max(journal.dropped - after, 0)));
    return journal
      .after(after)
      .map((record) => `${JSON.stringify(record)}\n`)
      .join('');
  }

  @Get('journal/events')
  @ApiOperation({
    summary: 'The journal as server-sent events, from now on or from Last-Event-ID',
    description: 'An event `dropped` comes first when records after Last-Event-ID are no longer kept in memory.',
  })
  events(@Headers('last-event-id') lastEventId: string | undefined, @Res() response: Response): void {
    const known = Number(lastEventId ?? Number.NaN);
    streamEvents(this.live, response, Number.isInteger(known) ? known : undefined);
  }

  @Get('smtp-sessions')
  @ApiOperation({ summary: 'SMTP sessions, failed ones too, newest first' })
  sessions(): { sessions: SessionRecord[] } {
    return { sessions: this.live.world.testbed.microsoft.smtpSessions.toReversed() };
  }

  @Get('smtp-sessions/:id')
  @ApiOperation({ summary: 'An SMTP session with its transcript, and the reason of each refusal' })
  session(@Param('id') id: string): SessionRecord {
    const session = this.live.world.testbed.microsoft.smtpSessions.find(({ sessionId }) => sessionId === id);
    if (!session) throw new NotFoundException(`there was no SMTP session ${id}`);
    return session;
  }

  @Get('testbed')
  @ApiOperation({ summary: 'The tenant, its application and mailbox, and where ISE nodes listen' })
  testbed() {
    const { testbed } = this.live.world;
    const { microsoft, deployment } = testbed;
    return {
      tenantId: microsoft.tenant.tenantId,
      clientId: microsoft.clientId,
      mailbox: microsoft.mailbox,
      hosts: [...microsoft.httpListeners.keys()],
      nodes: deployment.nodes.map(({ name, personas }) => ({ name, personas, port: testbed.rack.httpPortOf(name) })),
    };
  }

  @Get('certificate-authorities')
  @Header('content-type', 'application/x-pem-file')
  @ApiOperation({ summary: 'The lab roots that clients are to trust, PEM' })
  authorities(): string {
    return this.live.identity.rootsPem;
  }

  @Get('client-secrets/:name')
  @ApiBasicAuth()
  @ApiOperation({
    summary:
      'A client secret with its client ID: current (of ISE), administrator (for Graph and Exchange); for the administrator alone',
  })
  clientSecret(
    @Param('name') name: string,
    @Headers('authorization') authorization: string | undefined,
  ): { clientId: string; value: string } {
    const { userName, password } = this.live.administrator;
    if (!isSame(authorization, basicCredentials(userName, password))) {
      throw new UnauthorizedException('user name or password of the administrator is wrong');
    }
    const secret = this.live.secretNamed(name);
    if (!secret) throw new NotFoundException(`there is no client secret ${name}; try current or administrator`);
    return { clientId: secret.clientId, value: secret.value };
  }
}

function durationMs(text: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = unit === '' ? Number.NaN : Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
  return ms <= JUMP_MS_MAX ? ms : undefined;
}

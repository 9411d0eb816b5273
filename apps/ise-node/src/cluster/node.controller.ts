import { Body, Controller, Get, HttpCode, Post, Put, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { ALARM_CATALOGUE } from '#libs/alarms';
import { LOG_COMPONENTS, LOG_LEVELS, renderGuestLog } from '#libs/node-log';
import { AdminGuard } from '../http/admin.guard.ts';
import { RequestError } from '../http/request-error.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { NodeContext } from '../node-context.ts';
import { AlarmRaiser } from './alarm-raiser.ts';

const debugLogSchema = z.strictObject({ component: z.enum(LOG_COMPONENTS).optional(), level: z.enum(LOG_LEVELS) });
const alarmSchema = z.strictObject({ name: z.string().min(1), details: z.string().max(1_000).default('') });

/** What every node answers, whatever its personas. */
@Controller('isebed/v1')
export class NodeController {
  constructor(
    private readonly context: NodeContext,
    private readonly alarms: AlarmRaiser,
  ) {}

  @Get('health')
  health(): { node: string; status: 'ok'; personas: readonly string[]; configVersion: number } {
    const { definition, store } = this.context;
    return { node: definition.name, status: 'ok', personas: definition.personas, configVersion: store.version };
  }

  /** guest.log of this node as text. */
  @Get('logs/guest.log')
  @UseGuards(AdminGuard)
  guestLog(): string {
    return renderGuestLog(this.context.journal.records, this.context.definition.name);
  }

  /** Debug Log Configuration is set per node (fact sheet ise 10); without a component, for both. */
  @Put('debug-log')
  @UseGuards(AdminGuard)
  setDebugLog(@Body(new ZodPipe(debugLogSchema)) { component, level }: z.infer<typeof debugLogSchema>): {
    level: string;
  } {
    const { log, journal, definition } = this.context;
    for (const each of component ? [component] : LOG_COMPONENTS) log.setLevel(each, level);
    journal.record({ kind: 'debug-log.set', node: definition.name, component: component ?? 'both', level });
    return { level };
  }

  /** Raises an alarm on this node. */
  @Post('alarms')
  @HttpCode(202)
  @UseGuards(AdminGuard)
  async raise(
    @Body(new ZodPipe(alarmSchema)) { name, details }: z.infer<typeof alarmSchema>,
  ): Promise<{ severity: string }> {
    if (!ALARM_CATALOGUE.some((alarm) => alarm.name === name)) {
      throw new RequestError(
        404,
        'alarms.unknown',
        `there is no alarm "${name}"`,
        'Use a name of the alarm catalogue.',
      );
    }
    const { severity } = await this.alarms.raise(name, details);
    return { severity };
  }
}

import { Body, Controller, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { ALARM_SEVERITIES, AlarmLog, type AlarmEntry, type AlarmSummary } from '#libs/alarms';
import type { ClusterMessages, Envelope } from '../cluster/cluster-messages.ts';
import { CurrentAdmin } from '../http/admin-user.decorator.ts';
import { AdminGuard } from '../http/admin.guard.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { NodeContext } from '../node-context.ts';
import { AlarmDesk } from './alarm-desk.ts';
import { AlarmMailer } from './alarm-mailer.ts';

const text = z.string().min(1).max(200).optional();
const instant = z.iso.datetime().optional();
const filterSchema = z.strictObject({
  name: text,
  severity: z.enum(ALARM_SEVERITIES).optional(),
  node: text,
  keyword: text,
  from: instant,
  to: instant,
  acknowledged: z
    .enum(['true', 'false'])
    .transform((word) => word === 'true')
    .optional(),
  delivery: z.enum(['pending', 'sending', 'retrying', 'sent', 'undeliverable', 'not-mailed']).optional(),
});
const acknowledgeSchema = z
  .strictObject({ ids: z.array(z.string()).max(10_000).optional(), name: text })
  .refine(({ ids, name }) => (ids === undefined) !== (name === undefined), 'either ids or name');

/** Alarms as the Monitoring node collects them. */
@Controller('isebed/v1/mnt')
export class AlarmController {
  constructor(
    private readonly context: NodeContext,
    private readonly desk: AlarmDesk,
    private readonly alarms: AlarmLog,
    private readonly mailer: AlarmMailer,
  ) {}

  @MessagePattern('alarm.raise')
  take(@Payload() { cause, data }: Envelope<ClusterMessages['alarm.raise']['question']>): { taken: boolean } {
    this.context.journal.within(cause, () => this.desk.take(data.alarm, data.late));
    return { taken: true };
  }

  @MessagePattern('alarm.mirror')
  mirror(@Payload() { data }: Envelope<AlarmEntry>): { taken: boolean } {
    this.desk.mirror(data);
    return { taken: true };
  }

  @MessagePattern('alarm.claim')
  claim(@Payload() { data }: Envelope<ClusterMessages['alarm.claim']['question']>): { taken?: AlarmEntry } {
    const taken = this.mailer.judge(data.entry, data.position);
    return taken ? { taken } : {};
  }

  @MessagePattern('alarm.list')
  tell(@Payload() { data }: Envelope<ClusterMessages['alarm.list']['question']>): AlarmEntry[] {
    return this.alarms.list(data);
  }

  @MessagePattern('alarm.acknowledge')
  acknowledgeFor(
    @Payload() { cause, data }: Envelope<ClusterMessages['alarm.acknowledge']['question']>,
  ): ClusterMessages['alarm.acknowledge']['answer'] {
    const { ids, by } = data;
    return { acknowledged: this.context.journal.within(cause, () => this.desk.acknowledge(ids, by)).length };
  }

  /** The newest first. */
  @Get('alarms')
  @UseGuards(AdminGuard)
  list(@Query(new ZodPipe(filterSchema)) filter: z.infer<typeof filterSchema>): AlarmEntry[] {
    const { from, to, ...rest } = filter;
    return this.alarms.list({
      ...rest,
      from: from === undefined ? undefined : Date.parse(from),
      to: to === undefined ? undefined : Date.parse(to),
    });
  }

  /** The Alarms dashlet: one row for each alarm. */
  @Get('alarms/summary')
  @UseGuards(AdminGuard)
  summary(): AlarmSummary[] {
    return this.alarms.summary();
  }

  /** Acknowledges instances, or all of one alarm. */
  @Post('alarms/acknowledge')
  @HttpCode(200)
  @UseGuards(AdminGuard)
  acknowledge(
    @Body(new ZodPipe(acknowledgeSchema)) { ids, name }: z.infer<typeof acknowledgeSchema>,
    @CurrentAdmin() admin: string,
  ): { acknowledged: number } {
    const chosen = ids ?? this.alarms.list({ name }).map(({ id }) => id);
    return { acknowledged: this.desk.acknowledge(chosen, admin).length };
  }
}

import { Controller, Get, UseGuards } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { AlarmInstance } from '#libs/alarms';
import type { Envelope } from '../cluster/cluster-messages.ts';
import { AdminGuard } from '../http/admin.guard.ts';
import { NodeContext } from '../node-context.ts';
import { AlarmDesk, type ListedAlarm } from './alarm-desk.ts';

/** Alarms as the Monitoring node collects them. */
@Controller('isebed/v1/mnt')
export class AlarmController {
  constructor(
    private readonly context: NodeContext,
    private readonly desk: AlarmDesk,
  ) {}

  @MessagePattern('alarm.raise')
  take(@Payload() { cause, data }: Envelope<AlarmInstance>): { taken: boolean } {
    this.context.journal.within(cause, () => this.desk.take(data));
    return { taken: true };
  }

  @Get('alarms')
  @UseGuards(AdminGuard)
  list(): readonly ListedAlarm[] {
    return this.desk.alarms;
  }
}

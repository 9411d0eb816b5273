import { Module } from '@nestjs/common';
import { AlarmLog } from '#libs/alarms';
import { NodeContext } from '../node-context.ts';
import { AlarmController } from './alarm.controller.ts';
import { AlarmClaims } from './alarm-claims.ts';
import { AlarmDesk } from './alarm-desk.ts';
import { AlarmMailer } from './alarm-mailer.ts';
import { HealthMonitor } from './health-monitor.ts';

/** The Monitoring persona (MnT). */
@Module({
  controllers: [AlarmController],
  providers: [
    {
      provide: AlarmLog,
      inject: [NodeContext],
      useFactory: ({ database }: NodeContext): AlarmLog => new AlarmLog(database),
    },
    AlarmClaims,
    AlarmDesk,
    AlarmMailer,
    HealthMonitor,
  ],
  exports: [AlarmDesk, AlarmLog],
})
export class MntModule {}

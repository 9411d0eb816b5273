import { Module } from '@nestjs/common';
import { AlarmController } from './alarm.controller.ts';
import { AlarmDesk } from './alarm-desk.ts';

/** The Monitoring persona (MnT). */
@Module({ controllers: [AlarmController], providers: [AlarmDesk] })
export class MntModule {}

import { Injectable } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob, CronTime } from 'cron';
import { NodeContext } from '../node-context.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * What a PAN does once a day, in Nest's registry of schedules. For a cron expression the library would look for the next
 * date hour by hour and minute by minute, half a millisecond for each job, day and node; the next day is known.
 */
@Injectable()
export class DailyJobs {
  constructor(
    private readonly context: NodeContext,
    private readonly registry: SchedulerRegistry,
  ) {}

  /**
   * Runs `work` every day from now on. The time of day is the deployment's, whatever the node's clock is set to.
   *
   * @param minuteOfDay UTC, from 0
   */
  add(name: string, minuteOfDay: number, work: () => void): void {
    const job = CronJob.from({
      cronTime: this.next(minuteOfDay),
      onTick: () => {
        job.setTime(new CronTime(this.next(minuteOfDay)));
        job.start();
        work();
      },
      start: true,
    });
    this.registry.addCronJob(name, job);
  }

  private next(minuteOfDay: number): Date {
    const { clock, clockSkewMs } = this.context;
    const offset = minuteOfDay * MINUTE_MS;
    const days = Math.floor((clock.now() - clockSkewMs - offset) / DAY_MS) + 1;
    return new Date(days * DAY_MS + offset);
  }
}

import { Injectable } from '@nestjs/common';
import { AlarmLog, alarmRule, type AlarmEntry, type AlarmInstance } from '#libs/alarms';
import { AlarmRaiser } from '../cluster/alarm-raiser.ts';
import { NodeContext } from '../node-context.ts';
import { AlarmMailer } from './alarm-mailer.ts';

/** The list of alarms of a Monitoring node: both MnT collect, the active one mails (fact sheet ise 2.3). */
@Injectable()
export class AlarmDesk {
  constructor(
    private readonly context: NodeContext,
    private readonly alarms: AlarmLog,
    private readonly mailer: AlarmMailer,
    raiser: AlarmRaiser,
  ) {
    raiser.takeHere = (alarm) => this.take(alarm);
  }

  /** @param late the other MnT had it first, and may have mailed it */
  take(alarm: AlarmInstance, late = false): void {
    const { journal, definition, settings } = this.context;
    const { enabled, suppressForMinutes } = alarmRule(alarm.name, settings.alarms);
    if (!enabled) return;
    const { kind, entry } = this.alarms.take(alarm, suppressForMinutes);
    if (late && kind === 'listed') this.alarms.change(entry.id, { mayBeMailed: true });
    if (kind === 'known') return;
    const { name, node: raisedOn } = alarm;
    const about = { node: definition.name, name, raisedOn };
    if (kind === 'repeated') {
      journal.record({ kind: 'alarm.repeated', ...about, occurrences: entry.occurrences });
      return;
    }
    const listed = journal.record({ kind: 'alarm.listed', ...about });
    journal.within(listed, () => this.mailer.take(entry));
  }

  /** What has become of an alarm, as the other MnT has it. */
  mirror(entry: AlarmEntry): void {
    this.mailer.mirror(entry);
  }

  /** Acknowledges those of `ids` that are there, and are not acknowledged yet; returns them. */
  acknowledge(ids: readonly string[], by: string): AlarmEntry[] {
    const { clock, definition, journal } = this.context;
    return ids.flatMap((id) => {
      const present = this.alarms.find(id);
      if (!present || present.acknowledgedAt !== undefined) return [];
      const { name } = present;
      const changes = { acknowledgedBy: by, acknowledgedAt: clock.now() };
      journal.record({ kind: 'alarm.acknowledged', node: definition.name, name, raisedOn: present.node, by });
      void this.mailer.update(id, changes);
      return [{ ...present, ...changes }];
    });
  }
}

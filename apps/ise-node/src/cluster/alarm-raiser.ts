import { Injectable } from '@nestjs/common';
import { isAlarmEnabled, raiseAlarm, type AlarmInstance } from '#libs/alarms';
import { NodeUnreachableError } from '#libs/replication';
import { NodeContext } from '../node-context.ts';
import { ClusterPeers } from './cluster-peers.ts';
import { MntWatch } from './mnt-watch.ts';

/** Raises an alarm on this node: it is told to the active MnT, which mails it (SPEC E4). */
@Injectable()
export class AlarmRaiser {
  constructor(
    private readonly context: NodeContext,
    private readonly peers: ClusterPeers,
    private readonly mntWatch: MntWatch,
  ) {}

  /** @throws UnknownAlarmError for a name that is not in the catalogue */
  async raise(name: string, details: string): Promise<AlarmInstance> {
    const { clock, definition, journal, settings } = this.context;
    const alarm = raiseAlarm({ name, details, node: definition.name, raisedAt: clock.now() });
    if (!isAlarmEnabled(name, settings.alarms)) return alarm;
    const { severity } = alarm;
    const raised = journal.record({ kind: 'alarm.raised', node: definition.name, name, severity, details });
    await journal.within(raised, () => this.tell(settings.deployment.activeMnt.name, alarm));
    return alarm;
  }

  private async tell(mnt: string, alarm: AlarmInstance): Promise<void> {
    const { definition, journal } = this.context;
    try {
      await this.peers.ask(mnt, 'alarm.raise', alarm);
    } catch (error) {
      if (!(error instanceof NodeUnreachableError)) throw error;
      const active = await this.mntWatch.lost(mnt);
      if (active !== mnt) return this.tell(active, alarm);
      journal.record({ kind: 'alarm.lost', node: definition.name, name: alarm.name });
    }
  }
}

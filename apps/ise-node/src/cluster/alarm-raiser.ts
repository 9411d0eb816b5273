import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { alarmRule, raiseAlarm, type AlarmInstance } from '#libs/alarms';
import { hasPersona } from '#libs/deployment';
import { NodeContext } from '../node-context.ts';
import { ClusterPeers } from './cluster-peers.ts';
import { MntWatch } from './mnt-watch.ts';
import { PeerBacklog } from './peer-backlog.ts';

/** What an alarm is about, where it is not simply the node that raises it. */
export interface AlarmTopic {
  /** Name of a node. */
  node?: string;
  /** What of that node, such as a certificate: repetitions are counted for each of them apart. */
  subject?: string;
}

/** Raises alarms on this node: both MnT are told, and the active one mails (SPEC E4; fact sheet ise 2.3). */
@Injectable()
export class AlarmRaiser implements OnApplicationShutdown {
  /** Set on a Monitoring node: its own alarms need no network. */
  takeHere: ((alarm: AlarmInstance) => void) | undefined;
  private readonly backlog: PeerBacklog<'alarm.raise'>;
  private count = 0;

  constructor(
    private readonly context: NodeContext,
    peers: ClusterPeers,
    private readonly mntWatch: MntWatch,
  ) {
    const { clock, database, definition, journal } = context;
    this.backlog = new PeerBacklog({
      clock,
      database,
      peers,
      pattern: 'alarm.raise',
      taken: (_peer, { alarm }) => this.markLate(alarm.id, true),
      isWanted: (peer) => this.monitoringNodes().includes(peer),
      lost: (to, { alarm: { name } }) => journal.record({ kind: 'alarm.lost', node: definition.name, name, to }),
    });
  }

  onApplicationShutdown(): void {
    this.backlog.stop();
  }

  /**
   * Resolves when each MnT has taken the alarm, or could not be reached: it is told later then.
   *
   * @param details one line, no secrets
   * @throws UnknownAlarmError for a name that is not in the catalogue
   */
  async raise(name: string, details: string, topic: AlarmTopic = {}): Promise<AlarmInstance> {
    const { clock, definition, journal, settings } = this.context;
    const { node = definition.name, subject = '' } = topic;
    this.count += 1;
    const raisedAt = clock.now();
    const id = `${definition.name}-${raisedAt}-${this.count}`;
    const alarm = raiseAlarm({ id, name, details, node, subject, raisedAt });
    if (!alarmRule(name, settings.alarms).enabled) return alarm;
    const { severity } = alarm;
    const about = node === definition.name ? {} : { about: node };
    const raised = journal.record({ kind: 'alarm.raised', node: definition.name, ...about, name, severity, details });
    const taken = await journal.within(raised, () =>
      Promise.all(this.monitoringNodes().map((mnt) => this.tell(mnt, alarm))),
    );
    if (!taken.includes(true)) this.markLate(alarm.id, false);
    return alarm;
  }

  /** Says of an alarm that waits for an MnT whether the other one has it. */
  private markLate(id: string, late: boolean): void {
    this.backlog.amend((question) => (question.alarm.id === id ? { ...question, late } : question));
  }

  private async tell(mnt: string, alarm: AlarmInstance): Promise<boolean> {
    const { definition, journal } = this.context;
    if (mnt === definition.name) {
      this.takeHere?.(alarm);
      return true;
    }
    const isTaken = await this.backlog.send(mnt, { alarm, late: false }, { alarm, late: true });
    if (isTaken) return true;
    const isActive = mnt === this.context.settings.deployment.activeMnt.name;
    journal.record({ kind: 'alarm.delayed', node: definition.name, name: alarm.name, to: mnt, isActive });
    if (isActive) await this.mntWatch.lost(mnt);
    return false;
  }

  private monitoringNodes(): string[] {
    const { nodes } = this.context.settings.deployment;
    return nodes.filter((node) => hasPersona(node, 'Monitoring')).map(({ name }) => name);
  }
}

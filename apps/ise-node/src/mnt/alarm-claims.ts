import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AlarmLog, type AlarmEntry } from '#libs/alarms';
import { isAhead, type Position } from '#libs/replication';
import { ClusterPeers } from '../cluster/cluster-peers.ts';
import { NodeContext } from '../node-context.ts';

/** `mine`: this node mails the alarm. `taken`: the other one does. `undecided`: that can't be known for now. */
export type AlarmClaim = 'mine' | 'taken' | 'undecided';

/**
 * Which of two MnTs mails an alarm: the active one, and for each alarm only one of them. Before it mails, a node asks
 * the other one; what it does when there is no answer is told in docs/adr/0007.
 */
@Injectable()
export class AlarmClaims implements OnApplicationBootstrap {
  private readonly asking = new Set<string>();
  private wasActive = false;

  constructor(
    private readonly context: NodeContext,
    private readonly alarms: AlarmLog,
    private readonly peers: ClusterPeers,
  ) {
    context.roles.onChange(({ isActiveMnt }) => {
      if (this.wasActive && !isActiveMnt) this.doubtPending();
      this.wasActive = isActiveMnt;
    });
  }

  onApplicationBootstrap(): void {
    this.wasActive = this.context.isActiveMnt;
    if (this.context.startsAgain) this.doubtPending();
  }

  async claim(id: string): Promise<AlarmClaim> {
    if (hasMails(this.alarms.find(id)) || this.asking.has(id)) return 'taken';
    this.asking.add(id);
    try {
      return await this.askOther(id);
    } finally {
      this.asking.delete(id);
    }
  }

  /** The other MnT asks to mail this alarm: gives back the entry of this one if it may not. */
  judge(entry: AlarmEntry, asking: Position): AlarmEntry | undefined {
    const { isActiveMnt, store } = this.context;
    const mine = this.alarms.find(entry.id);
    // Of two that both take themselves for the active one, the one with the older configuration is wrong.
    const isAskerRight = isAhead(asking, store.position) || !isActiveMnt;
    const isDone = mine !== undefined && mine.delivery !== 'pending' && mine.mailedBy !== entry.mailedBy;
    if (isDone && (hasMails(mine) || mine.delivery !== 'sending' || !isAskerRight)) return mine;
    if (isAskerRight) {
      this.alarms.mirror(entry);
      return undefined;
    }
    const kept: AlarmEntry = { ...entry, ...UNCLAIMED };
    this.alarms.mirror(kept);
    return kept;
  }

  /** What has become of the alarm, as the other MnT has it. Gives back the entry if nobody mails it now. */
  mirror(entry: AlarmEntry): AlarmEntry | undefined {
    const mine = this.alarms.find(entry.id);
    if (hasMails(mine) && mine?.mailedBy === this.context.definition.name && entry.mailedBy !== mine.mailedBy) return;
    // Given back: the other one has not mailed it.
    const { mayBeMailed: _doubt, ...certain } = entry;
    this.alarms.mirror(entry.delivery === 'pending' ? certain : entry);
    return entry.delivery === 'pending' ? certain : undefined;
  }

  private async askOther(id: string): Promise<AlarmClaim> {
    const { clock, definition, store } = this.context;
    const doubtful = this.alarms.find(id)?.mayBeMailed === true;
    const entry = this.alarms.change(id, { delivery: 'sending', mailedBy: definition.name, mailedAt: clock.now() });
    const other = otherMnt(this.context);
    if (!entry || other === undefined) return entry ? 'mine' : 'taken';
    const question = { entry, position: store.position };
    const answer = await this.peers.ask(other, 'alarm.claim', question).catch(() => undefined);
    if (answer?.taken) {
      this.alarms.mirror(answer.taken);
      return 'taken';
    }
    // While it was asked, it may have asked in turn, and been right.
    if (this.alarms.find(id)?.mailedBy !== definition.name) return 'taken';
    if (answer) this.alarms.change(id, { mayBeMailed: undefined });
    return answer || (!doubtful && (await this.isConfirmed())) ? 'mine' : 'undecided';
  }

  /** Is this node still the active MnT, as far as the majority of the nodes knows? */
  private async isConfirmed(): Promise<boolean> {
    const { roles, settings } = this.context;
    const answers = await Promise.all(
      this.peers.names().map((name) => this.peers.ask(name, 'node.ping', {}).catch(() => undefined)),
    );
    const reports = answers.filter((answer) => answer !== undefined);
    for (const report of reports) roles.hearReport(report);
    return this.context.isActiveMnt && reports.length + 1 >= settings.deployment.majority;
  }

  /** While this node was away, or is no longer the active one, the other may mail what waits here. */
  private doubtPending(): void {
    for (const { id } of this.alarms.list({ delivery: 'pending' })) this.alarms.change(id, { mayBeMailed: true });
  }
}

/** Nobody mails it so far. */
export const UNCLAIMED = { delivery: 'pending', mailedBy: undefined, mailedAt: undefined } as const;

/** Name of the other Monitoring node, if there is one. */
export function otherMnt({ definition, settings }: NodeContext): string | undefined {
  const { activeMnt, standbyMnt } = settings.deployment;
  return [activeMnt, standbyMnt].find((node) => node !== undefined && node.name !== definition.name)?.name;
}

export function hasMails(entry: AlarmEntry | undefined): boolean {
  return (entry?.mails ?? []).length > 0;
}

import { Injectable, Optional } from '@nestjs/common';
import { AlarmLog, type AlarmEntry, type AlarmFilter } from '#libs/alarms';
import { NodeUnreachableError } from '#libs/replication';
import type { ClusterMessages } from '../cluster/cluster-messages.ts';
import { ClusterPeers } from '../cluster/cluster-peers.ts';
import { AlarmDesk } from '../mnt/alarm-desk.ts';
import { NodeContext } from '../node-context.ts';
import { OpenApiError } from './openapi-route.ts';

type MntQuestion = 'alarm.list' | 'alarm.acknowledge';

/** The alarms of the deployment for a node that may not collect them itself: then an MnT is asked, the active one first. */
@Injectable()
export class AlarmBook {
  constructor(
    private readonly context: NodeContext,
    private readonly peers: ClusterPeers,
    @Optional() private readonly log?: AlarmLog,
    @Optional() private readonly desk?: AlarmDesk,
  ) {}

  /** The newest first. @throws OpenApiError when no MnT can be reached */
  async list(filter: AlarmFilter): Promise<readonly AlarmEntry[]> {
    return this.log?.list(filter) ?? this.askMnt('alarm.list', filter);
  }

  /** How many of them were there, and not acknowledged yet. @throws OpenApiError when no MnT can be reached */
  async acknowledge(ids: readonly string[], by: string): Promise<number> {
    if (this.desk) return this.desk.acknowledge(ids, by).length;
    return (await this.askMnt('alarm.acknowledge', { ids, by })).acknowledged;
  }

  private async askMnt<P extends MntQuestion>(
    pattern: P,
    question: ClusterMessages[P]['question'],
  ): Promise<ClusterMessages[P]['answer']> {
    const { activeMnt, standbyMnt } = this.context.settings.deployment;
    for (const mnt of [activeMnt, ...(standbyMnt ? [standbyMnt] : [])]) {
      try {
        return await this.peers.ask(mnt.name, pattern, question);
      } catch (error) {
        if (!(error instanceof NodeUnreachableError)) throw error;
      }
    }
    throw new OpenApiError(503, 'No Monitoring node could be reached');
  }
}

import { Injectable } from '@nestjs/common';
import { NodeContext } from '../node-context.ts';
import { ClusterPeers } from './cluster-peers.ts';

/** A lost MnT is reported again after this, doubling up to the bound, until one can be reached. */
const AGAIN_MS = 60_000;
const AGAIN_MS_MAX = 600_000;

/**
 * Reports an active MnT that can't be reached to the primary PAN, which has the standby take over. It is noticed by
 * those who have something to tell it: no node watches it otherwise (our choice; the real detection is unknown).
 */
@Injectable()
export class MntWatch {
  private readonly watched = new Set<string>();

  constructor(
    private readonly context: NodeContext,
    private readonly peers: ClusterPeers,
  ) {}

  /** Resolves with the name of the MnT that is active then, as far as it is known. */
  async lost(mnt: string): Promise<string> {
    const active = await this.report(mnt);
    if (active === mnt) this.watch(mnt, AGAIN_MS);
    return active;
  }

  private async report(mnt: string): Promise<string> {
    const { definition, roles } = this.context;
    const { primary } = roles.leadership;
    const answer = await this.peers.ask(primary, 'mnt.lost', { mnt, by: definition.name }).catch(() => undefined);
    return answer?.activeMnt ?? this.activeMnt;
  }

  private watch(mnt: string, delayMs: number): void {
    if (this.watched.has(mnt)) return;
    this.watched.add(mnt);
    this.context.clock.after(delayMs, () => void this.lookAgain(mnt, delayMs));
  }

  private async lookAgain(mnt: string, delayMs: number): Promise<void> {
    this.watched.delete(mnt);
    if (this.activeMnt !== mnt || (await this.isReachable(mnt))) return;
    if ((await this.report(mnt)) === mnt) this.watch(mnt, Math.min(delayMs * 2, AGAIN_MS_MAX));
  }

  private get activeMnt(): string {
    return this.context.settings.deployment.activeMnt.name;
  }

  private isReachable(mnt: string): Promise<boolean> {
    return this.peers.ask(mnt, 'node.ping', {}).then(
      () => true,
      () => false,
    );
  }
}

import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { healthCheckNodes } from '#libs/deployment';
import type { Timer } from '#libs/simulation';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { AlarmRaiser } from './alarm-raiser.ts';
import { ClusterPeers } from './cluster-peers.ts';

/** On a health check node: watches the primary PAN, and has the secondary promoted when it is lost (fact sheet ise 2.3). */
@Injectable()
export class PanHealthCheck implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: Timer | undefined;
  private stopListening: (() => void) | undefined;
  /** Polls in a row without an answer, of which primary PAN. */
  private failed = { pan: '', count: 0 };

  constructor(
    private readonly context: NodeContext,
    private readonly peers: ClusterPeers,
    private readonly alarms: AlarmRaiser,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.context.store.onChange(({ key }) => {
      if (key === CONFIG_KEYS.panFailover || key === CONFIG_KEYS.deployment) this.restart();
    });
    this.restart();
  }

  onApplicationShutdown(): void {
    this.timer?.cancel();
    this.stopListening?.();
  }

  private restart(): void {
    const { clock, definition, roles, settings } = this.context;
    const { panFailover } = settings;
    this.timer?.cancel();
    this.timer = undefined;
    const isMyTask = panFailover.enabled && healthCheckNodes(panFailover).includes(definition.name);
    if (!isMyTask || !roles.current.isRegistered) return;
    this.timer = clock.after(panFailover.pollingIntervalSeconds * 1000, () => void this.poll());
  }

  private async poll(): Promise<void> {
    const { definition, journal, settings } = this.context;
    const { primaryPan, secondaryPan } = settings.deployment;
    const pan = primaryPan.name;
    if (this.failed.pan !== pan) this.failed = { pan, count: 0 };
    const isThere = await this.peers.ask(pan, 'node.ping', {}).then(
      () => true,
      () => false,
    );
    if (isThere) this.failed.count = 0;
    else {
      this.failed.count += 1;
      const { count } = this.failed;
      const polled = journal.record({ kind: 'pan-failover.poll-failed', node: definition.name, pan, count });
      // While it can't be promoted it is asked again, each time after as many polls.
      if (count % settings.panFailover.failedAttempts === 0 && secondaryPan) {
        await journal.within(polled, () => this.failOver(pan, secondaryPan.name));
      }
    }
    this.restart();
  }

  private async failOver(lost: string, secondary: string): Promise<void> {
    const { definition, journal } = this.context;
    const because = `${definition.name} had no answer from ${lost} in ${this.failed.count} polls`;
    const failure = await this.peers.ask(secondary, 'pan.promote', { because }).then(
      (answer) => (answer.promoted ? undefined : (answer.reason ?? 'it refused')),
      () => 'it could not be reached',
    );
    const promoted = failure === undefined;
    journal.record({ kind: 'pan-failover.triggered', node: definition.name, lost, secondary, promoted });
    if (promoted) {
      this.failed = { pan: '', count: 0 };
      await this.alarms.raise('PAN Auto Failover - Failover Triggered', `${lost} was lost, ${secondary} was promoted`);
    } else if (this.failed.count === this.context.settings.panFailover.failedAttempts) {
      await this.alarms.raise('PAN Auto Failover - Promotion Failed', `${secondary} was not promoted: ${failure}`);
    }
  }
}

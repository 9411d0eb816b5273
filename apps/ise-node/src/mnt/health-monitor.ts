import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Duplex } from 'node:stream';
import { NODE_DOWN } from '#libs/alarms';
import { NODE_PORT } from '#libs/replication';
import type { Timer } from '#libs/simulation';
import { AlarmRaiser } from '../cluster/alarm-raiser.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';

/** Milliseconds until an unanswered look at a node has failed. */
const ANSWER_MS_MAX = 10_000;

/** Of a node that is down, looks become rarer up to this. */
const INTERVAL_MS_MAX = 3_600_000;

/** What the monitor knows of one node. */
interface Watch {
  connection?: Duplex;
  missed: number;
  isDown: boolean;
  timer?: Timer;
}

/**
 * The active MnT keeps a connection with every other node, whose end is the sign that something is wrong with the node.
 * From then on it looks again at each interval; after so many looks in vain the alarm is raised, once until the node is
 * back. How ISE does it is unknown.
 */
@Injectable()
export class HealthMonitor implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly watches = new Map<string, Watch>();
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly context: NodeContext,
    private readonly alarms: AlarmRaiser,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.context.store.onChange(({ key }) => {
      if (key === CONFIG_KEYS.deployment || key === CONFIG_KEYS.alarmThresholds) this.watchAll();
    });
    this.context.roles.onChange(() => this.watchAll());
    this.watchAll();
  }

  onApplicationShutdown(): void {
    this.stopListening?.();
    this.endAll();
  }

  /** Watches the nodes that there are now, if this is the active MnT; begins one interval from now. */
  private watchAll(): void {
    this.endAll();
    const { definition, isActiveMnt, settings } = this.context;
    if (!isActiveMnt) return;
    for (const { name } of settings.deployment.nodes) {
      if (name === definition.name) continue;
      const watch: Watch = { missed: 0, isDown: false };
      this.watches.set(name, watch);
      this.lookLater(name, watch);
    }
  }

  private endAll(): void {
    for (const { timer, connection } of this.watches.values()) {
      timer?.cancel();
      connection?.destroy();
    }
    this.watches.clear();
  }

  private lookLater(node: string, watch: Watch): void {
    const { clock, settings } = this.context;
    const { healthIntervalSeconds, healthMissedMax } = settings.alarmThresholds;
    const intervalMs = healthIntervalSeconds * 1_000;
    const extra = Math.max(watch.missed - healthMissedMax, 0);
    const delayMs = Math.max(intervalMs, Math.min(intervalMs * 2 ** extra, INTERVAL_MS_MAX));
    watch.timer = clock.after(delayMs, () => void this.look(node, watch));
  }

  private async look(node: string, watch: Watch): Promise<void> {
    const { network, settings } = this.context;
    const host = settings.deployment.node(node).fqdn;
    try {
      const connection = await network.dial({ host, port: NODE_PORT, timeoutMs: ANSWER_MS_MAX });
      if (this.watches.get(node) !== watch) return void connection.destroy();
      this.up(node, watch, connection);
    } catch {
      if (this.watches.get(node) === watch) await this.missed(node, watch);
    }
  }

  private up(node: string, watch: Watch, connection: Duplex): void {
    const { definition, journal } = this.context;
    if (watch.isDown) journal.record({ kind: 'node.health-restored', node, seenBy: definition.name });
    watch.isDown = false;
    watch.missed = 0;
    watch.connection = connection;
    connection.on('error', () => undefined);
    connection.resume();
    connection.once('close', () => {
      if (this.watches.get(node) !== watch || watch.connection !== connection) return;
      delete watch.connection;
      this.lookLater(node, watch);
    });
  }

  private async missed(node: string, watch: Watch): Promise<void> {
    const { settings } = this.context;
    watch.missed += 1;
    this.lookLater(node, watch);
    if (watch.isDown || watch.missed < settings.alarmThresholds.healthMissedMax) return;
    watch.isDown = true;
    await this.alarms.raise(NODE_DOWN, `${node} does not answer`, { node });
  }
}

import type { Deployment } from '#libs/deployment';
import type { ConfigStore, Leadership } from '#libs/replication';
import { CONFIG_KEYS, type NodeSettings } from '../node-settings.ts';

/** What a node is in its deployment, as far as it knows. */
export interface Roles {
  readonly isPrimaryPan: boolean;
  readonly isActiveMnt: boolean;
  /** False for a node that was deregistered: it goes on by itself, and sends no mail of the deployment. */
  readonly isRegistered: boolean;
}

/** A node's roles; they change while it runs (fact sheet ise 2.3). */
export class NodeRoles {
  private readonly listeners = new Set<(roles: Roles) => void>();
  private heard: Leadership | undefined;
  private told: string;

  constructor(
    private readonly node: string,
    private readonly store: ConfigStore,
    private readonly settings: NodeSettings,
  ) {
    this.told = JSON.stringify(this.current);
    store.onChange(({ key }) => {
      if (key === CONFIG_KEYS.deployment) this.tellIfChanged();
    });
  }

  get current(): Roles {
    const { deployment } = this.settings;
    const isRegistered = deployment.has(this.node);
    return {
      isPrimaryPan: isRegistered && deployment.primaryPan.name === this.node && !this.isSuperseded,
      isActiveMnt: isRegistered && deployment.activeMnt.name === this.node,
      isRegistered,
    };
  }

  get deployment(): Deployment {
    return this.settings.deployment;
  }

  /** The primary PAN as far as it is known: what another node said counts for more than an older configuration. */
  get leadership(): Leadership {
    const { term } = this.store.position;
    return this.heard && this.heard.term > term ? this.heard : { primary: this.deployment.primaryPan.name, term };
  }

  /** Whether this node has heard from the primary PAN of its present term: its configuration is that one's. */
  get isFollowing(): boolean {
    return this.heard?.term === this.store.position.term && this.heard.primary !== this.node;
  }

  /** Somebody says who the primary PAN is. */
  hear({ primary, term }: Leadership): void {
    if (this.heard && this.heard.term > term) return;
    this.heard = { primary, term };
    this.tellIfChanged();
  }

  /** Calls `listener` after each change of a role. */
  onChange(listener: (roles: Roles) => void): void {
    this.listeners.add(listener);
  }

  private get isSuperseded(): boolean {
    return this.leadership.primary !== this.deployment.primaryPan.name;
  }

  private tellIfChanged(): void {
    const roles = this.current;
    const now = JSON.stringify(roles);
    if (now === this.told) return;
    this.told = now;
    for (const listener of this.listeners) listener(roles);
  }
}

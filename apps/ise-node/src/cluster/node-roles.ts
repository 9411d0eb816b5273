import { isAhead, type ConfigStore, type Leadership, type Position } from '#libs/replication';
import { CONFIG_KEYS, type NodeSettings } from '../node-settings.ts';

/** What a node is in its deployment, as far as it knows. */
export interface Roles {
  readonly isPrimaryPan: boolean;
  readonly isActiveMnt: boolean;
  /** False for a node that was deregistered: it goes on by itself, and sends no mail of the deployment. */
  readonly isRegistered: boolean;
}

/** What a node knows of who has which role, and how far its configuration is. */
export interface RoleReport extends Leadership {
  readonly position: Position;
  readonly activeMnt: string;
}

/** A node's roles; they change while it runs (fact sheet ise 2.3). */
export class NodeRoles {
  private readonly listeners = new Set<(roles: Roles) => void>();
  private heard: Leadership | undefined;
  /** The latest that another node has told, as long as this one's configuration is older. */
  private ahead: RoleReport | undefined;
  private told: string;
  /** On a PAN: told that this node is the primary one of a later term, and who says so. */
  onNamed: (by: string) => void = () => undefined;

  constructor(
    private readonly node: string,
    private readonly store: ConfigStore,
    private readonly settings: NodeSettings,
    /** It was away, and does not know yet what happened meanwhile: until `returned` it leads nothing. */
    private isReturning: boolean,
  ) {
    this.told = JSON.stringify(this.current);
    store.onChange(({ key }) => {
      if (key === CONFIG_KEYS.deployment) this.tellIfChanged();
    });
  }

  get current(): Roles {
    const { deployment } = this.settings;
    const isRegistered = deployment.has(this.node);
    const mayLead = isRegistered && !this.isReturning;
    return {
      isPrimaryPan: mayLead && deployment.primaryPan.name === this.node && this.leadership.primary === this.node,
      isActiveMnt: mayLead && this.activeMnt === this.node,
      isRegistered,
    };
  }

  get report(): RoleReport {
    return { ...this.leadership, position: this.store.position, activeMnt: this.activeMnt };
  }

  /** The primary PAN as far as it is known: what another node said counts for more than an older configuration. */
  get leadership(): Leadership {
    const { term } = this.store.position;
    return this.heard && this.heard.term > term
      ? this.heard
      : { primary: this.settings.deployment.primaryPan.name, term };
  }

  /** Whether this node has heard from the primary PAN of its present term: its configuration is that one's. */
  get isFollowing(): boolean {
    return this.heard?.term === this.store.position.term && this.heard.primary !== this.node;
  }

  /** It has asked the others. */
  returned(): void {
    this.isReturning = false;
    this.tellIfChanged();
  }

  /** Somebody says who the primary PAN is. */
  hear({ primary, term }: Leadership, by?: string): void {
    if (this.heard && this.heard.term > term) return;
    this.heard = { primary, term };
    this.tellIfChanged();
    if (by !== undefined && primary === this.node && term > this.store.position.term) this.onNamed(by);
  }

  /** Another node says all it knows. */
  hearReport(report: RoleReport, by?: string): void {
    if (isAhead(report.position, this.ahead?.position ?? this.store.position)) this.ahead = report;
    this.hear(report, by);
    this.tellIfChanged();
  }

  /** Calls `listener` after each change of a role. */
  onChange(listener: (roles: Roles) => void): void {
    this.listeners.add(listener);
  }

  private get activeMnt(): string {
    const { ahead } = this;
    const isKnownBetter = ahead !== undefined && isAhead(ahead.position, this.store.position);
    return isKnownBetter ? ahead.activeMnt : this.settings.deployment.activeMnt.name;
  }

  private tellIfChanged(): void {
    const roles = this.current;
    const now = JSON.stringify(roles);
    if (now === this.told) return;
    this.told = now;
    for (const listener of this.listeners) listener(roles);
  }
}

import { Injectable } from '@nestjs/common';
import {
  DeploymentError,
  hasExactly,
  withActiveMnt,
  withNode,
  withoutNode,
  withPrimaryPan,
  withServices,
  type Deployment,
  type NodeDefinition,
  type Persona,
} from '#libs/deployment';
import { isAhead, NodeUnreachableError, type ReplicationMessages } from '#libs/replication';
import { ClusterPeers } from '../cluster/cluster-peers.ts';
import type { HandOver } from '../cluster/cluster-messages.ts';
import { missedBy } from '../cluster/replication.controller.ts';
import { RequestError } from '../http/request-error.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter, rolesIn } from './config-writer.ts';

/** A node that left without being told is told again after this. */
const TELL_AGAIN_MS = 60_000;
const TELL_AGAIN_MS_MAX = 600_000;
const TELL_MAX = 1_000;

/** A node that is to join. */
interface NodeRegistration {
  fqdn: string;
  /** Of the administrator of the node. */
  userName: string;
  password: string;
  /** Absent: whichever the node has. */
  personas?: readonly Persona[];
  services?: readonly string[];
}

/** Who is in the deployment, and with which role (fact sheet ise 2.2, 2.3). */
@Injectable()
export class DeploymentService {
  private switching: Promise<string> | undefined;

  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
    private readonly peers: ClusterPeers,
  ) {
    context.roles.onNamed = (by) => void this.takeOffice(by);
  }

  /**
   * Promote to Primary, on the secondary PAN: with the primary's help while that can be reached, without it otherwise.
   *
   * @throws RequestError on any other node
   */
  async promote(): Promise<void> {
    const { definition, journal, roles, settings } = this.context;
    const { name } = definition;
    if (roles.current.isPrimaryPan) {
      throw new RequestError(409, 'deployment.primary-already', `${name} is the primary PAN already`, 'Nothing to do.');
    }
    if (settings.deployment.secondaryPan?.name !== name && settings.deployment.primaryPan.name !== name) {
      throw new RequestError(
        409,
        'deployment.not-secondary-pan',
        `${name} is not the secondary PAN`,
        `Promote ${settings.deployment.secondaryPan?.name ?? 'another PAN'}.`,
      );
    }
    const started = journal.record({ kind: 'pan.promotion-started', node: name });
    await journal.within(started, async () => {
      const handedOver = await this.askForHandOver();
      if (!handedOver) await this.takeOver();
      journal.record({ kind: 'pan.promoted', node: name, handedOver });
      void this.config.contactAll();
    });
  }

  /** The primary PAN steps down for the one that asks, and tells all that it lacks. */
  handOver({ to, position }: { to: string; position: ReplicationMessages['replication.fetch']['question'] }): HandOver {
    const { clock, definition, journal, roles, settings, store } = this.context;
    if (!roles.current.isPrimaryPan || settings.deployment.secondaryPan?.name !== to) return { refused: true };
    const deployment = withPrimaryPan(settings.deployment, to);
    const changed = journal.record({ kind: 'deployment.changed', node: definition.name, ...rolesIn(deployment) });
    const change = store.nextChange(
      [[CONFIG_KEYS.deployment, deployment.toDocument()]],
      clock.now(),
      store.position.term + 1,
    );
    // Written here alone: it is the new primary PAN's to replicate.
    journal.within(changed, () => store.apply(change));
    this.tellSuccessor(to, TELL_AGAIN_MS);
    return missedBy(this.context, position);
  }

  /** The answer to the one that took over may have been lost: then there would be no primary PAN at all. */
  private tellSuccessor(name: string, delayMs: number): void {
    const { clock, definition, roles, settings } = this.context;
    clock.after(delayMs, () => {
      if (roles.isFollowing || settings.deployment.primaryPan.name !== name) return;
      const question = { node: definition.name, ...roles.leadership };
      void this.peers.ask(name, 'node.hello', question).catch(() => undefined);
      this.tellSuccessor(name, Math.min(delayMs * 2, TELL_AGAIN_MS_MAX));
    });
  }

  /** This node was made the primary PAN, and did not learn of it. */
  private async takeOffice(informant: string): Promise<void> {
    const missed = await this.peers.ask(informant, 'replication.fetch', this.context.store.position).catch(() => ({}));
    this.adopt(missed);
    if (this.context.isPrimaryPan) void this.config.contactAll();
  }

  /** @throws RequestError when it is not the primary PAN, or the deployment can't be without this node */
  async deregister(name: string): Promise<void> {
    this.config.requirePrimaryPan();
    const { definition, settings } = this.context;
    const leaving = this.member(name);
    if (name === definition.name) {
      throw conflict('deployment.primary-pan-stays', `${name} is the primary PAN`, 'Promote the secondary PAN first.');
    }
    const remaining = possible(() => withoutNode(settings.deployment, name));
    this.config.writeDeployment(remaining);
    await this.tellDeregistered(leaving, 0);
  }

  /**
   * Registers a node that runs by itself.
   *
   * @throws RequestError when it can't be reached, refuses, has other personas, or the deployment has no room for it
   */
  async register({ fqdn, userName, password, personas, services }: NodeRegistration): Promise<void> {
    this.config.requirePrimaryPan();
    const { settings } = this.context;
    const name = fqdn.split('.', 1)[0] ?? fqdn;
    if (settings.deployment.has(name)) {
      throw conflict('deployment.registered-already', `${name} is part of the deployment already`, 'Nothing to do.');
    }
    const question = { deployment: settings.deployment.toDocument(), userName, password };
    const answer = await this.peers.askAt({ name, fqdn }, 'node.register', question).catch((error: unknown) => {
      if (!(error instanceof NodeUnreachableError)) throw error;
      return { kind: 'refused', reason: `${fqdn} could not be reached` } as const;
    });
    if (answer.kind === 'refused') {
      throw conflict(
        'deployment.registration-failed',
        answer.reason,
        'Check name, credentials and network of the node.',
      );
    }
    const { definition } = answer;
    if (personas && !hasExactly(definition, personas)) {
      throw conflict(
        'deployment.registration-failed',
        `${name} has the personas ${definition.personas.join(', ')}`,
        'Register it with these: what runs on a node is settled before it is started.',
      );
    }
    const joining = { ...definition, ...(services ? { services } : {}) };
    this.config.writeDeployment(possible(() => withNode(this.context.settings.deployment, joining)));
    await this.config.sync(name);
  }

  /** Makes the standby MnT the active one. @throws RequestError on any node but the primary PAN */
  switchMnt(): void {
    this.config.requirePrimaryPan();
    const { activeMnt, standbyMnt } = this.context.settings.deployment;
    if (!standbyMnt) throw conflict('deployment.no-standby-mnt', 'there is no standby MnT', 'Register one.');
    this.writeMntSwitch(activeMnt.name, standbyMnt.name);
  }

  /** @throws RequestError on any node but the primary PAN */
  setServices(name: string, services: readonly string[]): void {
    this.config.requirePrimaryPan();
    this.config.writeDeployment(withServices(this.context.settings.deployment, this.member(name).name, services));
  }

  /** Somebody can't reach the active MnT. When this node can't either, the standby takes over. */
  activeMntLost(mnt: string): Promise<string> {
    this.switching ??= this.judgeActiveMnt(mnt).finally(() => (this.switching = undefined));
    return this.switching;
  }

  private async judgeActiveMnt(mnt: string): Promise<string> {
    const { isPrimaryPan } = this.context;
    const present = (): Deployment => this.context.settings.deployment;
    const standby = present().standbyMnt?.name;
    const isLost =
      isPrimaryPan &&
      present().activeMnt.name === mnt &&
      standby !== undefined &&
      !(await this.isReachable(mnt)) &&
      (await this.isReachable(standby));
    // While the nodes were asked, somebody else may have become primary PAN, or active MnT.
    if (isLost && this.context.isPrimaryPan && present().standbyMnt?.name === standby) {
      this.writeMntSwitch(mnt, standby);
    }
    return present().activeMnt.name;
  }

  private writeMntSwitch(from: string, to: string): void {
    const { definition, journal, settings } = this.context;
    journal.record({ kind: 'mnt.switched', node: definition.name, from, to });
    this.config.writeDeployment(withActiveMnt(settings.deployment, to));
  }

  private async askForHandOver(): Promise<boolean> {
    const { definition, roles, store } = this.context;
    const { primary } = roles.leadership;
    if (primary === definition.name) return false;
    try {
      const question = { to: definition.name, position: store.position };
      const answer = await this.peers.ask(primary, 'pan.hand-over', question);
      if (answer.refused) return false;
      this.adopt(answer);
      return this.context.isPrimaryPan;
    } catch (error) {
      if (error instanceof NodeUnreachableError) return false;
      throw error;
    }
  }

  /** The primary PAN is lost: what any other node knows better is taken over, then a new term begins. */
  private async takeOver(): Promise<void> {
    const { store } = this.context;
    const found = await Promise.all(
      this.peers.names().map(async (name) => {
        const answer = await this.peers.ask(name, 'node.ping', {}).catch(() => undefined);
        return answer ? [{ name, ...answer }] : [];
      }),
    );
    const answers = found.flat();
    const ahead = answers.reduce<(typeof answers)[number] | undefined>(
      (best, each) => (isAhead(each.position, best?.position ?? store.position) ? each : best),
      undefined,
    );
    if (ahead) {
      const missed = await this.peers.ask(ahead.name, 'replication.fetch', store.position).catch(() => ({}));
      this.adopt(missed);
    }
    if (this.context.isPrimaryPan) return;
    const terms = [store.position.term, ...answers.flatMap(({ term, position }) => [term, position.term])];
    const { settings, definition } = this.context;
    const deployment = withPrimaryPan(settings.deployment, definition.name);
    this.config.writeDeployment(deployment, { term: Math.max(...terms) + 1 });
  }

  private adopt({ change, snapshot }: ReplicationMessages['replication.fetch']['answer']): void {
    const { store, journal, definition } = this.context;
    if (change) store.apply(change);
    if (snapshot) store.restore(snapshot);
    if (change || snapshot) {
      journal.record({ kind: 'config.taken-over', node: definition.name, version: store.position.version });
    }
  }

  private async tellDeregistered(node: NodeDefinition, told: number): Promise<void> {
    const { clock, settings } = this.context;
    if (!this.context.isPrimaryPan || settings.deployment.has(node.name)) return;
    try {
      await this.peers.askAt(node, 'node.deregister', { deployment: settings.deployment.toDocument() });
    } catch (error) {
      if (!(error instanceof NodeUnreachableError)) throw error;
      if (told < TELL_MAX) clock.after(TELL_AGAIN_MS, () => void this.tellDeregistered(node, told + 1));
    }
  }

  private async isReachable(name: string): Promise<boolean> {
    if (name === this.context.definition.name) return true;
    return this.peers.ask(name, 'node.ping', {}).then(
      () => true,
      () => false,
    );
  }

  private member(name: string): NodeDefinition {
    const { deployment } = this.context.settings;
    if (deployment.has(name)) return deployment.node(name);
    const known = deployment.nodes.map((node) => node.name).join(', ');
    throw new RequestError(404, 'deployment.unknown-node', `there is no node "${name}"`, `Nodes: ${known}.`);
  }
}

function conflict(code: string, message: string, remedy: string): RequestError {
  return new RequestError(409, code, message, remedy);
}

/** What is no deployment is the administrator's mistake, not ours. */
function possible(change: () => Deployment): Deployment {
  try {
    return change();
  } catch (error) {
    if (error instanceof DeploymentError) throw conflict(error.code, error.message, error.detail.remedy);
    throw error;
  }
}

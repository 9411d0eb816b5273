import { Injectable } from '@nestjs/common';
import { hasPersona, type DeploymentDocument } from '#libs/deployment';
import { AdminCredentials } from '../http/admin-credentials.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import type { ClusterMessages } from './cluster-messages.ts';
import { ClusterPeers } from './cluster-peers.ts';

/** The term of a configuration that nobody leads: any primary PAN's replaces it. */
const NO_TERM = 0;

type Question<P extends keyof ClusterMessages> = ClusterMessages[P]['question'];
type Answer<P extends keyof ClusterMessages> = ClusterMessages[P]['answer'];

/** This node's place in the deployment: how it finds back to it, joins, and leaves. */
@Injectable()
export class Membership {
  /** On a PAN: told of a node that was started again. */
  onReturn: (node: string) => void = () => undefined;

  constructor(
    private readonly context: NodeContext,
    private readonly peers: ClusterPeers,
    private readonly credentials: AdminCredentials,
  ) {}

  status(): Answer<'node.ping'> {
    return this.context.roles.report;
  }

  /** Asks PANs and MnTs what happened meanwhile. For a node that was started again, before it does anything. */
  async returnToDeployment(): Promise<void> {
    const { definition, roles, settings } = this.context;
    if (!roles.current.isRegistered) return roles.returned();
    const others = settings.deployment.nodes.filter(({ name }) => name !== definition.name);
    const greeted = others.filter((node) => hasPersona(node, 'Administration') || hasPersona(node, 'Monitoring'));
    const question = { node: definition.name, ...roles.leadership };
    const answers = await Promise.all(
      greeted.map(async ({ name }) => {
        const answer = await this.peers.ask(name, 'node.hello', question).catch(() => undefined);
        return answer ? [{ name, answer }] : [];
      }),
    );
    for (const { name, answer } of answers.flat()) {
      roles.hearReport(answer, name);
      if (answer.deregistered) this.leave(answer.deregistered);
    }
    roles.returned();
  }

  greet({ node, ...leadership }: Question<'node.hello'>): Answer<'node.hello'> {
    const { roles, settings, isPrimaryPan } = this.context;
    const { deployment } = settings;
    if (isPrimaryPan && !deployment.has(node)) {
      return { ...roles.report, deregistered: deployment.toDocument() };
    }
    roles.hear(leadership, node);
    this.onReturn(node);
    return roles.report;
  }

  /** Another deployment wants this node. */
  join({ userName, password }: Question<'node.register'>): Answer<'node.register'> {
    const { definition, roles, settings } = this.context;
    const { name } = definition;
    if (!this.credentials.match(userName, password)) {
      return { kind: 'refused', reason: `${name} refuses user name or password` };
    }
    if (roles.current.isRegistered && settings.deployment.nodes.length > 1) {
      return { kind: 'refused', reason: `${name} is part of a deployment: deregister it there first` };
    }
    return { kind: 'joined', definition };
  }

  /** This node is standalone from now on, with the configuration that it has (fact sheet ise 2.2). */
  leave(deployment: DeploymentDocument): void {
    const { clock, definition, journal, roles, store } = this.context;
    if (!roles.current.isRegistered) return;
    const left = journal.record({ kind: 'node.deregistered', node: definition.name });
    const change = store.nextChange([[CONFIG_KEYS.deployment, deployment]], clock.now(), NO_TERM);
    journal.within(left, () => store.apply(change));
  }
}

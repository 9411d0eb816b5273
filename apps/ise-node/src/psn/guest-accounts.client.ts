import { Injectable } from '@nestjs/common';
import { NodeUnreachableError } from '#libs/replication';
import type { ClusterMessages } from '../cluster/cluster-messages.ts';
import { ClusterPeers } from '../cluster/cluster-peers.ts';
import { RequestError } from '../http/request-error.ts';
import { NodeContext } from '../node-context.ts';

/** Questions about guest accounts that only the primary PAN may answer. */
type GuestPattern = Exclude<Extract<keyof ClusterMessages, `guest.${string}`>, 'guest.update'>;

/** The primary PAN as a PSN asks it to write guest accounts. */
@Injectable()
export class GuestAccountsClient {
  constructor(
    private readonly context: NodeContext,
    private readonly peers: ClusterPeers,
  ) {}

  /** @throws RequestError 503 while no primary PAN is up (SPEC D5), and on a node that was deregistered */
  async ask<P extends GuestPattern>(
    pattern: P,
    question: ClusterMessages[P]['question'],
  ): Promise<ClusterMessages[P]['answer']> {
    const { roles, settings } = this.context;
    const { name } = settings.deployment.primaryPan;
    if (!roles.current.isRegistered) throw noPrimaryPan('This node is in no deployment', `Register it on ${name}.`);
    try {
      return await this.peers.ask(name, pattern, question);
    } catch (error) {
      if (!(error instanceof NodeUnreachableError)) throw error;
      const { definition, journal } = this.context;
      journal.record({ kind: 'guests.no-primary-pan', node: definition.name, primary: name });
      throw noPrimaryPan('No primary PAN is reachable', `Bring ${name} back, or promote the secondary PAN.`);
    }
  }
}

function noPrimaryPan(message: string, remedy: string): RequestError {
  return new RequestError(503, 'guests.no-primary-pan', message, remedy);
}

import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  REPLICATION_PATTERNS,
  type ConfigChange,
  type ConfigSnapshot,
  type ReplicationAnswer,
} from '#libs/replication';
import { NodeContext } from '../node-context.ts';
import type { Envelope } from './cluster-messages.ts';

/** The receiving side of replication: every node has it. */
@Controller()
export class ReplicationController {
  constructor(private readonly context: NodeContext) {}

  @MessagePattern(REPLICATION_PATTERNS.change)
  change(@Payload() { cause, data }: Envelope<ConfigChange>): ReplicationAnswer {
    const { store, journal, definition } = this.context;
    const applied = store.apply(data);
    const kind = applied ? 'config.replicated' : 'config.out-of-sync';
    journal.record({ kind, node: definition.name, cause, key: data.key, version: data.version });
    return { applied, version: store.version };
  }

  @MessagePattern(REPLICATION_PATTERNS.snapshot)
  snapshot(@Payload() { cause, data }: Envelope<ConfigSnapshot>): ReplicationAnswer {
    const { store, journal, definition } = this.context;
    store.restore(data);
    journal.record({ kind: 'config.synchronized', node: definition.name, cause, version: data.version });
    return { applied: true, version: store.version };
  }
}

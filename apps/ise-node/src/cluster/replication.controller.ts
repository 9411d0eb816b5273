import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { Leadership, Position, ReplicationAnswer, ReplicationMessages } from '#libs/replication';
import { NodeContext } from '../node-context.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import type { Claim, Envelope } from './cluster-messages.ts';

type Question<P extends keyof ReplicationMessages> = Envelope<ReplicationMessages[P]['question']>;

/** The receiving side of replication: every node has it. */
@Controller()
export class ReplicationController {
  constructor(private readonly context: NodeContext) {}

  @MessagePattern('replication.join')
  join(@Payload() { data }: Question<'replication.join'>): ReplicationAnswer {
    return this.follow(data, () => false);
  }

  @MessagePattern('replication.change')
  change(@Payload() { cause, data }: Question<'replication.change'>): ReplicationAnswer {
    const { store, journal, definition } = this.context;
    const { change } = data;
    return this.follow(data, () => {
      const applied = journal.within(cause, () => store.apply(change));
      const kind = applied ? 'config.replicated' : 'config.out-of-sync';
      const [first, ...more] = change.entries.map(([key]) => key);
      const also = more.length > 0 ? { also: more } : {};
      journal.record({ kind, node: definition.name, cause, key: first, ...also, version: change.version });
      return applied;
    });
  }

  @MessagePattern('replication.snapshot')
  snapshot(@Payload() { cause, data }: Question<'replication.snapshot'>): ReplicationAnswer {
    const { store, journal, definition } = this.context;
    const { snapshot, termBeganAt } = data;
    return this.follow(data, () => {
      const { term, version } = store.position;
      const discarded = term < snapshot.term ? Math.max(version - termBeganAt + 1, 0) : 0;
      journal.within(cause, () => store.restore(snapshot));
      const loss = discarded > 0 ? { discarded } : {};
      journal.record({ kind: 'config.synchronized', node: definition.name, cause, version: snapshot.version, ...loss });
      return true;
    });
  }

  @MessagePattern('replication.fetch')
  fetch(@Payload() { data }: Question<'replication.fetch'>): ReplicationMessages['replication.fetch']['answer'] {
    return missedBy(this.context, data);
  }

  @MessagePattern('duty.claims')
  claims(): Claim[] {
    return this.context.store.list<Claim>(CONFIG_KEYS.duty(''));
  }

  private follow(leadership: Leadership, work: () => boolean): ReplicationAnswer {
    const { queue, roles, store } = this.context;
    const known = roles.leadership;
    if (known.term > leadership.term) return { kind: 'superseded', ...known };
    roles.hear(leadership);
    const applied = work();
    queue.reconsider();
    return { kind: 'followed', applied, position: store.position };
  }
}

/** What a copy at `position` lacks: the changes since, or everything. */
export function missedBy(
  { store }: NodeContext,
  position: Position,
): ReplicationMessages['replication.fetch']['answer'] {
  const change = store.changesSince(position);
  return change ? { change } : { snapshot: store.snapshot() };
}

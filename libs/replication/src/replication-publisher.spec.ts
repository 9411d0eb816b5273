import { Journal, VirtualClock } from '#libs/simulation';
import { ConfigStore, type ConfigChange, type ConfigSnapshot } from './config-store.ts';
import {
  REPLICATION_PATTERNS,
  ReplicationPublisher,
  type ReplicationAnswer,
  type ReplicationPeer,
} from './replication-publisher.ts';

/** Another node: its own store, reached after `delayMs`, or not at all while `up` is false. */
class FakePeer implements ReplicationPeer {
  readonly store = new ConfigStore();
  readonly received: string[] = [];
  up = true;
  delayMs = 10;

  constructor(
    readonly name: string,
    private readonly clock: VirtualClock,
  ) {}

  async send<T>(pattern: string, data: unknown): Promise<T> {
    await this.clock.sleep(this.delayMs);
    if (!this.up) throw new Error('down');
    const answer: ReplicationAnswer = { applied: this.take(pattern, data), version: this.store.version };
    return answer as T;
  }

  private take(pattern: string, data: unknown): boolean {
    if (pattern === REPLICATION_PATTERNS.snapshot) {
      this.store.restore(data as ConfigSnapshot);
      this.received.push(`snapshot@${this.store.version}`);
      return true;
    }
    const change = data as ConfigChange;
    this.received.push(`${change.key}@${change.version}`);
    return this.store.apply(change);
  }
}

interface Cluster {
  clock: VirtualClock;
  journal: Journal;
  store: ConfigStore;
  psn1: FakePeer;
  psn2: FakePeer;
  publisher: ReplicationPublisher;
}

function inCluster(test: (cluster: Cluster) => Promise<void>): Promise<void> {
  return VirtualClock.run({ startAt: Date.parse('2026-02-02T05:00:00Z') }, async (clock) => {
    const journal = new Journal(clock);
    const store = new ConfigStore();
    const [psn1, psn2] = [new FakePeer('psn1', clock), new FakePeer('psn2', clock)];
    const publisher = new ReplicationPublisher({ node: 'pan1', store, journal, peers: [psn1, psn2] });
    await test({ clock, journal, store, psn1, psn2, publisher });
  });
}

function statuses({ journal }: Cluster): string[] {
  return journal.records
    .filter(({ kind }) => kind === 'replication.status')
    .map((record) => `${record.node}: ${String(record['status'])}`);
}

describe('ReplicationPublisher', () => {
  it('writes here at once and on every other node soon', async () => {
    await inCluster(async ({ store, psn1, psn2, publisher }) => {
      publisher.write('proxy', { host: 'p' });
      expect(store.get('proxy')).toEqual({ host: 'p' });
      expect(psn1.store.version).toBe(0);
      await publisher.settled();
      expect(psn1.store.snapshot()).toEqual(store.snapshot());
      expect(psn2.store.snapshot()).toEqual(store.snapshot());
    });
  });

  it('keeps the order of writes although later ones would travel faster', async () => {
    await inCluster(async ({ psn1, publisher }) => {
      psn1.delayMs = 100;
      publisher.write('a', 1);
      publisher.write('b', 2);
      psn1.delayMs = 1;
      publisher.write('c', 3);
      await publisher.settled();
      expect(psn1.received).toEqual(['a@1', 'b@2', 'c@3']);
      expect(publisher.statusOf('psn1')).toBe('Connected');
    });
  });

  it('does not let one slow node hold up another', async () => {
    await inCluster(async ({ clock, psn1, psn2, publisher }) => {
      psn1.delayMs = 60_000;
      publisher.write('a', 1);
      await clock.sleep(11);
      expect([psn1.received, psn2.received]).toEqual([[], ['a@1']]);
    });
  });

  it('calls a node that can not be reached Disconnected, and says so once', async () => {
    await inCluster(async (cluster) => {
      const { psn1, publisher } = cluster;
      psn1.up = false;
      publisher.write('a', 1);
      publisher.write('b', 2);
      await publisher.settled();
      expect([publisher.statusOf('psn1'), publisher.statusOf('psn2')]).toEqual(['Disconnected', 'Connected']);
      expect(statuses(cluster)).toEqual(['psn1: Disconnected']);
    });
  });

  it('calls a node that missed a change NotInSync, and leaves its old settings alone', async () => {
    await inCluster(async (cluster) => {
      const { psn1, publisher } = cluster;
      publisher.write('a', 'old');
      await publisher.settled();
      psn1.up = false;
      publisher.write('a', 'missed');
      await publisher.settled();
      psn1.up = true;
      publisher.write('b', 'too late');
      await publisher.settled();
      expect(psn1.store.snapshot()).toEqual({ version: 1, entries: [['a', 'old']] });
      expect(statuses(cluster)).toEqual(['psn1: Disconnected', 'psn1: NotInSync']);
    });
  });

  it('mends an out-of-sync node by a manual sync, after which changes arrive again', async () => {
    await inCluster(async ({ store, psn1, publisher }) => {
      psn1.up = false;
      publisher.write('a', 'missed');
      await publisher.settled();
      psn1.up = true;
      expect(await publisher.sync('psn1')).toBe('Connected');
      publisher.write('b', 2);
      await publisher.settled();
      expect(psn1.store.snapshot()).toEqual(store.snapshot());
      expect(publisher.statusOf('psn1')).toBe('Connected');
    });
  });

  it('says Disconnected after a manual sync of a node that can not be reached', async () => {
    await inCluster(async ({ psn1, publisher }) => {
      psn1.up = false;
      expect(await publisher.sync('psn1')).toBe('Disconnected');
    });
  });

  it('sends what is written during a manual sync after it', async () => {
    await inCluster(async ({ clock, store, psn1, publisher }) => {
      psn1.up = false;
      publisher.write('a', 'missed');
      await publisher.settled();
      psn1.up = true;
      psn1.delayMs = 100;
      const syncing = publisher.sync('psn1');
      await clock.sleep(50);
      psn1.delayMs = 1;
      publisher.write('b', 'meanwhile');
      await syncing;
      await publisher.settled();
      expect(psn1.received).toEqual(['snapshot@1', 'b@2']);
      expect(psn1.store.snapshot()).toEqual(store.snapshot());
      expect(publisher.statusOf('psn1')).toBe('Connected');
    });
  });

  it('sends what is written while a manual sync waits for its turn once, in order', async () => {
    await inCluster(async ({ clock, store, psn1, publisher }) => {
      psn1.delayMs = 100;
      publisher.write('a', 1);
      const syncing = publisher.sync('psn1');
      await clock.sleep(50);
      publisher.write('b', 2);
      expect(await syncing).toBe('Connected');
      await publisher.settled();
      expect(psn1.received).toEqual(['a@1', 'snapshot@1', 'b@2']);
      expect(psn1.store.snapshot()).toEqual(store.snapshot());
      expect(publisher.statusOf('psn1')).toBe('Connected');
    });
  });

  it('records a write without its value, as the cause of what follows', async () => {
    await inCluster(async (cluster) => {
      const { journal, psn1, publisher } = cluster;
      psn1.up = false;
      publisher.write('smtp-server', { clientSecret: 'sealed' });
      await publisher.settled();
      expect(journal.records).toMatchObject([
        { seq: 1, kind: 'config.written', node: 'pan1', key: 'smtp-server', version: 1 },
        { kind: 'replication.status', node: 'psn1', cause: 1 },
      ]);
      expect(journal.toJsonLines()).not.toContain('sealed');
    });
  });

  it('deletes everywhere what is written as null', async () => {
    await inCluster(async ({ psn1, publisher }) => {
      publisher.write('a', 1);
      publisher.write('a', null);
      await publisher.settled();
      expect(psn1.store.snapshot()).toEqual({ version: 2, entries: [] });
    });
  });
});

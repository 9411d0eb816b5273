import { fieldText, Journal, VirtualClock } from '#libs/simulation';
import type { ConfigEntries } from './config-change.ts';
import { ConfigStore } from './config-store.ts';
import type { Leadership, ReplicationAnswer, ReplicationMessages } from './replication-messages.ts';
import { ReplicationPublisher, type ReplicationPeers } from './replication-publisher.ts';

const HOUR_MS = 3_600_000;

/** Another node: its own store, reached after `delayMs`, or not at all while `up` is false. */
class FakePeer {
  readonly store = new ConfigStore();
  readonly received: string[] = [];
  /** A primary PAN of a later term that it follows. */
  follows: Leadership | undefined;
  up = true;
  delayMs = 10;
  answering: (() => void) | undefined;

  constructor(
    readonly name: string,
    private readonly clock: VirtualClock,
  ) {}

  async send<P extends keyof ReplicationMessages>(
    pattern: P,
    question: ReplicationMessages[P]['question'],
  ): Promise<ReplicationAnswer> {
    await this.clock.sleep(this.delayMs);
    if (!this.up) throw new Error('down');
    if (this.follows) return { kind: 'superseded', ...this.follows };
    const applied = this.take(question);
    this.answering?.();
    return { kind: 'followed', applied, position: this.store.position };
  }

  private take(question: object): boolean {
    if ('snapshot' in question) {
      this.store.restore(question.snapshot as ReplicationMessages['replication.snapshot']['question']['snapshot']);
      this.received.push(`snapshot@${this.store.version}`);
      return true;
    }
    if (!('change' in question)) return false;
    const { change } = question as ReplicationMessages['replication.change']['question'];
    this.received.push(`${change.entries.map(([key]) => key).join('+')}@${change.version}`);
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
  superseded: Leadership[];
  write: (key: string, value: unknown) => void;
}

/** All with the same configuration, version 1. */
function inCluster(test: (cluster: Cluster) => Promise<void>): Promise<void> {
  return VirtualClock.run({ startAt: Date.parse('2026-02-02T05:00:00Z') }, async (clock) => {
    const journal = new Journal(clock);
    const store = new ConfigStore();
    const nodes = [new FakePeer('psn1', clock), new FakePeer('psn2', clock)] as const;
    const [psn1, psn2] = nodes;
    const superseded: Leadership[] = [];
    const peers = {
      names: () => nodes.map(({ name }) => name),
      send: (name: string, pattern: keyof ReplicationMessages, question: never) =>
        (nodes.find((node) => node.name === name) ?? psn1).send(pattern, question),
    } as ReplicationPeers;
    const publisher = new ReplicationPublisher({
      node: 'pan1',
      store,
      clock,
      journal,
      peers,
      catchUpMsMax: () => HOUR_MS,
      onSuperseded: (by) => superseded.push(by),
    });
    for (const each of [store, psn1.store, psn2.store]) each.restore({ term: 1, version: 1, entries: [] });
    publisher.lead();
    const write = (key: string, value: unknown): void => void publisher.write([[key, value]]);
    await test({ clock, journal, store, psn1, psn2, publisher, superseded, write });
  });
}

function statuses({ journal }: Cluster): string[] {
  return journal.records
    .filter(({ kind }) => kind === 'replication.status')
    .map((record) => `${record.node}: ${fieldText(record, 'status')}`);
}

describe('ReplicationPublisher', () => {
  it('writes here at once and on every other node soon', async () => {
    await inCluster(async ({ store, psn1, psn2, publisher, write }) => {
      write('proxy', { host: 'p' });
      expect(store.get('proxy')).toEqual({ host: 'p' });
      expect(psn1.store.version).toBe(1);
      await publisher.settled();
      expect(psn1.store.snapshot()).toEqual(store.snapshot());
      expect(psn2.store.snapshot()).toEqual(store.snapshot());
    });
  });

  it('brings what is written at any moment of the end of an exchange', async () => {
    for (let turns = 0; turns <= 12; turns++) {
      await inCluster(async ({ clock, store, psn1, psn2, write }) => {
        const writeSoon = async (): Promise<void> => {
          psn1.answering = undefined;
          for (let turn = 0; turn < turns; turn++) await Promise.resolve();
          write('late', turns);
        };
        psn1.answering = () => void writeSoon();
        write('proxy', { host: 'p' });
        await clock.sleep(1000);
        expect(store.get('late')).toBe(turns);
        for (const { store: copy } of [psn1, psn2]) expect(copy.snapshot()).toEqual(store.snapshot());
      });
    }
  });

  it('brings several documents of one write at once', async () => {
    await inCluster(async ({ psn1, publisher }) => {
      const entries: ConfigEntries = [
        ['a', 1],
        ['b', 2],
      ];
      publisher.write(entries);
      await publisher.settled();
      expect(psn1.received).toEqual(['a+b@2']);
      expect(psn1.store.snapshot().entries).toEqual(entries);
    });
  });

  it('keeps the order of writes although later ones would travel faster', async () => {
    await inCluster(async ({ psn1, publisher, write }) => {
      psn1.delayMs = 100;
      write('a', 1);
      write('b', 2);
      psn1.delayMs = 1;
      write('c', 3);
      await publisher.settled();
      expect(psn1.received).toEqual(['a@2', 'b@3', 'c@4']);
      expect(publisher.statusOf('psn1')).toBe('Connected');
    });
  });

  it('does not let one slow node hold up another', async () => {
    await inCluster(async ({ clock, psn1, psn2, write }) => {
      psn1.delayMs = 60_000;
      write('a', 1);
      await clock.sleep(11);
      expect([psn1.received, psn2.received]).toEqual([[], ['a@2']]);
    });
  });

  it('calls a node that can not be reached Disconnected, and says so once', async () => {
    await inCluster(async (cluster) => {
      const { psn1, publisher, write } = cluster;
      psn1.up = false;
      write('a', 1);
      write('b', 2);
      await publisher.settled();
      expect([publisher.statusOf('psn1'), publisher.statusOf('psn2')]).toEqual(['Disconnected', 'Connected']);
      expect(statuses(cluster)).toEqual(['psn1: Disconnected']);
    });
  });

  it('brings up a node that was away, by itself and with all it missed at once', async () => {
    await inCluster(async (cluster) => {
      const { clock, store, psn1, publisher, write } = cluster;
      psn1.up = false;
      write('a', 1);
      write('b', 2);
      await clock.sleep(HOUR_MS / 2);
      psn1.up = true;
      await clock.sleep(600_000);
      expect(psn1.received).toEqual(['a+b@3']);
      expect(psn1.store.snapshot()).toEqual(store.snapshot());
      expect(statuses(cluster)).toEqual(['psn1: Disconnected', 'psn1: Connected']);
      write('c', 3);
      await publisher.settled();
      expect(psn1.received).toEqual(['a+b@3', 'c@4']);
    });
  });

  it('does not make a node wait that says it is there again', async () => {
    await inCluster(async ({ clock, psn1, publisher, write }) => {
      psn1.up = false;
      write('a', 1);
      await clock.sleep(HOUR_MS / 2);
      psn1.up = true;
      await publisher.returned('psn1');
      expect(psn1.received).toEqual(['a@2']);
    });
  });

  it('leaves a node that was away too long with its old settings: stopped, then not in sync', async () => {
    await inCluster(async (cluster) => {
      const { clock, psn1, publisher, write } = cluster;
      write('a', 'old');
      await publisher.settled();
      psn1.up = false;
      write('a', 'missed');
      await clock.sleep(HOUR_MS + 600_000);
      expect(publisher.statusOf('psn1')).toBe('ReplicationStopped');
      psn1.up = true;
      await clock.sleep(600_000);
      write('b', 'too late');
      await publisher.settled();
      expect(psn1.store.snapshot()).toEqual({ term: 1, version: 2, entries: [['a', 'old']] });
      expect(statuses(cluster)).toEqual(['psn1: Disconnected', 'psn1: ReplicationStopped', 'psn1: NotInSync']);
    });
  });

  it('mends an out-of-sync node by a manual sync, after which changes arrive again', async () => {
    await inCluster(async (cluster) => {
      const { clock, store, psn1, publisher, write } = cluster;
      write('a', 'old');
      await publisher.settled();
      psn1.up = false;
      write('a', 'missed');
      await clock.sleep(2 * HOUR_MS);
      psn1.up = true;
      await clock.sleep(600_000);
      expect(await publisher.sync('psn1')).toBe('Connected');
      write('b', 2);
      await publisher.settled();
      expect(psn1.store.snapshot()).toEqual(store.snapshot());
      expect(statuses(cluster).slice(-3)).toEqual(['psn1: NotInSync', 'psn1: InProgress', 'psn1: Connected']);
    });
  });

  it('says Disconnected after a manual sync of a node that can not be reached', async () => {
    await inCluster(async ({ psn1, publisher }) => {
      psn1.up = false;
      expect(await publisher.sync('psn1')).toBe('Disconnected');
    });
  });

  it('sends what is written during a manual sync after it', async () => {
    await inCluster(async ({ clock, store, psn1, publisher, write }) => {
      psn1.delayMs = 100;
      const syncing = publisher.sync('psn1');
      await clock.sleep(50);
      psn1.delayMs = 1;
      write('b', 'meanwhile');
      await syncing;
      await publisher.settled();
      expect(psn1.received).toEqual(['snapshot@1', 'b@2']);
      expect(psn1.store.snapshot()).toEqual(store.snapshot());
      expect(publisher.statusOf('psn1')).toBe('Connected');
    });
  });

  it('lets a manual sync wait for its turn', async () => {
    await inCluster(async ({ clock, store, psn1, publisher, write }) => {
      psn1.delayMs = 100;
      write('a', 1);
      const syncing = publisher.sync('psn1');
      await clock.sleep(50);
      write('b', 2);
      expect(await syncing).toBe('Connected');
      expect(psn1.received).toEqual(['a@2', 'b@3', 'snapshot@3']);
      expect(psn1.store.snapshot()).toEqual(store.snapshot());
    });
  });

  it('counts the copies of a version, and only those of the present term', async () => {
    await inCluster(async ({ psn1, psn2, publisher, write, store }) => {
      expect(publisher.copiesOf(0)).toBe(1);
      psn2.up = false;
      write('a', 1);
      await publisher.settled();
      expect([publisher.copiesOf(0), publisher.copiesOf(2), publisher.copiesOf(3)]).toEqual([2, 2, 1]);
      psn1.up = false;
      publisher.write([['b', 2]], store.position.term + 1);
      await publisher.settled();
      expect(publisher.copiesOf(0)).toBe(1);
    });
  });

  it('replaces the whole configuration of a node that lived through another history, once a new term began', async () => {
    await inCluster(async ({ psn1, publisher, store, clock }) => {
      psn1.store.apply(psn1.store.nextChange([['a', 'from the former primary PAN']], clock.now()));
      publisher.write([['a', 'from the new one']], 2);
      await publisher.settled();
      expect(psn1.received).toEqual(['a@2', 'snapshot@2']);
      expect(psn1.store.snapshot()).toEqual(store.snapshot());
    });
  });

  it('ceases when a node follows a primary PAN of a later term, and says which', async () => {
    await inCluster(async ({ psn1, psn2, publisher, superseded, write }) => {
      psn1.follows = { primary: 'pan2', term: 2 };
      psn2.delayMs = 20;
      write('a', 1);
      await publisher.settled();
      expect(superseded).toMatchObject([{ primary: 'pan2', term: 2 }]);
      write('b', 2);
      await publisher.settled();
      expect(psn2.received).toEqual(['a@2']);
    });
  });

  it('records a write without its value, as the cause of what follows', async () => {
    await inCluster(async (cluster) => {
      const { journal, psn1, publisher, write } = cluster;
      psn1.up = false;
      write('smtp-server', { clientSecret: 'sealed' });
      await publisher.settled();
      expect(journal.records).toMatchObject([
        { seq: 1, kind: 'config.written', node: 'pan1', key: 'smtp-server', version: 2 },
        { kind: 'replication.status', node: 'psn1', cause: 1 },
      ]);
      expect(journal.toJsonLines()).not.toContain('sealed');
    });
  });

  it('deletes everywhere what is written as null', async () => {
    await inCluster(async ({ psn1, publisher, write }) => {
      write('a', 1);
      write('a', null);
      await publisher.settled();
      expect(psn1.store.snapshot()).toEqual({ term: 1, version: 3, entries: [] });
    });
  });
});

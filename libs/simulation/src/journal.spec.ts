import { createHash } from 'node:crypto';
import { Journal, type JournalOptions } from './journal.ts';
import { VirtualClock } from './virtual-clock.ts';

const START = Date.parse('2026-02-02T05:00:00Z');

function withJournal(
  test: (journal: Journal, clock: VirtualClock) => Promise<void>,
  options: JournalOptions = {},
): Promise<void> {
  return VirtualClock.run({ startAt: START }, (clock) => test(new Journal(clock, options), clock));
}

describe('Journal', () => {
  it('numbers records from 1 and stamps them with virtual time', async () => {
    await withJournal(async (journal, clock) => {
      journal.record({ kind: 'first' });
      await clock.sleep(1_500);
      journal.record({ kind: 'second', node: 'pan1', ms: 12 });
      expect(journal.records).toEqual([
        { t: '2026-02-02T05:00:00.000Z', seq: 1, kind: 'first' },
        { t: '2026-02-02T05:00:01.500Z', seq: 2, kind: 'second', node: 'pan1', ms: 12 },
      ]);
    });
  });

  it('gives what is recorded within a record that record as its cause, also later and across timers', async () => {
    await withJournal(async (journal, clock) => {
      const cause = journal.record({ kind: 'cause' });
      const later = journal.within(cause, async () => {
        await clock.sleep(10);
        return journal.record({ kind: 'effect' });
      });
      expect(journal.record({ kind: 'beside' })).not.toHaveProperty('cause');
      expect((await later).cause).toBe(1);
    });
  });

  it('keeps the causes of concurrent work apart', async () => {
    await withJournal(async (journal, clock) => {
      const effects = await Promise.all(
        [20, 10].map((delayMs) => {
          const cause = journal.record({ kind: 'cause' });
          return journal.within(cause, async () => {
            await clock.sleep(delayMs);
            return journal.record({ kind: 'effect' });
          });
        }),
      );
      expect(effects.map(({ cause }) => cause)).toEqual([1, 2]);
    });
  });

  it('prefers the cause that an event names, and the innermost surrounding one', async () => {
    await withJournal(async (journal) => {
      journal.record({ kind: 'outer' });
      journal.record({ kind: 'inner' });
      journal.within(1, () => {
        expect(journal.within(2, () => journal.record({ kind: 'effect' }).cause)).toBe(2);
        expect(journal.within(undefined, () => journal.currentCause())).toBe(1);
        expect(journal.record({ kind: 'named', cause: 2 }).cause).toBe(2);
      });
      expect(journal.currentCause()).toBeUndefined();
    });
  });

  it('follows the causes back to the first, nearest first', async () => {
    await withJournal(async (journal) => {
      journal.record({ kind: 'click' });
      journal.record({ kind: 'unrelated' });
      journal.record({ kind: 'dial', cause: 1 });
      journal.record({ kind: 'refused', cause: 3 });
      expect(journal.chainOf(4).map(({ kind }) => kind)).toEqual(['refused', 'dial', 'click']);
      expect(journal.chainOf(5)).toEqual([]);
    });
  });

  it('tells listeners of further records until they stop', async () => {
    await withJournal(async (journal) => {
      const heard: string[] = [];
      journal.record({ kind: 'before' });
      const stop = journal.subscribe(({ kind }) => heard.push(kind));
      journal.record({ kind: 'during' });
      stop();
      journal.record({ kind: 'after' });
      expect(heard).toEqual(['during']);
    });
  });

  it('knows the dial of a connection by its ports, also where others have the same port at the client end', async () => {
    await withJournal(async (journal) => {
      journal.linkPeer({ localPort: 50_000, remotePort: 41_000 }, 12);
      journal.linkPeer({ localPort: 50_000, remotePort: 42_000 }, 13);
      expect(journal.causeOfPeer({ localPort: 41_000, remotePort: 50_000 })).toBe(12);
      expect(journal.causeOfPeer({ localPort: 42_000, remotePort: 50_000 })).toBe(13);
      expect(journal.causeOfPeer({ localPort: 41_000, remotePort: 50_001 })).toBeUndefined();
      expect(journal.causeOfPeer({ localPort: 50_000, remotePort: 41_000 })).toBeUndefined();
      expect(journal.causeOfPeer({})).toBeUndefined();
      expect(journal.toJsonLines()).toBe('');
    });
  });

  describe('with a bound', () => {
    it('keeps the newest records, never more than its bound, and says how many it has dropped', async () => {
      await withJournal(
        async (journal) => {
          for (let count = 1; count <= 20; count += 1) journal.record({ kind: `k${count}` });
          expect([journal.records.length, journal.dropped]).toEqual([20, 0]);
          for (let count = 21; count <= 1_001; count += 1) {
            journal.record({ kind: `k${count}` });
            expect(journal.records.length).toBeLessThanOrEqual(20);
            expect(journal.records.length).toBeGreaterThanOrEqual(18);
          }
          expect(journal.lastSeq).toBe(1_001);
          expect(journal.dropped + journal.records.length).toBe(1_001);
          expect(journal.records[0]?.seq).toBe(journal.dropped + 1);
          expect(journal.records.at(-1)).toMatchObject({ seq: 1_001, kind: 'k1001' });
        },
        { recordsMax: 20 },
      );
    });

    it('finds what it still has by seq, and follows causes as far as it has them', async () => {
      await withJournal(
        async (journal) => {
          for (let count = 1; count <= 21; count += 1) journal.record({ kind: `k${count}`, cause: count - 1 });
          expect(journal.dropped).toBe(2);
          expect([journal.at(2), journal.at(3)?.kind, journal.at(21)?.kind]).toEqual([undefined, 'k3', 'k21']);
          expect(journal.chainOf(5).map(({ kind }) => kind)).toEqual(['k5', 'k4', 'k3']);
          expect(journal.after(19).map(({ kind }) => kind)).toEqual(['k20', 'k21']);
          expect(journal.after(0)).toHaveLength(19);
          expect(journal.after(99)).toEqual([]);
        },
        { recordsMax: 20 },
      );
    });
  });

  it('writes one JSON object per line, and hashes exactly these lines', async () => {
    await withJournal(async (journal) => {
      journal.record({ kind: 'log', text: 'two\nlines' });
      journal.record({ kind: 'end', nothing: undefined });
      const lines = journal.toJsonLines();
      expect(
        lines
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line).kind),
      ).toEqual(['log', 'end']);
      expect(journal.sha256()).toBe(createHash('sha256').update(lines).digest('hex'));
    });
  });
});

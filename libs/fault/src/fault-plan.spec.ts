import fc from 'fast-check';
import { Journal, Random, VirtualClock } from '#libs/simulation';
import { FaultPlan } from './fault-plan.ts';
import type { FaultSubject, FaultTrigger } from './fault-trigger.ts';
import type { WireFault } from './wire-fault.ts';

const START = Date.parse('2026-02-02T05:00:00Z');
const PSN1: FaultSubject = {
  node: 'psn1',
  personas: ['Policy Service'],
  mailType: 'guest-credentials',
  peers: ['smtp'],
};
const EXCHANGE: FaultSubject = { node: 'smtp.office365.com', personas: [], peers: ['token-endpoint'] };
const STALL: WireFault = { type: 'stall' };

async function withPlan(test: (plan: FaultPlan, clock: VirtualClock, journal: Journal) => unknown, seed = '7') {
  await VirtualClock.run({ startAt: START }, async (clock) => {
    const journal = new Journal(clock);
    await test(new FaultPlan({ clock, journal, random: new Random(seed) }), clock, journal);
  });
}

function dial(plan: FaultPlan, subject = PSN1) {
  const connection = plan.attach(subject, 'smtp.office365.com', 1);
  connection.open();
  return connection;
}

function names(connection: ReturnType<typeof dial>): string[] {
  return connection.inForce.map(({ name }) => name);
}

describe('FaultPlan', () => {
  it.each<[string, FaultTrigger, boolean]>([
    ['nothing in particular', {}, true],
    ['the node', { nodes: ['psn2', 'psn1'] }, true],
    ['another node', { nodes: ['psn2'] }, false],
    ['its persona', { persona: 'Policy Service' }, true],
    ['another persona', { persona: 'Monitoring' }, false],
    ['the mail', { mailType: 'guest-credentials' }, true],
    ['another mail', { mailType: 'alarm' }, false],
    ['the peer', { peer: 'smtp' }, true],
    ['another peer', { peer: 'token-endpoint' }, false],
    ['a step to come', { stage: 'auth' }, false],
  ])('strikes a connection that the trigger means: %s', async (_case, trigger, strikes) => {
    await withPlan((plan) => {
      plan.add({ name: 'f', fault: STALL, trigger });
      expect(names(dial(plan))).toEqual(strikes ? ['f'] : []);
    });
  });

  it('strikes no host but ISE nodes unless it names one', async () => {
    await withPlan((plan) => {
      plan.add({ name: 'nodes', fault: STALL });
      plan.add({ name: 'exchange', fault: STALL, trigger: { nodes: ['smtp.office365.com'] } });
      expect(names(dial(plan, EXCHANGE))).toEqual(['exchange']);
    });
  });

  it('holds during its step and ends with it', async () => {
    await withPlan((plan) => {
      plan.add({ name: 'f', fault: STALL, trigger: { stage: 'auth' } });
      const connection = dial(plan);
      connection.enter('auth');
      const [fired] = connection.inForce;
      expect(fired).toMatchObject({ name: 'f', holds: true });
      connection.enter('mail');
      expect(fired).toMatchObject({ holds: false });
      expect(names(connection)).toEqual([]);
    });
  });

  it('strikes a connection that is open already, and lets go of it when it is removed', async () => {
    await withPlan((plan) => {
      const connection = dial(plan);
      plan.add({ name: 'f', fault: STALL });
      expect(names(connection)).toEqual(['f']);
      plan.remove('f');
      expect(names(connection)).toEqual([]);
      expect(plan.isEmpty).toBe(true);
    });
  });

  it.each([
    [{ first: 2 }, [true, true, false, false]],
    [{ nth: 3 }, [false, false, true, false]],
    [{ probability: 0 }, [false, false, false, false]],
    [{ probability: 1 }, [true, true, true, true]],
  ])('counts connections: %j', async (trigger, expected) => {
    await withPlan((plan) => {
      plan.add({ name: 'f', fault: STALL, trigger });
      expect(expected.map(() => names(dial(plan)).length > 0)).toEqual(expected);
    });
  });

  it('counts a connection once, however many steps it takes', async () => {
    await withPlan((plan) => {
      plan.add({ name: 'f', fault: STALL, trigger: { nth: 2 } });
      const first = dial(plan);
      first.enter('greeting');
      first.enter('ehlo');
      expect(names(first)).toEqual([]);
      expect(names(dial(plan))).toEqual(['f']);
    });
  });

  it('begins with its window and is gone at its end', async () => {
    await withPlan(async (plan, clock, journal) => {
      plan.add({ name: 'f', fault: STALL, trigger: { from: START + 1_000, until: START + 2_000 } });
      const connection = dial(plan);
      await clock.sleep(999);
      expect(names(connection)).toEqual([]);
      await clock.sleep(1);
      expect(names(connection)).toEqual(['f']);
      await clock.sleep(1_000);
      expect(names(connection)).toEqual([]);
      expect(plan.faults).toEqual([]);
      expect(journal.records.at(-1)).toMatchObject({ kind: 'fault.ended', name: 'f', reason: 'expired' });
    });
  });

  it('journals each firing with its dial as the cause', async () => {
    await withPlan((plan, _clock, journal) => {
      const { seq: cause } = journal.record({ kind: 'network.dialled', node: 'psn1' });
      plan.add({ name: 'f', fault: { type: 'latency', ms: 5 }, trigger: { stage: 'auth' } });
      plan.attach(PSN1, 'smtp.office365.com', cause).enter('auth');
      expect(journal.records.at(-1)).toMatchObject({
        kind: 'fault.applied',
        node: 'psn1',
        cause,
        name: 'f',
        type: 'latency',
        stage: 'auth',
        host: 'smtp.office365.com',
      });
    });
  });

  it.each<[WireFault, FaultTrigger]>([
    [{ type: 'latency', ms: -1 }, {}],
    [{ type: 'bandwidth', kbps: 0 }, {}],
    [{ type: 'slicer', bytes: 0, delayMs: 1 }, {}],
    [{ type: 'limit', bytes: 1.5 }, {}],
    [{ type: 'timeout', afterMs: Number.NaN }, {}],
    [STALL, { first: 0 }],
    [STALL, { probability: 1.1 }],
    [STALL, { from: 2, until: 2 }],
  ])('refuses what can not be: %j %j', async (fault, trigger) => {
    await withPlan((plan) => {
      expect(() => plan.add({ name: 'f', fault, trigger })).toThrow(expect.objectContaining({ code: 'fault.invalid' }));
    });
  });

  it('refuses a name twice, and to remove what is not there', async () => {
    await withPlan((plan) => {
      plan.add({ name: 'f', fault: STALL });
      expect(() => plan.add({ name: 'f', fault: STALL })).toThrow(
        expect.objectContaining({ code: 'fault.name-taken' }),
      );
      expect(() => plan.remove('g')).toThrow(expect.objectContaining({ code: 'fault.unknown' }));
    });
  });

  it('draws the same chances for the same seed, whatever other faults draw beside it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.integer({ min: 1, max: 30 }), async (seed, dials) => {
        const strikes = async (others: number): Promise<boolean[]> => {
          const struck: boolean[] = [];
          await withPlan((plan) => {
            for (let i = 0; i < others; i += 1) {
              plan.add({ name: `other ${i}`, fault: STALL, trigger: { probability: 0.5 } });
            }
            plan.add({ name: 'f', fault: STALL, trigger: { probability: 0.5 } });
            for (let i = 0; i < dials; i += 1) struck.push(names(dial(plan)).includes('f'));
          }, seed);
          return struck;
        };
        expect(await strikes(3)).toEqual(await strikes(0));
      }),
      { numRuns: 25 },
    );
  });
});

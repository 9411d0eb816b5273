import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { JUMP_MS_MAX, ScaledClock } from './scaled-clock.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-02-02T05:00:00Z');

describe('ScaledClock', () => {
  let clock: ScaledClock;
  afterEach(() => clock.uninstall());

  it('runs in step with real time', async () => {
    clock = ScaledClock.install();
    const real = performance.timeOrigin + performance.now();
    expect(Math.abs(clock.now() - real)).toBeLessThan(100);
    const startedAt = performance.now();
    await clock.sleep(60);
    expect(performance.now() - startedAt).toBeGreaterThan(50);
  });

  it('makes half an hour pass in half a second at 3600 times the pace, as fast as real time and no faster', async () => {
    const half = 30 * 60_000;
    const scaled = ScaledClock.install({ startAt: START, pace: 3_600 });
    clock = scaled;
    const startedAt = performance.now();
    const firedAt = await new Promise<number>((resolve) => scaled.after(half, () => resolve(scaled.now())));
    const realMs = performance.now() - startedAt;
    expect(realMs).toBeGreaterThan(400);
    expect(firedAt).toBeGreaterThanOrEqual(START + half);
    // A machine that is busy fires late, by real milliseconds; the clock is never ahead of these by more than a tick or two.
    expect((firedAt - START) / 3_600).toBeLessThanOrEqual(realMs + 2);
  });

  it('stands still when paused, and goes on when told to', async () => {
    clock = ScaledClock.install({ startAt: START, pace: 0 });
    let fired = false;
    clock.after(20, () => (fired = true));
    await realTime(60);
    expect({ fired, now: clock.now() }).toEqual({ fired: false, now: START });
    clock.setPace(1);
    await clock.sleep(30);
    expect(fired).toBe(true);
  });

  it('fires a timer without delay even when paused', async () => {
    clock = ScaledClock.install({ startAt: START, pace: 0 });
    await clock.sleep(0);
    expect(clock.now()).toBe(START);
  });

  it('fires all timers that a jump passes, in order, each at its instant', async () => {
    clock = ScaledClock.install({ startAt: START, pace: 0 });
    const fired: [string, number][] = [];
    const note = (name: string) => () => fired.push([name, clock.now() - START]);
    clock.after(2 * DAY_MS, note('second'));
    clock.after(DAY_MS, () => {
      note('first')();
      clock.after(DAY_MS / 2, note('set off by the first'));
    });
    clock.after(31 * DAY_MS, note('beyond'));
    await clock.jump(30 * DAY_MS);
    expect(fired).toEqual([
      ['first', DAY_MS],
      ['set off by the first', 1.5 * DAY_MS],
      ['second', 2 * DAY_MS],
    ]);
    expect(clock.now()).toBe(START + 30 * DAY_MS);
  });

  it('lets the I/O that a timer set off finish before the next timer fires', async () => {
    clock = ScaledClock.install({ startAt: START, pace: 0 });
    const server = createServer((socket) => socket.end('answer')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const seen: string[] = [];
    clock.after(1_000, () => {
      connect(port, '127.0.0.1').on('data', () => seen.push(`answer at ${clock.now() - START}`));
    });
    clock.after(1_001, () => seen.push('next timer'));
    await clock.jump(DAY_MS);
    server.close();
    expect(seen).toEqual(['answer at 1000', 'next timer']);
  });

  it('takes setTimeout, setInterval and Date of libraries along', async () => {
    clock = ScaledClock.install({ startAt: START, pace: 0 });
    const seen: string[] = [];
    setTimeout((name: string) => seen.push(`${name} ${new Date().toISOString()}`), DAY_MS, 'timeout');
    const interval = setInterval(() => {
      seen.push(`interval ${Date.now() - START}`);
      if (seen.length > 3) clearInterval(interval);
    }, 10 * 3_600_000);
    clearTimeout(setTimeout(() => seen.push('cleared'), 5));
    await clock.jump(10 * DAY_MS);
    expect(seen).toEqual([
      'interval 36000000',
      'interval 72000000',
      'timeout 2026-02-03T05:00:00.000Z',
      'interval 108000000',
    ]);
    expect(new Date(0)).toBeInstanceOf(Date);
    clock.uninstall();
    expect(Math.abs(Date.now() - (performance.timeOrigin + performance.now()))).toBeLessThan(1_000);
  });

  it('never goes back and never passes a timer that has not fired', async () => {
    clock = ScaledClock.install({ startAt: START, pace: 3_600 });
    const before = clock.now();
    clock.after(1_000, () => undefined);
    const after = clock.now();
    const busyUntil = performance.now() + 20;
    let last = 0;
    while (performance.now() < busyUntil) {
      expect(clock.now()).toBeGreaterThanOrEqual(last);
      last = clock.now();
    }
    expect(last).toBeGreaterThanOrEqual(before + 1_000);
    expect(last).toBeLessThanOrEqual(after + 1_000);
  });

  it.each([-1, 0.05, 3_601, Number.NaN])('refuses the pace %s', (pace) => {
    clock = ScaledClock.install({ startAt: START });
    expect(() => clock.setPace(pace)).toThrow(RangeError);
  });

  it.each([-1, JUMP_MS_MAX + 1, Number.NaN])('refuses to jump by %s ms', async (byMs) => {
    clock = ScaledClock.install({ startAt: START });
    await expect(clock.jump(byMs)).rejects.toThrow(RangeError);
  });
});

const native = setTimeout;
function realTime(ms: number): Promise<void> {
  return new Promise((resolve) => native(resolve, ms));
}

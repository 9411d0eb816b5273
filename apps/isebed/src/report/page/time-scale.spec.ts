import { TimeScale } from './time-scale.ts';

const DAY = 86_400_000;

describe('the scale of the timeline', () => {
  it('is true to scale where something happens all the time', () => {
    const scale = new TimeScale([0, 2_000, 4_000, 8_000]);
    expect([0, 2_000, 3_000, 4_000, 8_000].map((at) => scale.at(at))).toEqual([0, 25, 37.5, 50, 100]);
  });

  it('shortens days without events, and names them', () => {
    const scale = new TimeScale([0, 5_000, 90 * DAY, 90 * DAY + 5_000]);
    expect(scale.at(5_000)).toBeGreaterThan(5);
    expect(scale.at(90 * DAY)).toBeLessThan(95);
    expect(scale.gaps).toEqual([{ from: 5_000, to: 90 * DAY }]);
  });

  it('keeps the order of time', () => {
    const moments = [0, 1, 8_000, 16_001, 60_000, DAY, DAY + 1];
    const places = moments.map((at) => new TimeScale(moments).at(at));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(new Set(places).size).toBeGreaterThan(4);
  });

  it('draws a longer gap longer', () => {
    const drawn = (gap: number): number => new TimeScale([0, gap]).drawnMs;
    expect(drawn(DAY)).toBeGreaterThan(drawn(60_000));
    expect(drawn(8_000)).toBe(8_000);
  });

  it.each([[[]], [[7]]])('bears %j', (moments) => {
    expect(new TimeScale(moments).at(7)).toBe(0);
  });
});

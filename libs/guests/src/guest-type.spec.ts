import { DEFAULT_GUEST_TYPES, guestTypeSchema, mayLogInAt, nextPurgeAt, purgeable, timeZoneOf } from './index.ts';
import { guestPurgePolicySchema, type GuestAccount } from './index.ts';

const at = (text: string): number => Date.parse(text);

describe('guest types', () => {
  it('last no longer by default than at most', () => {
    expect(guestTypeSchema.safeParse({ name: 'x', durationMsMax: 60_000, defaultDurationMs: 60_001 }).success).toBe(
      false,
    );
    expect(DEFAULT_GUEST_TYPES).toHaveLength(4);
  });

  it('let guests in on their days and hours, by the time of their location, summer time included', () => {
    const type = guestTypeSchema.parse({
      name: 'Office hours',
      accessTimes: [{ startTime: '09:00', endTime: '17:00', days: ['Monday', 'Sunday'] }],
    });
    const inBerlin = (text: string): boolean => mayLogInAt(type, at(text), 'Europe/Berlin');
    // 2026-03-23 is the Monday before the clocks go forward, 2026-03-30 the one after.
    expect(['2026-03-23T07:59:59Z', '2026-03-23T08:00:00Z', '2026-03-23T16:00:00Z'].map(inBerlin)).toEqual([
      false,
      true,
      false,
    ]);
    expect(['2026-03-30T06:59:59Z', '2026-03-30T07:00:00Z', '2026-03-30T15:00:00Z'].map(inBerlin)).toEqual([
      false,
      true,
      false,
    ]);
    expect(inBerlin('2026-03-24T12:00:00Z')).toBe(false);
    expect(mayLogInAt({ ...type, accessTimes: [] }, 0, 'UTC')).toBe(true);
  });

  it('take no access time that ends before it starts', () => {
    const accessTimes = [{ startTime: '17:00', endTime: '09:00', days: ['Monday'] }];
    expect(guestTypeSchema.safeParse({ name: 'x', accessTimes }).success).toBe(false);
  });
});

describe('time zones', () => {
  it('are those of the location, or else the one for all', () => {
    const locations = [{ name: 'Berlin', timeZone: 'Europe/Berlin' }];
    expect(timeZoneOf({ location: 'Berlin' }, locations, 'UTC')).toBe('Europe/Berlin');
    expect(timeZoneOf({ location: 'gone' }, locations, 'Asia/Tokyo')).toBe('Asia/Tokyo');
    expect(timeZoneOf({}, locations)).toBe('UTC');
  });
});

describe('the purge policy', () => {
  const policy = guestPurgePolicySchema.parse({});

  it('purges at 01:00 every 15 days, never at once', () => {
    const first = nextPurgeAt(policy, at('2026-02-02T05:00:00Z'));
    expect(new Date(first).toISOString()).toBe('2026-02-06T01:00:00.000Z');
    expect(nextPurgeAt(policy, first - 1)).toBe(first);
    expect(nextPurgeAt(policy, first)).toBe(first + 15 * 86_400_000);
  });

  it('removes what is expired or denied', () => {
    const account = (state: GuestAccount['state'], validTo: number): GuestAccount => ({
      id: `${state} ${validTo}`,
      username: '1001',
      password: '6299',
      firstName: '',
      lastName: '',
      emailAddress: '',
      guestType: 'x',
      validFrom: 0,
      validTo,
      state,
      createdAt: 0,
    });
    const accounts = [
      account('Active', 10),
      account('Active', 11),
      account('Denied', 99),
      account('Pending Approval', 1),
    ];
    expect(purgeable(accounts, 10).map(({ id }) => id)).toEqual(['Active 10', 'Denied 99']);
  });
});

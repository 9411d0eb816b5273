import { Cookie, type SessionData } from 'express-session';
import type { Clock } from '#libs/simulation';
import { VirtualClock } from '#libs/simulation';
import { SessionStore } from './session-store.ts';

const SESSIONS_MAX = 2_000;

function aSession(sponsor?: string): SessionData {
  const cookie = new Cookie();
  return { cookie, ...(sponsor === undefined ? {} : { sponsor: { username: sponsor, passwordHash: '' } }) };
}

function found(store: SessionStore, id: string): SessionData | null | undefined {
  let session: SessionData | null | undefined;
  store.get(id, (_error, answer) => (session = answer));
  return session;
}

function inStore<T>(test: (store: SessionStore, clock: Clock) => T | Promise<T>): Promise<T> {
  return VirtualClock.run({ startAt: 0 }, async (clock) => test(new SessionStore(clock), clock));
}

describe('the sessions of the portals', () => {
  it('are bounded: of those that nobody signed in to the oldest goes', async () => {
    await inStore((store) => {
      store.set('anna', aSession('anna'));
      for (let number = 0; number < 3 * SESSIONS_MAX; number += 1) store.set(`visitor ${number}`, aSession());
      expect(store.size).toBe(SESSIONS_MAX);
      expect(found(store, 'anna')).toMatchObject({ sponsor: { username: 'anna' } });
      expect(found(store, 'visitor 0')).toBeNull();
      expect(found(store, `visitor ${3 * SESSIONS_MAX - 1}`)).not.toBeNull();
    });
  });

  it('are bounded even if everybody is signed in', async () => {
    await inStore((store) => {
      for (let number = 0; number <= SESSIONS_MAX; number += 1) store.set(`sponsor ${number}`, aSession('anna'));
      expect(store.size).toBe(SESSIONS_MAX);
      expect(found(store, 'sponsor 0')).toBeNull();
    });
  });

  it('change by set alone, not by what is done to a copy', async () => {
    await inStore((store) => {
      store.set('anna', aSession('anna'));
      const copy = found(store, 'anna');
      if (copy) delete copy.sponsor;
      expect(found(store, 'anna')).toMatchObject({ sponsor: { username: 'anna' } });
    });
  });

  it('are not brought back by a request that ends after they did', async () => {
    await inStore(async (store, clock) => {
      store.set('anna', aSession('anna'));
      await clock.sleep(20 * 60_000);
      store.touch('anna', aSession('anna'));
      expect(found(store, 'anna')).toBeNull();
    });
  });
});

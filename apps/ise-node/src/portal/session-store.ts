import { Store, type SessionData } from 'express-session';
import type { Clock } from '#libs/simulation';

const MINUTE_MS = 60_000;

/** A session ends after so long without a request, and so long after its beginning at the latest (our choice). */
const SESSION_IDLE_MS_MAX = 20 * MINUTE_MS;
const SESSION_MS_MAX = 8 * 60 * MINUTE_MS;

/** Sessions kept at once; beyond it, those that nobody signed in to go first, the oldest before the others. */
const SESSIONS_MAX = 2_000;

interface Kept {
  /** As JSON, so that what a request does to its copy changes nothing here. */
  readonly text: string;
  readonly isSignedIn: boolean;
  readonly beganAt: number;
  readonly usedAt: number;
}

/** The sessions of a node's portals: in memory, bounded, and ended by the testbed's clock. A restart signs everybody out. */
export class SessionStore extends Store {
  private readonly sessions = new Map<string, Kept>();

  constructor(private readonly clock: Clock) {
    super();
  }

  get size(): number {
    return this.sessions.size;
  }

  override get(id: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    const kept = this.alive(id);
    callback(undefined, kept ? (JSON.parse(kept.text) as SessionData) : null);
  }

  override set(id: string, session: SessionData, callback?: (error?: unknown) => void): void {
    const now = this.clock.now();
    const beganAt = this.alive(id)?.beganAt ?? now;
    const isSignedIn = session.sponsor !== undefined || session.guest !== undefined;
    this.sessions.set(id, { text: JSON.stringify(session), isSignedIn, beganAt, usedAt: now });
    this.makeRoom();
    callback?.();
  }

  override touch(id: string, _session: SessionData, callback?: () => void): void {
    const kept = this.alive(id);
    if (kept) this.sessions.set(id, { ...kept, usedAt: this.clock.now() });
    callback?.();
  }

  override destroy(id: string, callback?: (error?: unknown) => void): void {
    this.sessions.delete(id);
    callback?.();
  }

  private alive(id: string): Kept | undefined {
    const kept = this.sessions.get(id);
    if (!kept || this.isAlive(kept)) return kept;
    this.sessions.delete(id);
    return undefined;
  }

  private isAlive({ usedAt, beganAt }: Kept): boolean {
    const now = this.clock.now();
    return now - usedAt < SESSION_IDLE_MS_MAX && now - beganAt < SESSION_MS_MAX;
  }

  private makeRoom(): void {
    if (this.sessions.size <= SESSIONS_MAX) return;
    for (const [id, kept] of this.sessions) if (!this.isAlive(kept)) this.sessions.delete(id);
    if (this.sessions.size <= SESSIONS_MAX) return;
    this.sessions.delete(this.oldest((kept) => !kept.isSignedIn) ?? this.oldest(() => true) ?? '');
  }

  private oldest(is: (kept: Kept) => boolean): string | undefined {
    for (const [id, kept] of this.sessions) if (is(kept)) return id;
    return undefined;
  }
}

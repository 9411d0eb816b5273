import type { Clock, Random } from '#libs/simulation';

/** A token that was not used for so long is forgotten (fact sheet ise 7.1). */
const IDLE_MS_MAX = 60_000;

/** Tokens kept at once; the oldest go first. */
const TOKENS_MAX = 1000;

/**
 * The CSRF tokens of ERS and OpenAPI: a GET with `X-CSRF-Token: fetch` gets one, and writes of the same user must carry
 * it as long as the check is switched on.
 */
export class CsrfTokens {
  private readonly usedAt = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  issueFor(user: string): string {
    const token = this.random.hex(32).toUpperCase();
    this.usedAt.set(`${user}/${token}`, this.clock.now());
    const [oldest] = this.usedAt.keys();
    if (this.usedAt.size > TOKENS_MAX && oldest !== undefined) this.usedAt.delete(oldest);
    return token;
  }

  isValid(user: string, token: string): boolean {
    const key = `${user}/${token}`;
    const usedAt = this.usedAt.get(key);
    const now = this.clock.now();
    if (usedAt === undefined || now - usedAt > IDLE_MS_MAX) return false;
    this.usedAt.set(key, now);
    return true;
  }
}

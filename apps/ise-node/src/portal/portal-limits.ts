import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { createHash } from 'node:crypto';
import { RequestError } from '../http/request-error.ts';
import { NodeContext } from '../node-context.ts';
import { AttemptLimiter } from './attempt-limiter.ts';

const MINUTE_MS = 60_000;

/** What is limited, and to how many attempts (our choice): passwords and tokens are not to be guessed, nor forms flooded. */
const LIMITS = {
  signInPerUser: { attempts: 10, windowMs: MINUTE_MS },
  signInPerAddress: { attempts: 60, windowMs: MINUTE_MS },
  selfRegistration: { attempts: 20, windowMs: MINUTE_MS },
  approval: { attempts: 60, windowMs: MINUTE_MS },
} as const;

type LimitName = keyof typeof LIMITS;

/** The rate limits of a node's portals. */
@Injectable()
export class PortalLimits {
  private readonly limiters: Readonly<Record<LimitName, AttemptLimiter>>;

  constructor(private readonly context: NodeContext) {
    const { clock } = context;
    this.limiters = {
      signInPerUser: new AttemptLimiter(clock, LIMITS.signInPerUser),
      signInPerAddress: new AttemptLimiter(clock, LIMITS.signInPerAddress),
      selfRegistration: new AttemptLimiter(clock, LIMITS.selfRegistration),
      approval: new AttemptLimiter(clock, LIMITS.approval),
    };
  }

  /** @throws RequestError 429 */
  signIn(request: Request, username: string): void {
    this.take('signInPerAddress', addressOf(request));
    // User names may be as long as a form: their digest is kept.
    this.take('signInPerUser', createHash('sha256').update(username.toLowerCase()).digest('base64'));
  }

  /** @throws RequestError 429 */
  selfRegistration(request: Request): void {
    this.take('selfRegistration', addressOf(request));
  }

  /** @throws RequestError 429 */
  approval(request: Request): void {
    this.take('approval', addressOf(request));
  }

  private take(name: LimitName, key: string): void {
    const waitMs = this.limiters[name].take(key);
    if (waitMs === undefined) return;
    const retryAfterSeconds = Math.ceil(waitMs / 1_000);
    this.context.journal.record({ kind: 'portal.rate-limited', node: this.context.definition.name, limit: name });
    throw new RequestError(
      429,
      'portal.too-many-attempts',
      `Too many attempts. Try again in ${retryAfterSeconds} seconds.`,
      'Wait, then try again.',
      { retryAfterSeconds },
    );
  }
}

function addressOf({ ip }: Request): string {
  return ip ?? 'unknown';
}

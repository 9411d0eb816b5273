import type { Request } from 'express';
import session from 'express-session';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { NodeContext } from '../node-context.ts';
import { SessionStore } from './session-store.ts';
import type { ToldText } from './words.ts';

/** Shown once, on the next page. */
export interface Flash extends ToldText {
  readonly isWarning?: boolean;
  /** Pages to go on with. */
  readonly links?: readonly { readonly href: string; readonly label: string }[];
}

declare module 'express-session' {
  interface SessionData {
    /** A form was shown: the session has to be there when it comes back. */
    formShown?: true;
    /** Signed in as this sponsor; another password since ends the session. */
    sponsor?: { readonly username: string; readonly passwordHash: string };
    /** Signed in as this guest. */
    guest?: { readonly username: string };
    flash?: Flash;
    /** SECRET, in memory alone: what the page after Register shows. It goes with the session. */
    registered?: {
      readonly username: string;
      readonly password: string;
      readonly isPending: boolean;
      /** What became of the mail; absent: none was called for. */
      readonly mail?: string;
      readonly portal: string;
    };
    /** SECRET: the token of an approval link whose holder has to sign in first. */
    approvalToken?: string;
  }
}

const COOKIE = 'isebed-portal';

/** The session of the portals' pages; the browser holds nothing but its identifier. */
export function portalSession({ clock, random }: NodeContext): ReturnType<typeof session> {
  return session({
    name: COOKIE,
    // The identifier itself is the library's, from the system's source of chance: it is a secret, and recorded nowhere.
    secret: random.stream('portal cookies').hex(64),
    store: new SessionStore(clock),
    resave: false,
    saveUninitialized: false,
    // Lax: whoever comes from the link in an approval mail is still signed in.
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', path: '/' },
  });
}

/** A new identifier for whoever just signed in, so that one that was planted before is worth nothing. */
export function regenerateSession(request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.regenerate((error?: Error) => (error ? reject(error) : resolve()));
  });
}

/** Ends the session. */
export function destroySession(request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.destroy((error?: Error) => (error ? reject(error) : resolve()));
  });
}

/** The token that the forms of this session carry; made from its identifier, which no page of another site knows. */
export function formTokenOf(request: Request): string {
  request.session.formShown = true;
  return tokenOf(request);
}

export function isFormToken(request: Request, token: unknown): boolean {
  const expected = Buffer.from(tokenOf(request));
  const given = Buffer.from(typeof token === 'string' ? token : '');
  return request.session.formShown === true && given.length === expected.length && timingSafeEqual(given, expected);
}

function tokenOf({ sessionID }: Request): string {
  return createHmac('sha256', sessionID).update('form of the portal').digest('base64url');
}

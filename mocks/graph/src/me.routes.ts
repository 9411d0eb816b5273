import { refusals } from './graph-refusal.ts';
import type { GraphRoute } from './graph-route.ts';

/** Requests about the signed-in user, of whom there is none: every token here is an application's. */
export const ME_ROUTES: readonly GraphRoute[] = (
  [
    ['GET', '/me'],
    ['PATCH', '/me'],
    ['GET', '/me/{property}'],
    ['POST', '/me/{action}'],
  ] as const
).map(([method, template]) => ({
  method,
  template,
  permissions: 'any',
  answer: () => refusals.notSignedIn(),
}));

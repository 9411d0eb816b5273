import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { isIP } from 'node:net';
import { basicCredentials, isSame } from './basic-credentials.ts';
import type { NodeAdmin } from '../testbed/lab-admin.ts';
import { isLoopback } from './passwords.ts';

/** The user that the API's password belongs to. */
export const API_USER = 'isebed';

/** Health is for whoever watches; client secrets have a password of their own, the administrator's. */
const OPEN_PATHS = /^\/(livez|readyz|isebed\/v1\/client-secrets\/[^/]+)$/;

/** What the administrator may do with a password of one's own. */
const ADMINISTRATOR_PATHS = /^\/isebed\/v1\/tenant(\/|$)/;

/** Basic authentication (RFC 7617) for everything but health. */
export function askForPassword(password: string, administrator: NodeAdmin): RequestHandler {
  const expected = basicCredentials(API_USER, password);
  const expectedOfAdministrator = basicCredentials(administrator.userName, administrator.password);
  return ({ path, headers: { authorization } }, response, next) => {
    if (OPEN_PATHS.test(path) || isSame(authorization, expected)) return next();
    if (ADMINISTRATOR_PATHS.test(path) && isSame(authorization, expectedOfAdministrator)) return next();
    response.setHeader('www-authenticate', 'Basic realm="isebed", charset="UTF-8"');
    refuse(response, 401, `this API asks for the user ${API_USER} and the password that the testbed was started with`);
  };
}

/** A page from elsewhere that is open in the reader's browser must not command the testbed, or read its mails. */
export function refuseForeignPages({ headers }: Request, response: Response, next: NextFunction): void {
  const { origin, host } = headers;
  if (origin === undefined || URL.parse(origin)?.host === host) return next();
  refuse(response, 403, 'this API answers no pages of other origins');
}

/**
 * Nor may such a page have its own name lead to loopback (DNS rebinding): to the browser it would be of the same origin.
 * So without a password this API answers only to the names of loopback.
 */
export function refuseForeignNames({ headers }: Request, response: Response, next: NextFunction): void {
  const name = URL.parse(`http://${headers.host ?? 'localhost'}`)?.hostname ?? '';
  if (isLoopbackName(name)) return next();
  refuse(response, 421, 'without --api-password-file this API answers under localhost and 127.0.0.1 alone');
}

function isLoopbackName(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  const address = name.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) !== 0 && isLoopback(address);
}

function refuse(response: Response, statusCode: number, message: string): void {
  response.status(statusCode).json({ statusCode, message });
}

import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { RequestListener } from 'node:http';
import type { NodeContext } from '../node-context.ts';
import { portalSession } from './portal-session.ts';

/** Where the portals are on a node; nothing else of it is served there. */
const PORTAL_PATHS = ['/portal', '/sponsorportal'];

/** Octets of a form that is no file. */
const FORM_OCTETS_MAX = 100 * 1024;

/** What no page needs is forbidden: there is no script, no frame, nothing from elsewhere. */
const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Not no-referrer: with it browsers send forms with `Origin: null`. The token of an approval link stays on this origin.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'Cache-Control': 'no-store',
  Vary: 'Accept-Language',
};

/** Prepares a node's application for its portals' pages. Before the parsers of bodies: what they need not read is refused. */
export function mountPortals(app: NestExpressApplication, context: NodeContext): void {
  app.use(PORTAL_PATHS, protect, portalSession(context));
}

/** The pages alone, without the node's APIs. */
export function portalsOf(app: NestExpressApplication): RequestListener {
  const express: RequestListener = app.getHttpAdapter().getInstance();
  return (request, response) => {
    if (isPortalPath(request.url)) return express(request, response);
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(`The portals are at ${PORTAL_PATHS.join(' and ')}.\n`);
  };
}

function isPortalPath(url = ''): boolean {
  const [path = ''] = url.toLowerCase().split('?');
  return PORTAL_PATHS.some((portal) => path === portal || path.startsWith(`${portal}/`));
}

function protect(request: Request, response: Response, next: NextFunction): void {
  response.removeHeader('X-Powered-By');
  response.set(HEADERS);
  if (request.method === 'GET' || request.method === 'HEAD') return next();
  if (request.method !== 'POST')
    return refuse(response, 405, 'Pages are read and forms are sent.', { Allow: 'GET, HEAD, POST' });
  const isFile = request.is('multipart/form-data') !== false;
  if (!isFile && request.is('application/x-www-form-urlencoded') === false) {
    return refuse(response, 415, 'This is not a form.');
  }
  // A form without a length is bounded by its parser.
  if (!isFile && Number(request.headers['content-length'] ?? 0) > FORM_OCTETS_MAX) {
    return refuse(response, 413, 'This form is too large.', { Connection: 'close' });
  }
  next();
}

function refuse(response: Response, status: number, text: string, headers: Record<string, string> = {}): void {
  response.status(status).set(headers).type('text/plain').send(`${text}\n`);
}

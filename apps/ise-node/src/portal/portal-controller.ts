import {
  applyDecorators,
  Controller,
  Injectable,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import { RequestError } from '../http/request-error.ts';
import { NodeContext } from '../node-context.ts';
import { PortalErrorFilter } from './portal-error.filter.ts';
import { isFormToken } from './portal-session.ts';
import { SignInNeededError } from './sign-in-needed.error.ts';

/** Lets a form pass that this session was shown, and that no other site sent. After the parser of its body. */
@Injectable()
class FormTokenInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): ReturnType<CallHandler['handle']> {
    const request = context.switchToHttp().getRequest<Request>();
    if (request.method === 'POST' && !isOwnForm(request)) {
      const remedy = 'Open the page again and send its form.';
      throw new RequestError(403, 'portal.form-token', 'the form carries no token of this session', remedy);
    }
    return next.handle();
  }
}

/** Lets signed-in sponsors pass; whoever changed the password since signs in again. */
@Injectable()
class SponsorGuard implements CanActivate {
  constructor(private readonly context: NodeContext) {}

  canActivate(context: ExecutionContext): boolean {
    const { session } = context.switchToHttp().getRequest<Request>();
    const { username, passwordHash } = session.sponsor ?? {};
    const sponsor = username === undefined ? undefined : this.context.settings.sponsor(username);
    if (sponsor !== undefined && sponsor.passwordHash === passwordHash) return true;
    delete session.sponsor;
    throw new SignInNeededError();
  }
}

/** A controller of pages: `first` are interceptors that read a body of their own. */
export function PagesController(path: string, ...first: Type<NestInterceptor>[]): ClassDecorator {
  return applyDecorators(
    // Pages, no API: the description of the node's own API leaves them out.
    ApiExcludeController(),
    Controller(path),
    UseFilters(PortalErrorFilter),
    UseInterceptors(...first, FormTokenInterceptor),
  );
}

/** As `PagesController`, for sponsors who signed in. */
export function SponsorPagesController(path: string, ...first: Type<NestInterceptor>[]): ClassDecorator {
  return applyDecorators(PagesController(path, ...first), UseGuards(SponsorGuard));
}

/** The sponsor whom `SponsorGuard` let through. */
export function sponsorOf({ session }: Request): string {
  return session.sponsor?.username ?? '';
}

function isOwnForm(request: Request): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const body: unknown = request.body;
  return typeof body === 'object' && body !== null && '_csrf' in body && isFormToken(request, body._csrf);
}

import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AdminSignIn } from '../cluster/admin-sign-in.ts';
import { RequestError } from './request-error.ts';

/** HTTP Basic authentication (RFC 7617) of an administrator; whoever passes is in `request.adminUser`. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(private readonly signIn: AdminSignIn) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request & { adminUser?: string }>();
    const [scheme, encoded] = (request.headers.authorization ?? '').split(' ');
    const [userName = '', ...rest] = Buffer.from(encoded ?? '', 'base64')
      .toString('utf8')
      .split(':');
    const isBasic = scheme?.toLowerCase() === 'basic';
    const answer = isBasic ? this.signIn.judge(userName, rest.join(':')) : { kind: 'unknown' as const };
    if (answer.kind === 'refused') {
      const { code, message, remedy } = answer.refusal;
      throw new RequestError(403, code, message, remedy);
    }
    if (answer.kind === 'unknown') {
      // RFC 9110, 11.6.1: an answer 401 says how to authenticate.
      context.switchToHttp().getResponse<Response>().setHeader('WWW-Authenticate', 'Basic realm="isebed"');
      throw new UnauthorizedException('user name or password is wrong');
    }
    request.adminUser = userName;
    return true;
  }
}

import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';

/** The administrator's account of a node's own API. */
export class AdminCredentials {
  constructor(
    readonly userName: string,
    private readonly password: string,
  ) {}

  match(userName: string, password: string): boolean {
    return equal(userName, this.userName) && equal(password, this.password);
  }
}

/** HTTP Basic authentication (RFC 7617) of an administrator; whoever passes is in `request.adminUser`. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(private readonly credentials: AdminCredentials) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request & { adminUser?: string }>();
    const [scheme, encoded] = (request.headers.authorization ?? '').split(' ');
    const [userName = '', ...rest] = Buffer.from(encoded ?? '', 'base64')
      .toString('utf8')
      .split(':');
    if (scheme?.toLowerCase() !== 'basic' || !this.credentials.match(userName, rest.join(':'))) {
      // RFC 9110, 11.6.1: an answer 401 says how to authenticate.
      context.switchToHttp().getResponse<Response>().setHeader('WWW-Authenticate', 'Basic realm="isebed"');
      throw new UnauthorizedException('user name or password is wrong');
    }
    request.adminUser = userName;
    return true;
  }
}

function equal(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

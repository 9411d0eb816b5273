import { createHash, timingSafeEqual } from 'node:crypto';

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

function equal(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

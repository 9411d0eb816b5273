import { Injectable } from '@nestjs/common';
import { pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { isSponsorPassword } from '#libs/guests';
import { NodeContext } from '../node-context.ts';
import { AdminCredentials } from './admin.guard.ts';
import { basicCredentials } from './basic-credentials.ts';

/** The administrator groups that count for the APIs (fact sheet ise 7.1). */
export const ADMIN_GROUPS = ['Super Admin', 'ERS Admin', 'ERS Operator'] as const;

/** Who asks, once the password was right. */
export interface ApiCaller {
  readonly kind: 'administrator' | 'sponsor';
  readonly name: string;
  /** Of a sponsor: none. */
  readonly groups: readonly string[];
}

const accessSchema = z.object({ salt: z.string(), hash: z.string(), groups: z.array(z.string()) });

/** How an administrator signs in to the APIs: a salted hash of the password, and the groups. Replicated. */
export type AdminAccess = z.infer<typeof accessSchema>;

/** Few rounds: the passwords of a testbed protect nothing, and each request of the APIs checks one. */
const ROUNDS = 1000;

export const adminAccessKey = (userName: string): string => `admin-access/${userName}`;

export function adminAccess(password: string, groups: readonly string[], salt: string): AdminAccess {
  return { salt, hash: hashOf(password, salt), groups: [...groups] };
}

/** Who may use ERS and OpenAPI of this node. */
@Injectable()
export class ApiCallers {
  constructor(
    private readonly context: NodeContext,
    private readonly deploymentAdmin: AdminCredentials,
  ) {}

  /** The administrator of this `Authorization` header; undefined when name or password is wrong or the user disabled. */
  administrator(authorization: string | undefined): ApiCaller | undefined {
    const given = basicCredentials(authorization);
    if (!given) return undefined;
    const { userName, password } = given;
    const user = this.context.settings.adminUsers.find(({ username }) => username === userName);
    if (user && !user.enabled) return undefined;
    if (this.deploymentAdmin.match(userName, password)) {
      return { kind: 'administrator', name: userName, groups: ['Super Admin'] };
    }
    const access = this.accessOf(userName);
    if (!user || !access || !isSame(hashOf(password, access.salt), access.hash)) return undefined;
    return { kind: 'administrator', name: userName, groups: access.groups };
  }

  /** The sponsor of this header, and whether he may use REST; undefined when name or password is wrong. */
  sponsor(authorization: string | undefined): { caller: ApiCaller; canAccessViaRest: boolean } | undefined {
    const { settings } = this.context;
    const { userName, password } = basicCredentials(authorization) ?? {};
    if (userName === undefined || password === undefined) return undefined;
    const sponsor = settings.sponsor(userName);
    if (!isSponsorPassword(sponsor, password) || !sponsor) return undefined;
    const rights = settings.guestAccess.rightsOf(sponsor, settings.sponsors);
    return {
      caller: { kind: 'sponsor', name: userName, groups: [] },
      canAccessViaRest: rights.has('canAccessViaRest'),
    };
  }

  /** Groups of an administrator, as the lists of administrators show them. */
  groupsOf(userName: string): readonly string[] {
    if (userName === this.deploymentAdmin.userName) return ['Super Admin'];
    return this.accessOf(userName)?.groups ?? [];
  }

  accessOf(userName: string): AdminAccess | undefined {
    return accessSchema.safeParse(this.context.store.get(adminAccessKey(userName))).data;
  }
}

/** Whether the groups let somebody in at all, and whether they let him write. */
export function rightsOf({ groups }: ApiCaller): { read: boolean; write: boolean } {
  const write = groups.includes('Super Admin') || groups.includes('ERS Admin');
  return { read: write || groups.includes('ERS Operator'), write };
}

function hashOf(password: string, salt: string): string {
  return pbkdf2Sync(password, salt, ROUNDS, 32, 'sha256').toString('hex');
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

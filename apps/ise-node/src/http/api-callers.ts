import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { isSponsorPassword } from '#libs/guests';
import { AdminSignIn } from '../cluster/admin-sign-in.ts';
import { NodeContext } from '../node-context.ts';
import { AdminCredentials } from './admin-credentials.ts';
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

const accessSchema = z.object({ groups: z.array(z.string()) });

export const adminAccessKey = (userName: string): string => `admin-access/${userName}`;

/** Who may use ERS and OpenAPI of this node. */
@Injectable()
export class ApiCallers {
  constructor(
    private readonly context: NodeContext,
    private readonly deploymentAdmin: AdminCredentials,
    private readonly signIn: AdminSignIn,
  ) {}

  /** The administrator of this `Authorization` header; undefined when name or password is wrong, or he may not sign in. */
  administrator(authorization: string | undefined): ApiCaller | undefined {
    const given = basicCredentials(authorization);
    if (!given) return undefined;
    const { userName, password } = given;
    if (this.signIn.judge(userName, password).kind !== 'admitted') return undefined;
    if (this.deploymentAdmin.match(userName, password)) {
      return { kind: 'administrator', name: userName, groups: ['Super Admin'] };
    }
    return { kind: 'administrator', name: userName, groups: this.groupsOf(userName) };
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
    return accessSchema.safeParse(this.context.store.get(adminAccessKey(userName))).data?.groups ?? [];
  }
}

/** Whether the groups let somebody in at all, and whether they let him write. */
export function rightsOf({ groups }: ApiCaller): { read: boolean; write: boolean } {
  const write = groups.includes('Super Admin') || groups.includes('ERS Admin');
  return { read: write || groups.includes('ERS Operator'), write };
}

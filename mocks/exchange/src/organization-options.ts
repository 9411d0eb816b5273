import type { Clock, Random } from '#libs/simulation';
import type { Mailbox } from './mailbox.ts';

/** A domain that the organization takes mail for; with `internal-relay`, addresses it does not know are passed on. */
export interface AcceptedDomain {
  name: string;
  type: 'authoritative' | 'internal-relay';
}

/** Why Microsoft keeps the whole tenant from sending (fact sheet microsoft 4.7). */
export type SendingBlock = '5.7.501' | '5.7.502' | '5.7.503' | '5.7.705' | '5.7.708' | '5.7.750';

/** What becomes of AUTH LOGIN (fact sheet microsoft 4.4, 7). */
export type BasicAuthentication = 'blocked' | 'allowed' | 'retired';

export type PasswordVerdict = 'right' | 'wrong' | 'blocked-by-conditional-access';

export interface ExchangeOrganizationOptions {
  tenantId: string;
  /** The accepted domain of its mailboxes; authoritative. */
  domain: string;
  /** Names its mailbox server and its service principals. */
  random: Random;
  /** Dates what is created. Without one everything dates from 1970, and rights have long reached every server. */
  clock?: Pick<Clock, 'now'>;
  /** Whether the directory has an enterprise application with both IDs; asked only while `strictIds` is on. */
  isInDirectory?: (principal: { appId: string; objectId: string }) => boolean;
  /** Judges passwords where basic authentication is allowed. Default: every one is wrong. */
  verifyPassword?: (user: string, password: string) => PasswordVerdict;
}

/** What `createMailbox` takes besides address and name; the defaults are a licensed user's. */
export type MailboxDetails = Partial<Omit<Mailbox, 'address' | 'displayName' | 'guid' | 'createdAt'>>;

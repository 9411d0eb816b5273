import type { LiveLab } from './live-lab.ts';

const GRAPH_SCOPE = 'https://graph.microsoft.com/.default';

/** What an SMTP client is given, and what it must come to. */
export interface SmtpCase {
  name: string;
  /** The testbed's client trusts its roots. Default true. */
  trusts?: boolean;
  /** Breaks the tenant before the token is asked for. */
  broken?: Record<string, unknown>;
  /** Default: a good token for SMTP. */
  token?: (lab: LiveLab) => Promise<string>;
  mailbox?: (lab: LiveLab) => string;
  from?: (lab: LiveLab) => string;
  /** Expected: the mail is accepted, refused with this reply code, or the connection is given up. */
  outcome: 'accepted' | 'not trusted' | 430 | 535 | 554;
}

/** A good tenant, and broken ones: the same for every client that speaks SMTP. */
export const SMTP_CASES: readonly SmtpCase[] = [
  { name: 'good tenant', outcome: 'accepted' },
  { name: 'lab root not trusted', trusts: false, outcome: 'not trusted' },
  { name: 'no admin consent', broken: { 'entra.revokeConsent': {} }, outcome: 535 },
  {
    name: 'service principal not registered',
    broken: { 'exchange.removeServicePrincipal': { appId: '{{app.clientId}}' } },
    outcome: 535,
  },
  {
    name: 'service principal registered with the object ID of the app registration',
    broken: {
      'exchange.replaceServicePrincipal': { appId: '{{app.clientId}}', objectId: '{{app.registrationObjectId}}' },
    },
    outcome: 535,
  },
  { name: 'no FullAccess on the mailbox', broken: { 'exchange.removeMailboxPermission': {} }, outcome: 430 },
  { name: 'mailbox does not exist', broken: { 'exchange.removeMailbox': {} }, outcome: 535 },
  { name: 'another mailbox named', mailbox: () => 'nobody@isebed.onmicrosoft.com', outcome: 535 },
  {
    name: 'token for Microsoft Graph',
    token: async (lab) => (await lab.tokenAnswer({ scope: GRAPH_SCOPE })).access_token,
    outcome: 535,
  },
  { name: 'token that is none', token: async () => 'not-a-token', outcome: 535 },
  { name: 'From of somebody else without SendAs', from: () => 'boss@isebed.onmicrosoft.com', outcome: 554 },
];

/** What a client program needs for a case. */
export interface PreparedCase {
  env: { MAILBOX: string; TOKEN: string; FROM: string };
  trusts: boolean;
}

/** Brings a fresh world into the state of the case. */
export async function prepare(lab: LiveLab, given: SmtpCase): Promise<PreparedCase> {
  await lab.call('POST', 'isebed/v1/reset');
  if (given.broken) await lab.change(given.broken);
  const { mailbox } = lab.where;
  return {
    env: {
      MAILBOX: given.mailbox?.(lab) ?? mailbox,
      TOKEN: given.token ? await given.token(lab) : await lab.token(),
      FROM: given.from?.(lab) ?? mailbox,
    },
    trusts: given.trusts ?? true,
  };
}

/** Whether the world agrees with what the client says. */
export async function acceptedBy(lab: LiveLab): Promise<number> {
  const { total } = await lab.call('GET', 'api/v1/messages');
  return total;
}

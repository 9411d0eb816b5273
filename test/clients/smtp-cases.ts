import type { LiveLab } from './live-lab.ts';

const MAILBOX = 'no-reply@isebed.onmicrosoft.com';
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
  /** Time that goes by between the token and its use. */
  tokenAge?: string;
  mailbox?: string;
  from?: string;
  /** Expected: the mail is accepted, refused with this reply code, or the connection is given up. */
  outcome: 'accepted' | 'not trusted' | 430 | 535 | 554;
}

/** A good tenant, and broken ones: the same for every client that speaks SMTP. */
export const SMTP_CASES: readonly SmtpCase[] = [
  { name: 'good tenant', outcome: 'accepted' },
  { name: 'lab root not trusted', trusts: false, outcome: 'not trusted' },
  { name: 'no admin consent', broken: { 'entra.revokeConsent': {} }, outcome: 535 },
  {
    name: 'service principal not registered in Exchange',
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
  { name: 'mailbox does not exist', broken: { 'exchange.removeMailbox': {} }, outcome: 535 },
  { name: 'another mailbox named', mailbox: 'nobody@isebed.onmicrosoft.com', outcome: 535 },
  {
    name: 'token for Microsoft Graph',
    token: async (lab) => (await lab.tokenAnswer({ scope: GRAPH_SCOPE })).access_token,
    outcome: 535,
  },
  {
    name: 'SMTP AUTH off for the mailbox',
    broken: { 'exchange.run': `Set-CASMailbox ${MAILBOX} -SmtpClientAuthenticationDisabled $true` },
    outcome: 535,
  },
  {
    name: 'SMTP AUTH off for the tenant',
    broken: { 'exchange.run': 'Set-TransportConfig -SmtpClientAuthenticationDisabled $true' },
    outcome: 535,
  },
  { name: 'token expired', tokenAge: '2h', outcome: 535 },
  { name: 'token that is none', token: async () => 'not-a-token', outcome: 535 },
  { name: 'no FullAccess on the mailbox', broken: { 'exchange.removeMailboxPermission': {} }, outcome: 430 },
  { name: 'From of somebody else without SendAs', from: 'boss@isebed.onmicrosoft.com', outcome: 554 },
];

/** What a client program needs for a case. */
export interface PreparedCase {
  mailbox: string;
  token: string;
  from: string;
  /** PEM file of what it trusts besides the usual; absent when it is not to trust the testbed. */
  roots?: string | undefined;
}

/** Brings a fresh world into the state of the case. */
export async function prepare(lab: LiveLab, given: SmtpCase): Promise<PreparedCase> {
  await lab.call('POST', 'isebed/v1/reset');
  if (given.broken) await lab.change(given.broken);
  const token = given.token ? await given.token(lab) : await lab.token();
  if (given.tokenAge) await lab.call('POST', 'isebed/v1/time/jumps', { by: given.tokenAge });
  const { mailbox, labRoots } = lab.where;
  return {
    mailbox: given.mailbox ?? mailbox,
    token,
    from: given.from ?? mailbox,
    ...(given.trusts === false ? {} : { roots: labRoots }),
  };
}

/** How many mails the world has, whatever the client says. */
export async function acceptedBy(lab: LiveLab): Promise<number> {
  const { total } = await lab.call('GET', 'api/v1/messages');
  return total;
}

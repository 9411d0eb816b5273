import { Agent, request as httpsRequest } from 'node:https';
import { ConfidentialClientApplication, type INetworkModule, type NetworkResponse } from '@azure/msal-node';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { Journal, Random, VirtualClock } from '#libs/simulation';
import { EntraDirectory, EntraMock, type Application, type StartedEntraMock } from '#mocks/entra';
import {
  ExchangeMock,
  ExchangeOnline,
  type ExchangeMockOptions,
  type ExchangeOrganization,
  type StartedExchangeMock,
} from '#mocks/exchange';
import { LabPki, publishedLabKeys } from '#mocks/pki';

export const START = Date.parse('2026-02-02T05:00:00Z');
export const MAILBOX = 'ise@lab.example';
export const EXCHANGE_SCOPE = 'https://outlook.office.com/.default';
const DAY_MS = 86_400_000;

/** A tenant where everything is as it should be, behind both servers, on real sockets in virtual time. */
export interface MicrosoftLab {
  clock: VirtualClock;
  journal: Journal;
  directory: EntraDirectory;
  tenantId: string;
  application: Application;
  secret: { secretId: string; value: string };
  online: ExchangeOnline;
  organization: ExchangeOrganization;
  exchange: ExchangeMock;
  entraServer: StartedEntraMock;
  exchangeServer: StartedExchangeMock;
  tokenEndpointRoot: string;
  smtpRoot: string;
}

export interface LabSettings {
  seed?: string;
  secretReplicationLagMs?: number;
  keysOf?: ExchangeMockOptions['keysOf'];
}

export async function inMicrosoftLab<T>(settings: LabSettings, test: (lab: MicrosoftLab) => Promise<T>): Promise<T> {
  return VirtualClock.run({ startAt: START }, async (clock) => {
    const lab = await startLab(clock, settings);
    try {
      return await test(lab);
    } finally {
      await lab.entraServer.close();
      await lab.exchangeServer.close();
    }
  });
}

async function startLab(clock: VirtualClock, settings: LabSettings): Promise<MicrosoftLab> {
  const random = new Random(settings.seed ?? '7');
  const journal = new Journal(clock);
  const pki = await LabPki.issue({ validFrom: START, clock });
  const { secretReplicationLagMs } = settings;
  const directory = new EntraDirectory({ clock, random: random.stream('directory'), secretReplicationLagMs });
  const { tenantId } = directory.createTenant({ displayName: 'Lab', verifiedDomains: ['lab.example'] });
  const application = directory.registerApplication(tenantId, { displayName: 'ISE mail' });
  const { clientId, servicePrincipalObjectId } = application;
  const secret = directory.addSecret(tenantId, clientId, {
    displayName: 'first',
    startsAt: START,
    endsAt: START + 365 * DAY_MS,
  });
  directory.addPermission(tenantId, clientId, 'SMTP.SendAsApp');
  directory.grantAdminConsent(tenantId, clientId);

  const online = new ExchangeOnline();
  const organization = online.createOrganization({
    tenantId,
    domain: 'lab.example',
    random: random.stream('exchange'),
  });
  organization.createMailbox({ address: MAILBOX, displayName: 'ISE' });
  organization.newServicePrincipal({ appId: clientId, objectId: servicePrincipalObjectId });
  organization.addMailboxPermission({ mailbox: MAILBOX, user: clientId, accessRights: ['FullAccess'] });

  const entra = new EntraMock({
    directory,
    clock,
    journal,
    random: random.stream('entra'),
    credentials: pki.serverCredentials('token-endpoint'),
    signingKey: publishedLabKeys()['token-signing'],
  });
  const exchange = new ExchangeMock({
    online,
    keysOf: settings.keysOf ?? (async () => entra.publicKeys()),
    clock,
    journal,
    random: random.stream('smtp'),
    credentials: pki.serverCredentials('smtp'),
  });
  const [tokenEndpointRoot = '', smtpRoot = ''] = pki.authorities
    .filter(({ kind }) => kind === 'root')
    .map(({ certificatePem }) => certificatePem);
  return {
    clock,
    journal,
    directory,
    tenantId,
    application,
    secret,
    online,
    organization,
    exchange,
    entraServer: await entra.start(),
    exchangeServer: await exchange.start(),
    tokenEndpointRoot,
    smtpRoot,
  };
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A request to the token endpoint's host, trusting the lab's root alone. */
export function httpRequest(
  lab: MicrosoftLab,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ ca: lab.tokenEndpointRoot, servername: 'login.microsoftonline.com' });
    const outgoing = httpsRequest(
      {
        host: '127.0.0.1',
        port: lab.entraServer.port,
        path,
        method: options.method ?? 'GET',
        headers: { Host: 'login.microsoftonline.com', ...options.headers },
        agent,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const headers: Record<string, string> = {};
          for (const [name, value] of Object.entries(response.headers)) headers[name] = String(value);
          resolve({ status: response.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString() });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body ?? '');
  });
}

/** The form of a client-credentials request that succeeds. */
export function tokenForm(lab: MicrosoftLab, changes: Record<string, string> = {}): string {
  return new URLSearchParams({
    client_id: lab.application.clientId,
    client_secret: lab.secret.value,
    scope: EXCHANGE_SCOPE,
    grant_type: 'client_credentials',
    ...changes,
  }).toString();
}

/** msal-node, unmodified but for the way its bytes take. */
export function msalFor(lab: MicrosoftLab, changes: { tenant?: string; clientSecret?: string } = {}) {
  const send = async <B>(url: string, method: string, options: { headers?: Record<string, string>; body?: string }) => {
    const { pathname, search } = new URL(url);
    const answer = await httpRequest(lab, pathname + search, { method, ...options });
    const response: NetworkResponse<B> = {
      status: answer.status,
      headers: answer.headers,
      body: JSON.parse(answer.body),
    };
    return response;
  };
  const networkClient: INetworkModule = {
    sendGetRequestAsync: (url, options) => send(url, 'GET', { ...options }),
    sendPostRequestAsync: (url, options) => send(url, 'POST', { ...options }),
  };
  return new ConfidentialClientApplication({
    auth: {
      clientId: lab.application.clientId,
      clientSecret: changes.clientSecret ?? lab.secret.value,
      authority: `https://login.microsoftonline.com/${changes.tenant ?? lab.tenantId}`,
    },
    system: { networkClient },
  });
}

export async function acquireToken(lab: MicrosoftLab, scope = EXCHANGE_SCOPE): Promise<string> {
  const result = await msalFor(lab).acquireTokenByClientCredential({ scopes: [scope] });
  return result?.accessToken ?? '';
}

/** A mail whose every byte is ours: nodemailer would draw a Message-ID of its own. */
const A_MAIL: SendMailOptions = {
  from: MAILBOX,
  to: 'guest@visitor.example',
  cc: MAILBOX,
  subject: 'Your Guest Account Credentials',
  text: 'Username: 1001',
  messageId: '<mail-1@ise.lab.example>',
  date: new Date(START),
};

/** nodemailer as ISE's mailer would use it; gives the server's last reply. */
export async function sendMail(lab: MicrosoftLab, accessToken: string, mail: SendMailOptions = {}, user = MAILBOX) {
  const transport = createTransport({
    host: '127.0.0.1',
    port: lab.exchangeServer.port,
    requireTLS: true,
    name: 'psn1.lab.example',
    tls: { servername: 'smtp.office365.com', ca: lab.smtpRoot },
    auth: { type: 'OAUTH2', user, accessToken },
  });
  try {
    const { response } = await transport.sendMail({ ...A_MAIL, ...mail });
    return response;
  } finally {
    transport.close();
  }
}

/** The latest journal record of this kind. */
export function lastOf(lab: MicrosoftLab, kind: string) {
  return lab.journal.records.findLast((record) => record.kind === kind);
}

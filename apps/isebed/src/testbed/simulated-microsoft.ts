import type { RequestListener } from 'node:http';
import { request } from 'node:https';
import type { JSONWebKeySet, JWK } from 'jose';
import { EntraDirectory, EntraMock, type Application, type StartedEntraMock, type Tenant } from '#mocks/entra';
import {
  ExchangeMock,
  ExchangeOnline,
  NO_PROCESSING,
  runCommandLine,
  USUAL_PROCESSING,
  USUAL_SETTINGS,
  type ConsoleResult,
  type ExchangeOrganization,
  type ExchangeSettings,
  type StartedExchangeMock,
} from '#mocks/exchange';
import type { ChainVariant, LabPki, PkiPeer } from '#mocks/pki';
import type { SimulatedNetwork } from '#libs/network';
import { NodeTrust } from '#libs/trust';
import type { Clock, Journal, Random } from '#libs/simulation';
import { sessionsInJournal, type SmtpSessionView } from './smtp-sessions.ts';

const YEAR_MS = 365 * 86_400_000;

/** Milliseconds for each step of fetching the signing keys. */
const KEYS_MS_MAX = 10_000;

/** Names and addresses of the Microsoft services; the addresses are from the ranges for documentation (RFC 5737). */
const MICROSOFT_HOSTS = {
  tokenEndpoint: { name: 'login.microsoftonline.com', address: '198.51.100.10', port: 443 },
  smtp: { name: 'smtp.office365.com', address: '203.0.113.25', port: 587 },
} as const;

/** The host of a server, by what it is for those who dial it. */
export function microsoftHost(peer: PkiPeer): (typeof MICROSOFT_HOSTS)[keyof typeof MICROSOFT_HOSTS] {
  return peer === 'smtp' ? MICROSOFT_HOSTS.smtp : MICROSOFT_HOSTS.tokenEndpoint;
}

/** A client secret as the administrator noted it down when it was created. */
export interface NotedSecret {
  id: string;
  value: string;
}

export interface SimulatedMicrosoftOptions {
  clock: Clock;
  journal: Journal;
  random: Random;
  network: SimulatedNetwork;
  pki: LabPki;
  /** RSA private key that signs the tokens. */
  signingKey: JWK;
  /** Where accepted messages go. Default: kept in memory. */
  online?: ExchangeOnline | undefined;
  /** Where SMTP listens. Default: a free port on loopback. */
  smtp?: { host: string; port: number } | undefined;
  /** False: answers come as fast as they can be computed (real time). */
  takesTime: boolean;
  /** When the client secret ends, epoch milliseconds; default: a year from now. */
  secretEndsAt?: number | undefined;
}

/** The names under which Entra answers (fact sheet microsoft 2.3). */
const ENTRA_HOSTS = ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'];

export const LAB_MAILBOX = 'no-reply@isebed.onmicrosoft.com';
const LAB_TENANT_DOMAIN = 'isebed.onmicrosoft.com';

/** Entra and Exchange Online with one healthy tenant: app registered, consent given, mailbox rights in place. */
export class SimulatedMicrosoft {
  readonly directory: EntraDirectory;
  readonly online: ExchangeOnline;
  readonly tenant: Tenant;
  readonly application: Application;
  readonly organization: ExchangeOrganization;
  readonly mailbox = LAB_MAILBOX;
  /** By the names that scenarios give them; `current` is the one ISE was set up with. */
  readonly secrets = new Map<string, NotedSecret>();
  private entra: StartedEntraMock | undefined;
  private exchange: StartedExchangeMock | undefined;

  constructor(private readonly options: SimulatedMicrosoftOptions) {
    const { clock, network } = options;
    const random = options.random.stream('microsoft');
    this.online = options.online ?? new ExchangeOnline({ clock });
    this.directory = new EntraDirectory({ clock, random: random.stream('directory') });
    this.tenant = this.directory.createTenant({ displayName: 'isebed', verifiedDomains: [LAB_TENANT_DOMAIN] });
    this.application = this.directory.registerApplication(this.tenant.tenantId, { displayName: 'ISE mail' });
    const { tenantId } = this.tenant;
    const { clientId, servicePrincipalObjectId: objectId } = this.application;
    this.directory.addPermission(tenantId, clientId, 'SMTP.SendAsApp');
    this.directory.grantAdminConsent(tenantId, clientId);
    this.addSecret('current', options.secretEndsAt ?? clock.now() + YEAR_MS);

    this.organization = this.online.createOrganization({
      tenantId,
      domain: LAB_TENANT_DOMAIN,
      random: random.stream('exchange'),
    });
    this.organization.createMailbox({ address: LAB_MAILBOX, displayName: LAB_MAILBOX });
    this.organization.newServicePrincipal({ appId: clientId, objectId, displayName: 'ISE mail' });
    this.organization.addMailboxPermission({ mailbox: LAB_MAILBOX, user: objectId, accessRights: ['FullAccess'] });

    for (const peer of ['token-endpoint', 'smtp'] as const) {
      const { name, address } = microsoftHost(peer);
      network.addHost({ name, address, zone: 'internet', peer });
    }
  }

  /** Creates a client secret and notes its value down. */
  addSecret(name: string, endsAt: number): NotedSecret {
    const { secretId, value } = this.directory.addSecret(this.tenant.tenantId, this.application.clientId, {
      displayName: name,
      startsAt: this.options.clock.now(),
      endsAt,
    });
    const noted = { id: secretId, value };
    this.secrets.set(name, noted);
    return noted;
  }

  async start(): Promise<void> {
    const { clock, journal, network, pki, takesTime, signingKey, smtp } = this.options;
    const random = this.options.random.stream('microsoft services');
    const entraCredentials = pki.serverCredentials('token-endpoint');
    this.entra = await new EntraMock({
      directory: this.directory,
      clock,
      journal,
      random: random.stream('entra'),
      credentials: entraCredentials,
      signingKey,
      ...(takesTime ? {} : { processingMs: { min: 0, max: 0 } }),
    }).start();
    const signingKeys = new SigningKeys(this.options);
    this.exchange = await new ExchangeMock({
      online: this.online,
      keysOf: (tenantId) => signingKeys.of(tenantId),
      clock,
      journal,
      random: random.stream('exchange'),
      credentials: pki.serverCredentials('smtp'),
      processing: takesTime ? USUAL_PROCESSING : NO_PROCESSING,
    }).start(smtp);
    network.listen(MICROSOFT_HOSTS.tokenEndpoint.name, MICROSOFT_HOSTS.tokenEndpoint.port, this.entra);
    network.listen(MICROSOFT_HOSTS.smtp.name, MICROSOFT_HOSTS.smtp.port, this.exchange);
  }

  /** What answers under each name over HTTPS, once started. */
  get httpListeners(): ReadonlyMap<string, RequestListener> {
    const { entra } = this;
    if (!entra) return new Map();
    return new Map(ENTRA_HOSTS.map((host) => [host, (request, response) => entra.handle(request, response)]));
  }

  /** Where SMTP submission listens, once started. */
  get smtp(): { host: string; port: number } | undefined {
    return this.exchange && { host: this.exchange.host, port: this.exchange.port };
  }

  /** The SMTP sessions there were, oldest first. */
  get smtpSessions(): readonly SmtpSessionView[] {
    return sessionsInJournal(this.options.journal.records, this.online.messages);
  }

  /** Presents another chain from the next handshake on. */
  async setChain(peer: PkiPeer, variant: ChainVariant): Promise<void> {
    const { clock, pki } = this.options;
    const credentials = await pki.chainFor(peer, variant, clock.now());
    if (peer === 'smtp') this.exchange?.setCredentials(credentials);
    else this.entra?.setCredentials(credentials);
  }

  /** Changes the limits of Exchange Online while it runs. */
  changeExchangeSettings(changes: Partial<ExchangeSettings>): void {
    this.exchange?.changeSettings(changes);
  }

  /** A line typed into the PowerShell of Exchange Online. */
  runCommandLine(line: string): ConsoleResult {
    const { clock, journal } = this.options;
    const { online, organization } = this;
    const settings = this.exchange?.settings ?? USUAL_SETTINGS;
    return runCommandLine(line, { online, organization, settings, clock, journal });
  }

  async stop(): Promise<void> {
    await Promise.all([this.entra?.close(), this.exchange?.close()]);
  }
}

/** Exchange gets the keys where everybody gets them: from Entra's JWKS document, over TLS it trusts. */
class SigningKeys {
  private readonly trust: NodeTrust;

  constructor(private readonly options: SimulatedMicrosoftOptions) {
    const { clock, journal, pki } = options;
    const store = [...pki.authorities, ...pki.furtherAuthorities].map(({ name, certificatePem: pem }) => ({
      name,
      pem,
      infrastructure: true,
      enabled: true,
    }));
    this.trust = new NodeTrust({ node: MICROSOFT_HOSTS.smtp.name, clock, journal, store: () => store });
  }

  async of(tenantId: string): Promise<JSONWebKeySet> {
    const { name: host, port } = MICROSOFT_HOSTS.tokenEndpoint;
    const view = this.options.network.viewOf(MICROSOFT_HOSTS.smtp.name);
    const connection = await view.dial({ host, port, timeoutMs: KEYS_MS_MAX });
    const socket = await this.trust.secure(connection, host, KEYS_MS_MAX);
    const path = `/${encodeURIComponent(tenantId)}/discovery/v2.0/keys`;
    return new Promise((resolve, reject) => {
      const call = request({ path, headers: { host }, createConnection: () => socket }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => {
          socket.destroy();
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as JSONWebKeySet);
        });
      });
      call.once('error', reject);
      call.end();
    });
  }
}

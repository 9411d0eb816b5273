import type { RequestListener } from 'node:http';
import type { JSONWebKeySet, JWK } from 'jose';
import {
  EntraDirectory,
  EntraMock,
  type Application,
  type EntraState,
  type StartedEntraMock,
  type Tenant,
} from '#mocks/entra';
import {
  ExchangeAdminApi,
  ExchangeMock,
  ExchangeOnline,
  NO_PROCESSING,
  runCommandLine,
  USUAL_PROCESSING,
  USUAL_SETTINGS,
  type ConsoleResult,
  type ExchangeOrganization,
  type ExchangeSettings,
  type ExchangeState,
  type SessionRecord,
  type StartedExchangeAdminApi,
  type StartedExchangeMock,
} from '#mocks/exchange';
import { GraphMock, type StartedGraphMock } from '#mocks/graph';
import type { ChainVariant, LabPki, PkiPeer } from '#mocks/pki';
import type { SimulatedNetwork } from '#libs/network';
import type { Clock, Journal, Random } from '#libs/simulation';
import { InvariantError, TestbedError } from '#libs/diagnosis';
import { MailboxesByLicense } from './mailboxes-by-license.ts';
import { SigningKeys } from './signing-keys.ts';

const YEAR_MS = 365 * 86_400_000;

/** Client submission is served there too (fact sheet microsoft 4.1). */
const FURTHER_SMTP_PORT = 25;

/** Names and addresses of the Microsoft services; the addresses are from the ranges for documentation (RFC 5737). */
const MICROSOFT_HOSTS = {
  tokenEndpoint: { name: 'login.microsoftonline.com', address: '198.51.100.10', port: 443 },
  smtp: { name: 'smtp.office365.com', address: '203.0.113.25', port: 587 },
  graph: { name: 'graph.microsoft.com', address: '198.51.100.20', port: 443 },
  exchangeAdmin: { name: 'outlook.office365.com', address: '203.0.113.30', port: 443 },
} as const;

/** The host of a server, by what it is for those who dial it. */
export function microsoftHost(peer: PkiPeer): (typeof MICROSOFT_HOSTS)[keyof typeof MICROSOFT_HOSTS] {
  return peer === 'smtp' ? MICROSOFT_HOSTS.smtp : MICROSOFT_HOSTS.tokenEndpoint;
}

/** A client secret as the administrator noted it down when it was created. */
export interface NotedSecret {
  id: string;
  value: string;
  /** Of the application that it belongs to. */
  clientId: string;
}

/** Everything that Entra and Exchange know, as JSON; secret values only in `secrets`, where they were noted down. */
export interface MicrosoftState {
  entra: EntraState;
  exchange: ExchangeState;
  /** Absent while ISE has none. */
  application?: Application | undefined;
  secrets: (NotedSecret & { name: string })[];
}

export interface SimulatedMicrosoftOptions {
  clock: Clock;
  journal: Journal;
  random: Random;
  network: SimulatedNetwork;
  pki: LabPki;
  /** RSA private key that signs the tokens. */
  signingKey: JWK;
  /** What another simulated Microsoft of the same seed exported; default: one healthy tenant. */
  state?: MicrosoftState | undefined;
  /** `empty`: a domain, licences that nobody has, and an administrator. Default: `healthy`. */
  tenant?: 'healthy' | 'empty' | undefined;
  /** Limits that differ from the usual ones. */
  exchangeSettings?: Partial<ExchangeSettings> | undefined;
  /** Called with Exchange Online before it accepts anything: for keeping its messages elsewhere as well. */
  onOnline?: ((online: ExchangeOnline) => void) | undefined;
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

/** The names by which the two secrets that a healthy tenant starts with are known. */
const FIRST_SECRET = 'current';
const ADMINISTRATOR_SECRET = 'administrator';

/**
 * Entra, Graph and Exchange Online with one healthy tenant: a licensed mailbox, the app registered, consent given,
 * mailbox rights in place, and an administrator's application for the admin surfaces.
 */
export class SimulatedMicrosoft {
  readonly directory: EntraDirectory;
  readonly online: ExchangeOnline;
  /** The mailbox that ISE sends from; in an empty tenant the address that it will have. */
  readonly mailbox = LAB_MAILBOX;
  /** By the names that scenarios give them; `current` is the one ISE was set up with. */
  readonly secrets = new Map<string, NotedSecret>();
  private registered: Application | undefined;
  private entra: StartedEntraMock | undefined;
  private exchange: StartedExchangeMock | undefined;
  private graph: StartedGraphMock | undefined;
  private exchangeAdmin: StartedExchangeAdminApi | undefined;
  private exchangeMock: ExchangeMock | undefined;

  constructor(private readonly options: SimulatedMicrosoftOptions) {
    const { clock, network, state } = options;
    const random = options.random.stream('microsoft');
    const directoryRandom = random.stream('directory');
    const exchangeRandom = random.stream('exchange');
    if (state) {
      this.directory = EntraDirectory.fromState(state.entra, { clock, random: directoryRandom });
      this.online = ExchangeOnline.fromState(state.exchange, {
        clock,
        random: exchangeRandom,
        optionsFor: () => ({ isInDirectory: (ids) => this.isInDirectory(ids) }),
      });
      this.registered = state.application;
      for (const { name, ...secret } of state.secrets) this.secrets.set(name, secret);
      new MailboxesByLicense(this.directory, this.online);
    } else {
      this.directory = new EntraDirectory({ clock, random: directoryRandom });
      this.online = new ExchangeOnline({ clock });
      this.createTenant(exchangeRandom);
    }
    options.onOnline?.(this.online);
    const { tokenEndpoint, smtp, graph, exchangeAdmin } = MICROSOFT_HOSTS;
    network.addHost({
      name: tokenEndpoint.name,
      address: tokenEndpoint.address,
      zone: 'internet',
      peer: 'token-endpoint',
    });
    network.addHost({ name: smtp.name, address: smtp.address, zone: 'internet', peer: 'smtp' });
    for (const { name, address } of [graph, exchangeAdmin]) network.addHost({ name, address, zone: 'internet' });
  }

  /**
   * The application that ISE was set up with.
   *
   * @throws TestbedError in a tenant that began empty
   */
  get application(): Application {
    if (this.registered) return this.registered;
    throw new TestbedError('scenario.no-application', 'the tenant began empty, so no application of ISE is known', {
      remedy: 'Name what you mean with graph.request, exchange.invoke or exchange.run',
    });
  }

  /** What the administrator of the tenant works with. */
  get administrator(): NotedSecret {
    const noted = this.secrets.get(ADMINISTRATOR_SECRET);
    if (!noted) throw new InvariantError('the tenant has no administrator');
    return noted;
  }

  get tenant(): Tenant {
    const tenant = this.directory.findTenant(LAB_TENANT_DOMAIN);
    if (!tenant) throw new InvariantError('the lab has lost its tenant');
    return tenant;
  }

  /** By its domain: it may be in another tenant than the application. */
  get organization(): ExchangeOrganization {
    const organization = this.online.findByAddress(LAB_MAILBOX);
    if (!organization) throw new InvariantError('the lab has lost its Exchange organization');
    return organization;
  }

  /** A copy of all that Entra and Exchange know, but for messages. */
  exportState(): MicrosoftState {
    return {
      entra: this.directory.exportState(),
      exchange: this.online.exportState(),
      application: this.registered,
      secrets: [...this.secrets].map(([name, secret]) => ({ name, ...secret })),
    };
  }

  private createTenant(exchangeRandom: Random): void {
    const created = this.directory.createTenant({
      displayName: 'isebed',
      verifiedDomains: [LAB_TENANT_DOMAIN],
    });
    const organization = this.online.createOrganization({
      tenantId: created.tenantId,
      domain: LAB_TENANT_DOMAIN,
      random: exchangeRandom.stream(`organization ${LAB_TENANT_DOMAIN}`),
      isInDirectory: (ids) => this.isInDirectory(ids),
    });
    new MailboxesByLicense(this.directory, this.online);
    // So it is in tenants since January 2020 (fact sheet microsoft 5.5).
    if (this.options.tenant === 'empty') organization.setTransportConfig({ smtpClientAuthenticationDisabled: true });
    else this.registered = this.setUp(created);
    const { secretId, value, ...administrator } = this.directory.createAdministrator(created.tenantId);
    this.secrets.set(ADMINISTRATOR_SECRET, { id: secretId, value, clientId: administrator.clientId });
  }

  private isInDirectory({ appId, objectId }: { appId: string; objectId: string }): boolean {
    return this.tenant.servicePrincipals.some((one) => one.appId === appId && one.objectId === objectId);
  }

  /** All that an administrator does before ISE can mail. */
  private setUp({ tenantId, subscribedSkus }: Tenant): Application {
    const { clock, secretEndsAt = clock.now() + YEAR_MS } = this.options;
    const user = {
      userPrincipalName: LAB_MAILBOX,
      displayName: LAB_MAILBOX,
      mailNickname: 'no-reply',
      usageLocation: 'DE',
    };
    this.directory.users.create(tenantId, user);
    this.directory.users.assignLicenses(tenantId, LAB_MAILBOX, { add: subscribedSkus.map(({ skuId }) => ({ skuId })) });

    const application = this.directory.registerApplication(tenantId, { displayName: 'ISE mail' });
    const { clientId, servicePrincipalObjectId: objectId } = application;
    this.directory.addPermission(tenantId, clientId, 'SMTP.SendAsApp');
    this.directory.grantAdminConsent(tenantId, clientId);
    this.note(FIRST_SECRET, clientId, secretEndsAt);
    const organization = this.online.findByTenant(tenantId);
    organization?.newServicePrincipal({ appId: clientId, objectId, displayName: 'ISE mail' });
    organization?.addMailboxPermission({ mailbox: LAB_MAILBOX, user: objectId, accessRights: ['FullAccess'] });
    return application;
  }

  /** Creates a client secret of ISE's application and notes its value down. */
  addSecret(name: string, endsAt: number): NotedSecret {
    return this.note(name, this.application.clientId, endsAt);
  }

  private note(name: string, clientId: string, endsAt: number): NotedSecret {
    const { secretId, value } = this.directory.addSecret(this.tenant.tenantId, clientId, {
      displayName: name,
      startsAt: this.options.clock.now(),
      endsAt,
    });
    const noted = { id: secretId, value, clientId };
    this.secrets.set(name, noted);
    return noted;
  }

  async start(): Promise<void> {
    const { clock, journal, network, pki, takesTime, signingKey, smtp, exchangeSettings = {} } = this.options;
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
    const signingKeys = new SigningKeys({
      ...this.options,
      reader: MICROSOFT_HOSTS.smtp.name,
      publisher: MICROSOFT_HOSTS.tokenEndpoint,
    });
    const keysOf = (tenantId: string): Promise<JSONWebKeySet> => signingKeys.of(tenantId);
    this.exchangeMock = new ExchangeMock({
      online: this.online,
      keysOf,
      clock,
      journal,
      random: random.stream('exchange'),
      credentials: pki.serverCredentials('smtp'),
      processing: takesTime ? USUAL_PROCESSING : NO_PROCESSING,
      settings: exchangeSettings,
    });
    const exchange = await this.exchangeMock.start(smtp);
    this.exchange = exchange;
    this.graph = await new GraphMock({
      directory: this.directory,
      keysOf,
      clock,
      journal,
      random: random.stream('graph'),
      credentials: entraCredentials,
      ...(takesTime ? {} : { processingMs: { min: 0, max: 0 } }),
    }).start();
    this.exchangeAdmin = await new ExchangeAdminApi({
      online: this.online,
      keysOf,
      clock,
      journal,
      random: random.stream('exchange admin'),
      credentials: pki.serverCredentials('smtp'),
      settings: () => exchange.settings,
    }).start();
    network.listen(MICROSOFT_HOSTS.tokenEndpoint.name, MICROSOFT_HOSTS.tokenEndpoint.port, this.entra);
    network.listen(MICROSOFT_HOSTS.smtp.name, MICROSOFT_HOSTS.smtp.port, this.exchange);
    network.listen(MICROSOFT_HOSTS.smtp.name, FURTHER_SMTP_PORT, this.exchange);
    network.listen(MICROSOFT_HOSTS.graph.name, MICROSOFT_HOSTS.graph.port, this.graph);
    network.listen(MICROSOFT_HOSTS.exchangeAdmin.name, MICROSOFT_HOSTS.exchangeAdmin.port, this.exchangeAdmin);
  }

  /** What answers under each name over HTTPS, once started. */
  get httpListeners(): ReadonlyMap<string, RequestListener> {
    const { entra, graph, exchangeAdmin } = this;
    if (!entra || !graph || !exchangeAdmin) return new Map();
    const byEntra: RequestListener = (request, response) => entra.handle(request, response);
    return new Map<string, RequestListener>([
      ...ENTRA_HOSTS.map((host) => [host, byEntra] as const),
      [MICROSOFT_HOSTS.graph.name, (request, response) => graph.handle(request, response)],
      [MICROSOFT_HOSTS.exchangeAdmin.name, (request, response) => exchangeAdmin.handle(request, response)],
    ]);
  }

  /** Where SMTP submission listens, once started. */
  get smtp(): { host: string; port: number } | undefined {
    return this.exchange && { host: this.exchange.host, port: this.exchange.port };
  }

  /** The SMTP sessions there were, oldest first. */
  get smtpSessions(): readonly SessionRecord[] {
    return this.exchangeMock?.sessions ?? [];
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
    const { entra, exchange, graph, exchangeAdmin } = this;
    await Promise.all([entra?.close(), exchange?.close(), graph?.close(), exchangeAdmin?.close()]);
  }
}

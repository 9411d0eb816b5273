import type { RequestListener } from 'node:http';
import type { JSONWebKeySet, JWK } from 'jose';
import { EntraDirectory, EntraMock, type Application, type StartedEntraMock, type Tenant } from '#mocks/entra';
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
  type SessionRecord,
  type StartedExchangeAdminApi,
  type StartedExchangeMock,
} from '#mocks/exchange';
import { GraphMock, type StartedGraphMock } from '#mocks/graph';
import type { ChainVariant, LabPki, PkiPeer } from '#mocks/pki';
import type { SimulatedNetwork } from '#libs/network';
import type { TlsWatcher } from '#libs/trust';
import type { Clock, Journal, Random } from '#libs/simulation';
import { InvariantError, TestbedError } from '#libs/diagnosis';
import { MailboxesByLicense } from './mailboxes-by-license.ts';
import { ENTRA_HOSTS, FURTHER_SMTP_PORT, MICROSOFT_HOSTS } from './microsoft-hosts.ts';
import {
  ADMINISTRATOR_SECRET,
  microsoftStateSchema,
  type MicrosoftState,
  type NotedSecret,
} from './microsoft-state.ts';
import { SigningKeys } from './signing-keys.ts';
import { beginningOf } from './tenant-beginning.ts';
import type { TenantSource } from './tenant-source.ts';

export interface SimulatedMicrosoftOptions {
  clock: Clock;
  journal: Journal;
  random: Random;
  network: SimulatedNetwork;
  pki: LabPki;
  /** RSA private key that signs the tokens. */
  signingKey: JWK;
  /** When it was first published; default: now. */
  signingKeyValidFrom?: number | undefined;
  /** What to begin with; default: one healthy tenant. */
  tenant?: TenantSource | 'empty' | undefined;
  /** Where another one of the same chance was when it ended, and what that had begun with. */
  continued?: { state: MicrosoftState; seed: MicrosoftState } | undefined;
  /** Told of the TLS sessions that Exchange opens. */
  tlsWatcher?: TlsWatcher | undefined;
  /** Limits that differ from the usual ones. */
  exchangeSettings?: Partial<ExchangeSettings> | undefined;
  /** Called with Exchange Online before it accepts anything: for keeping its messages elsewhere as well. */
  onOnline?: ((online: ExchangeOnline) => void) | undefined;
  /** Where SMTP listens. Default: a free port on loopback. */
  smtp?: { host: string; port: number; beforeListen?: ((port: number) => Promise<void>) | undefined } | undefined;
  /** False: answers come as fast as they can be computed (real time). */
  takesTime: boolean;
  /** When the client secret of the healthy tenant ends, epoch milliseconds; default: a year from now. */
  secretEndsAt?: number | undefined;
}

/** Entra, Graph and Exchange Online, in the state that a seed describes or that another one exported. */
export class SimulatedMicrosoft {
  readonly directory: EntraDirectory;
  readonly online: ExchangeOnline;
  private registered: Application | undefined;
  /** The mailbox that ISE sends from; empty when the seed has none. */
  readonly mailbox: string;
  /** By the names that scenarios give them; `current` is the one ISE was set up with. */
  readonly secrets = new Map<string, NotedSecret>();
  private readonly tenantDomain: string;
  /** What it began with. */
  private readonly seed: MicrosoftState;
  private exchangeSettings: Partial<ExchangeSettings>;
  private entra: StartedEntraMock | undefined;
  private exchange: StartedExchangeMock | undefined;
  private graph: StartedGraphMock | undefined;
  private exchangeAdmin: StartedExchangeAdminApi | undefined;
  private exchangeMock: ExchangeMock | undefined;

  constructor(private readonly options: SimulatedMicrosoftOptions) {
    const { clock, network, continued } = options;
    const random = options.random.stream('microsoft');
    const state = continued?.state ?? beginningOf(options.tenant, { ...options, random, now: clock.now() }).state;
    const { entra: entraSeed, exchange: exchangeSeed } = continued?.seed ?? state;
    const [directoryRandom, exchangeRandom] = [random.stream('directory'), random.stream('exchange')];
    this.directory = EntraDirectory.fromState(state.entra, { clock, random: directoryRandom, seed: entraSeed });
    this.online = ExchangeOnline.fromState(state.exchange, {
      clock,
      random: exchangeRandom,
      seed: exchangeSeed,
      optionsFor: (tenantId) => this.organizationOptions(tenantId, state),
    });
    this.registered = state.application && { ...state.application };
    this.mailbox = state.mailbox;
    this.tenantDomain = state.tenantDomain;
    this.exchangeSettings = { ...state.exchangeSettings };
    this.noteSecrets(state);
    this.seed = continued?.seed ?? this.exportState();
    new MailboxesByLicense(this.directory, this.online);
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
   * @throws TestbedError where the tenants have none
   */
  get application(): Application {
    if (this.registered) return this.registered;
    throw new TestbedError('scenario.no-application', 'the tenants began without an application for ISE', {
      remedy: 'Give the seed an application, or name what you mean in Graph requests and cmdlets.',
    });
  }

  /** Its client ID; empty where there is none. */
  get clientId(): string {
    return this.registered?.clientId ?? '';
  }

  /**
   * What the administrator of the tenant works with.
   *
   * @throws TestbedError where the seed wants none
   */
  get administrator(): NotedSecret {
    const noted = this.secrets.get(ADMINISTRATOR_SECRET);
    if (noted) return noted;
    throw new TestbedError('scenario.no-administrator', 'the tenant began without an application for its set-up', {
      remedy: 'Leave "administrator: false" out of the seed.',
    });
  }

  get tenant(): Tenant {
    const tenant = this.directory.findTenant(this.tenantDomain);
    if (!tenant) throw new InvariantError('the lab has lost its tenant');
    return tenant;
  }

  /** That of the mailbox, by its domain: it may be in another tenant than the application. */
  get organization(): ExchangeOrganization {
    const organization = this.online.findByAddress(this.mailbox) ?? this.online.findByAddress(`@${this.tenantDomain}`);
    if (!organization) throw new InvariantError('the lab has lost its Exchange organization');
    return organization;
  }

  /** A copy of all that Entra and Exchange know, but for messages; the keys always in the same order. */
  exportState(): MicrosoftState {
    return microsoftStateSchema.parse({
      entra: this.directory.exportState(),
      exchange: this.online.exportState(),
      exchangeSettings: structuredClone(this.exchangeSettings),
      ...(this.registered && { application: { ...this.registered } }),
      mailbox: this.mailbox,
      tenantDomain: this.tenantDomain,
      secrets: [...this.secrets].map(([name, secret]) => ({ name, ...secret })),
    });
  }

  /** The state that `reset` goes back to. */
  exportSeed(): MicrosoftState {
    return structuredClone(this.seed);
  }

  /** Back to the state it began with, byte for byte. Messages and what was used up of limits are forgotten. */
  reset(): void {
    const { application, exchangeSettings } = this.seed;
    this.directory.reset();
    this.exchangeMock?.reset();
    this.registered = application && { ...application };
    this.exchangeSettings = structuredClone(exchangeSettings);
    this.exchange?.changeSettings({ ...USUAL_SETTINGS, ...this.options.exchangeSettings, ...exchangeSettings });
    this.secrets.clear();
    this.noteSecrets(this.seed);
  }

  /** What an organization asks its tenant, which may get another ID. */
  private organizationOptions(tenantId: string, { exchange }: MicrosoftState) {
    const domain = exchange.organizations.find((organization) => organization.tenantId === tenantId)?.domain ?? '';
    return {
      isInDirectory: ({ appId, objectId }: { appId: string; objectId: string }): boolean =>
        this.directory
          .findTenant(domain)
          ?.servicePrincipals.some((one) => one.appId === appId && one.objectId === objectId) === true,
    };
  }

  private noteSecrets({ secrets }: MicrosoftState): void {
    for (const { name, value, ...secret } of secrets) {
      if (value !== undefined) this.secrets.set(name, { ...secret, value });
    }
  }

  /** Creates a client secret of ISE's application and notes its value down. */
  addSecret(name: string, endsAt: number): NotedSecret {
    const { clientId } = this.application;
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
    const { clock, journal, network, pki, takesTime, signingKey, signingKeyValidFrom, smtp } = this.options;
    const exchangeSettings = { ...this.options.exchangeSettings, ...this.exchangeSettings };
    const random = this.options.random.stream('microsoft services');
    const entraCredentials = pki.serverCredentials('token-endpoint');
    this.entra = await new EntraMock({
      directory: this.directory,
      clock,
      journal,
      random: random.stream('entra'),
      credentials: entraCredentials,
      signingKey,
      signingKeyValidFrom,
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
    if (smtp) await smtp.beforeListen?.(smtp.port);
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
    this.exchangeSettings = { ...this.exchangeSettings, ...changes };
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

import type { NodeDefinition } from '#libs/deployment';
import { MailQueue, SmtpSession } from '#libs/mail-submission';
import type { NetworkView } from '#libs/network';
import { GuestLog } from '#libs/node-log';
import { OauthTokenCache } from '#libs/oauth-client';
import { ConfigStore } from '#libs/replication';
import { proxyFor, SecretVault } from '#libs/settings';
import type { Clock, Journal, Random } from '#libs/simulation';
import { NodeTrust, type TlsWatcher } from '#libs/trust';
import { NodeMailer } from './mail/node-mailer.ts';
import { NodeSettings } from './node-settings.ts';

/** Highest number of an `admin-http-pool` thread seen in the field is 139 (fact sheet ise 1.4). */
const ADMIN_POOL_THREADS = 150;

/** What a node is made from. */
export interface NodeContextOptions {
  definition: NodeDefinition;
  clock: Clock;
  journal: Journal;
  random: Random;
  network: NetworkView;
  tlsWatcher?: TlsWatcher | undefined;
  /** Shared by the nodes of a deployment; seals secrets at rest. */
  deploymentKey: string;
  /** A file, or `:memory:` (default). */
  database?: string;
  /** Where the links in its mails find its portals. Default: 8443. */
  portalPort?: number;
}

/** Port of the guest portals (our choice; fact sheet ise 5.2 has 8445 as an example). */
const PORTAL_PORT = 8443;

/** The parts of one ISE node that do not depend on its personas, each with this node's own view of the world. */
export class NodeContext {
  readonly definition: NodeDefinition;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly random: Random;
  readonly network: NetworkView;
  readonly store: ConfigStore;
  readonly vault: SecretVault;
  readonly settings: NodeSettings;
  readonly log: GuestLog;
  readonly tokens: OauthTokenCache;
  readonly session: SmtpSession;
  readonly mailer: NodeMailer;
  readonly portalPort: number;
  /** Milliseconds that the node's own time is ahead of the clock; negative: behind. Certificates are judged by it. */
  clockSkewMs = 0;
  private readonly queue: MailQueue;

  constructor(options: NodeContextOptions) {
    const { definition, clock, journal, network } = options;
    const node = definition.name;
    this.definition = definition;
    this.clock = clock;
    this.journal = journal;
    this.network = network;
    this.portalPort = options.portalPort ?? PORTAL_PORT;
    this.random = options.random.stream(node);
    this.store = new ConfigStore(options.database);
    this.vault = new SecretVault(options.deploymentKey, this.random.stream('vault'));
    this.settings = new NodeSettings(this.store, this.vault);
    this.log = new GuestLog(node, journal);

    const { log, settings } = this;
    const trust = new NodeTrust({
      node,
      clock,
      journal,
      store: () => settings.trustedCertificates,
      skewMs: () => this.clockSkewMs,
      watcher: options.tlsWatcher,
    });
    this.tokens = new OauthTokenCache({
      node,
      clock,
      journal,
      log,
      network,
      trust,
      proxyFor: (host) => proxyFor(settings.proxy, host),
    });
    this.session = new SmtpSession({
      node,
      fqdn: definition.fqdn,
      clock,
      journal,
      log,
      network,
      trust,
      tokens: this.tokens,
      proxyFor: (host) => (settings.proxy.appliesToSmtp ? proxyFor(settings.proxy, host) : undefined),
    });
    this.queue = new MailQueue({
      node,
      clock,
      journal,
      log,
      session: this.session,
      smtpServer: () => settings.smtpServer,
      retry: () => settings.retry,
    });
    this.mailer = new NodeMailer({
      node,
      clock,
      journal,
      log,
      queue: this.queue,
      smtpServer: () => settings.storedSmtpServer?.smtpServer,
    });
  }

  /** Whether this node holds the role of primary PAN, as far as it knows. */
  get isPrimaryPan(): boolean {
    return this.settings.deployment.primaryPan.name === this.definition.name;
  }

  get isActiveMnt(): boolean {
    return this.settings.deployment.activeMnt.name === this.definition.name;
  }

  /** Runs a request of an administrator as the admin GUI's thread pool does. */
  asAdministrator<T>(user: string, work: () => T): T {
    const number = this.random.stream(`admin-http-pool/${this.journal.lastSeq}`).integer(1, ADMIN_POOL_THREADS);
    return this.log.onThread({ thread: `admin-http-pool${number}`, user }, work);
  }

  close(): void {
    this.queue.stop();
    this.store.close();
  }
}

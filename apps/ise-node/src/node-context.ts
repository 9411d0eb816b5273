import { DatabaseSync } from 'node:sqlite';
import type { Deployment, NodeDefinition } from '#libs/deployment';
import {
  MailOutbox,
  MailQueue,
  SmtpSession,
  type DutyVerdict,
  type MailEnd,
  type OutgoingMail,
} from '#libs/mail-submission';
import type { NetworkView } from '#libs/network';
import { GuestLog } from '#libs/node-log';
import { OauthTokenCache } from '#libs/oauth-client';
import { ConfigStore } from '#libs/replication';
import { proxyFor, SecretVault } from '#libs/settings';
import type { Clock, Journal, Random } from '#libs/simulation';
import { NodeTrust, type TlsWatcher } from '#libs/trust';
import { NodeRoles } from './cluster/node-roles.ts';
import { journalWhileAlive, Lifeline, networkWhileAlive, NodeClock } from './lifeline.ts';
import { NodeMailer } from './mail/node-mailer.ts';
import { CONFIG_KEYS, NodeSettings, type InitialConfig } from './node-settings.ts';

/** Highest number of an `admin-http-pool` thread seen in the field is 139 (fact sheet ise 1.4). */
const ADMIN_POOL_THREADS = 150;

/** What a node is made from. */
export interface NodeContextOptions {
  definition: NodeDefinition;
  /** As it was set up; used by an empty database. */
  deployment: Deployment;
  /** The configuration that the deployment was set up with, equal on all its nodes; used by an empty database. */
  initialConfig?: InitialConfig;
  clock: Clock;
  journal: Journal;
  random: Random;
  network: NetworkView;
  tlsWatcher?: TlsWatcher | undefined;
  /** Shared by the nodes of a deployment; seals secrets at rest. */
  deploymentKey: string;
  /** How far its clock is ahead; negative: behind. Default 0. */
  clockSkewMs?: number;
  /** The node's disk: kept by who started the node, it outlives a crash. Default: one in memory that goes with the node. */
  database?: DatabaseSync;
  /** Where the links in its mails find its portals. Default: 8443. */
  portalPort?: number;
}

/** Port of the guest portals (our choice; fact sheet ise 5.2 has 8445 as an example). */
const PORTAL_PORT = 8443;

/** The parts of one ISE node that do not depend on its personas, each with this node's own view of the world. */
export class NodeContext {
  readonly definition: NodeDefinition;
  /** The node's own time. */
  readonly clock: Clock;
  readonly journal: Journal;
  /** The node's own database: its copy of the configuration, its outbox, and what else it must not forget. */
  readonly database: DatabaseSync;
  readonly roles: NodeRoles;
  /** Its database is that of a node that ran before. */
  readonly startsAgain: boolean;
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
  readonly queue: MailQueue;
  /** Whether this node may carry out a duty that was claimed; on a PAN `DutyClaims` knows. */
  dutyVerdict: (duty: string) => DutyVerdict = () => 'not-mine';
  private readonly nodeClock: NodeClock;
  private readonly lifeline = new Lifeline();
  private readonly ownsDatabase: boolean;
  private readonly timeListeners = new Set<() => void>();
  private readonly mailEndListeners = new Set<(mail: OutgoingMail, end: MailEnd) => void>();

  constructor(options: NodeContextOptions) {
    const { definition } = options;
    const node = definition.name;
    this.definition = definition;
    this.nodeClock = new NodeClock(options.clock, this.lifeline);
    this.nodeClock.skewMs = options.clockSkewMs ?? 0;
    this.clock = this.nodeClock;
    this.journal = journalWhileAlive(options.journal, this.lifeline);
    this.network = networkWhileAlive(options.network, this.lifeline);
    this.portalPort = options.portalPort ?? PORTAL_PORT;
    this.ownsDatabase = options.database === undefined;
    this.database = options.database ?? new DatabaseSync(':memory:');
    this.store = new ConfigStore(this.database);
    this.startsAgain = this.store.version > 0;
    this.random = options.random.stream(this.startsAgain ? `${node}/start ${this.nextStart()}` : node);
    this.vault = new SecretVault(options.deploymentKey, this.random.stream('vault'));
    this.settings = new NodeSettings(this.store, this.vault);
    if (!this.startsAgain) {
      const entries = [
        [CONFIG_KEYS.deployment, options.deployment.toDocument()] as const,
        ...(options.initialConfig ?? []),
      ];
      this.store.restore({ term: 1, version: 1, entries });
    }
    this.roles = new NodeRoles(node, this.store, this.settings, this.startsAgain);

    const { clock, journal, network, settings } = this;
    this.log = new GuestLog(node, journal, () => this.clockSkewMs);
    const { log } = this;
    const trust = new NodeTrust({
      node,
      clock: options.clock,
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
      outbox: new MailOutbox(this.database, this.vault),
      smtpServer: () => settings.smtpServer,
      retry: () => settings.retry,
      dutyVerdict: (duty) => this.dutyVerdict(duty),
      ended: (mail, end) => {
        for (const listener of this.mailEndListeners) listener(mail, end);
      },
    });
    this.mailer = new NodeMailer({
      node,
      clock,
      journal,
      log,
      queue: this.queue,
      smtpServer: () => settings.storedSmtpServer?.smtpServer,
      isRegistered: () => this.roles.current.isRegistered,
    });
    this.roles.onChange(({ isRegistered }) => {
      if (!isRegistered) this.queue.giveUpAll('deregistered');
      this.queue.reconsider();
    });
  }

  /** Whether this node holds the role of primary PAN, as far as it knows. */
  get isPrimaryPan(): boolean {
    return this.roles.current.isPrimaryPan;
  }

  get isActiveMnt(): boolean {
    return this.roles.current.isActiveMnt;
  }

  /**
   * Milliseconds that the node's own time is ahead of the deployment's; negative: behind. Its certificates, its
   * guest.log and all that it reckons from its own clock follow it.
   */
  get clockSkewMs(): number {
    return this.nodeClock.skewMs;
  }

  set clockSkewMs(ms: number) {
    this.nodeClock.skewMs = ms;
    for (const listener of this.timeListeners) listener();
  }

  /** Calls `listener` whenever somebody sets the clock of this node. */
  onTimeSet(listener: () => void): void {
    this.timeListeners.add(listener);
  }

  /** Calls `listener` whenever nothing more will be done about a mail of this node. */
  onMailEnd(listener: (mail: OutgoingMail, end: MailEnd) => void): void {
    this.mailEndListeners.add(listener);
  }

  /** Runs a request of an administrator as the admin GUI's thread pool does. */
  asAdministrator<T>(user: string, work: () => T): T {
    const number = this.random.stream(`admin-http-pool/${this.journal.lastSeq}`).integer(1, ADMIN_POOL_THREADS);
    return this.log.onThread({ thread: `admin-http-pool${number}`, user }, work);
  }

  /** Counts starts on the disk: what is drawn after one, such as identifiers of guests, must not be drawn again after the next. */
  private nextStart(): number {
    const known = this.database.prepare('PRAGMA user_version').get()?.['user_version'];
    const next = Number(known) + 1;
    this.database.exec(`PRAGMA user_version = ${next}`);
    return next;
  }

  /** The process ends here: nothing that it began has an effect any more. What is in the database stays. */
  end(): void {
    this.lifeline.end();
    this.queue.die();
    if (this.ownsDatabase) this.database.close();
  }
}

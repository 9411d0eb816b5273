import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { hasPersona, sixNodeDeployment, standaloneDeployment, type Deployment } from '#libs/deployment';
import { defaultGiven, readActions, type ActionName } from '#libs/scenario';
import { RealClock, ScaledClock } from '#libs/simulation';
import { archiveInto, MailArchive } from '../mail-api/mail-archive.ts';
import { initialConfigOf } from '../run/initial-world.ts';
import { performAction } from '../run/perform-action.ts';
import { ScenarioWorld } from '../run/scenario-world.ts';
import { ADMIN, type NodeAdmin } from '../testbed/lab-admin.ts';
import { mailboxOf } from '../testbed/tenant-beginning.ts';
import type { TenantSource } from '../testbed/tenant-source.ts';
import { Testbed, type TestbedListen } from '../testbed/testbed.ts';
import { WITHOUT_LIMITS, type StoredMessage } from '#mocks/exchange';
import { asPortError } from './claim-ports.ts';
import { DataFolder } from './data-folder.ts';
import { FrontDoor } from './front-door.ts';
import { HeldPorts } from './held-ports.ts';
import { JournalFiles } from './journal-files.ts';
import { KeptState } from './kept-state.ts';
import { labIdentity, type LabIdentity } from './lab-identity.ts';
import { LiveJournal } from './live-journal.ts';
import { Storage } from './storage.ts';
import { UpError } from './up.error.ts';
import type { UpSettings } from './up-settings.ts';

const YEAR_MS = 365 * 86_400_000;

const SECRET_FILE = 'client-secret';
const JOURNAL_FOLDER = 'journal';
/** The roots that clients are to trust, in the data folder. */
export const ROOTS_FILE = 'lab-roots.pem';

type TestbedSettings = Omit<UpSettings, 'json' | 'showSecrets' | 'apiPassword' | 'tenant'>;

interface Beginning {
  /** Takes a line of the program's own log. */
  log: (line: string) => void;
  /** What Entra and Exchange begin with; a data folder goes on from where it was. */
  tenant?: TenantSource | undefined;
}

/** A testbed for real clients: fixed ports, a clock in step with real time, state that outlives the process. */
export class LiveTestbed {
  readonly archive: MailArchive;
  readonly journal: LiveJournal;
  private readonly frontDoor: FrontDoor;
  private current: ScenarioWorld | undefined;
  private resetting: Promise<void> | undefined;
  private isStopping = false;
  private begunAt: number;
  private listen: TestbedListen;
  private readonly heldPorts: HeldPorts;
  readonly rootsFile: string;

  private constructor(
    readonly settings: TestbedSettings,
    readonly clock: ScaledClock,
    readonly identity: LabIdentity,
    private readonly folder: DataFolder | undefined,
    private readonly database: DatabaseSync,
    readonly storage: Storage,
    readonly kept: KeptState,
  ) {
    const { host, smtpPort, httpsPort, nodePortBase, nodeProtocol } = settings;
    const nodePort = (index: number): number => nodePortBase && nodePortBase + index;
    this.heldPorts = new HeldPorts(host);
    const beforeListen = (port: number): Promise<void> => this.heldPorts.release(port);
    this.listen = { host, smtpPort, nodeProtocol, nodePort, portalPort: httpsPort, beforeListen };
    const later = (write: () => void): void => void storage.attempt('read marks and tags', write);
    this.archive = new MailArchive(database, later, settings.messagesMax);
    this.journal = new LiveJournal(folder && new JournalFiles(folder.fileOf(JOURNAL_FOLDER), storage));
    this.begunAt = kept.time?.begunAt ?? clock.now();
    this.frontDoor = new FrontDoor({
      pki: identity.pki,
      listeners: () => {
        const testbed = this.current?.testbed;
        return new Map(testbed ? [...testbed.microsoft.httpListeners, ...testbed.portals] : []);
      },
      onAnswered: () => this.rememberMicrosoft(),
    });
    this.rootsFile = folder
      ? folder.write(ROOTS_FILE, identity.rootsPem)
      : join(mkdtempSync(join(tmpdir(), 'isebed-')), ROOTS_FILE);
    if (!folder) writeFileSync(this.rootsFile, identity.rootsPem);
  }

  /**
   * Starts everything and listens.
   *
   * @throws UpError for a data folder that can't be used, or began with another tenant; the error of the socket for a
   *   port that is taken, and that of the file or database for a disk that can't be written
   */
  static async start(settings: TestbedSettings, { log, tenant }: Beginning): Promise<LiveTestbed> {
    const storage = new Storage({ realTime: new RealClock(), log });
    const folder = settings.data === undefined ? undefined : DataFolder.open(settings.data);
    const database = folder?.database ?? new DatabaseSync(':memory:');
    const kept = new KeptState(database, storage, { deployment: settings.deployment, tenant });
    // Time never goes back: where a jump ended, the next start goes on.
    const clock = ScaledClock.install({ startAt: Math.max(new RealClock().now(), kept.time?.now ?? 0) });
    const testbed = new LiveTestbed(settings, clock, await labIdentity(folder), folder, database, storage, kept);
    try {
      // First of all, since mails name its port: until the testbed is there, it answers that nothing is.
      await testbed.certifyPortals();
      await testbed.frontDoor.listen(settings.host, settings.httpsPort);
      testbed.listen = { ...testbed.listen, portalPort: testbed.httpsPort };
      if (kept.isResetBegun) await testbed.beginAnew();
      else await testbed.begin();
      await testbed.changeAgain();
      clock.setPace(settings.pace);
      return testbed;
    } catch (error) {
      await testbed.stop();
      throw error;
    }
  }

  /** Why it is not ready: there is no world at the moment, or the disk can't be written; empty when it is. */
  get complaints(): string[] {
    const down = this.current ? [] : ['the testbed is starting, stopping or being reset, or a reset failed'];
    return [...down, ...this.storage.complaints];
  }

  get world(): ScenarioWorld {
    if (!this.current) throw notReady();
    return this.current;
  }

  get httpsPort(): number {
    return this.frontDoor.port;
  }

  /** Who administrates the nodes. */
  get administrator(): NodeAdmin {
    return { ...ADMIN, password: this.settings.adminPassword ?? ADMIN.password };
  }

  /** The value of the client secret that ISE was set up with. For its administrator alone. */
  get clientSecret(): string {
    return this.secretNamed('current')?.value ?? '';
  }

  /** A client secret with its client ID: `current` is ISE's, `administrator` that of the application for Graph and Exchange. */
  secretNamed(name: string): { clientId: string; value: string } | undefined {
    return this.world.testbed.microsoft.secrets.get(name);
  }

  /** Where the client secret lies, when there is a data folder. */
  get clientSecretFile(): string | undefined {
    return this.folder?.fileOf(SECRET_FILE);
  }

  /**
   * Changes the world: tenant, Exchange or network. `raw` holds the actions as a scenario's step does.
   *
   * @throws UpError when it does not, with all mistakes
   */
  async change(raw: unknown): Promise<ActionName[]> {
    const read = readActions(raw);
    if (read.kind === 'mistakes') {
      throw new UpError('up.change-invalid', read.mistakes.join('; '), 'Write it as a break or mend step does.');
    }
    const given = z.record(z.string(), z.unknown()).parse(raw);
    try {
      for (const action of read.actions) {
        await performAction(action, this.world);
        this.kept.addChange(action.name, given[action.name]);
      }
    } finally {
      this.rememberMicrosoft();
    }
    return read.actions.map(({ name }) => name);
  }

  setPace(pace: number): void {
    this.clock.setPace(pace);
    this.rememberTime();
  }

  async jump(byMs: number): Promise<void> {
    await this.clock.jump(byMs);
    this.rememberTime();
  }

  /**
   * Back to the beginning, or to another one with other tenants: no mails, fresh nodes. The clock stays where it is. What
   * began is finished by the next start, should the process end in between.
   *
   * @throws UpError while another reset is under way; the error of the database or the file when the disk fails
   */
  async reset(tenant = this.kept.tenant): Promise<void> {
    if (this.resetting || this.isStopping) throw notReady();
    this.resetting = this.beginAnew(tenant).finally(() => (this.resetting = undefined));
    return this.resetting;
  }

  private async beginAnew(tenant = this.kept.tenant): Promise<void> {
    this.kept.probe(); // before anything is stopped
    const { current } = this;
    this.current = undefined;
    await current?.testbed.stop();
    await this.heldPorts.hold([this.listen.smtpPort, ...this.nodePorts]);
    this.kept.beginReset(tenant);
    this.archive.delete(this.archive.newestFirst);
    this.folder?.forgetNodes();
    this.begunAt = this.clock.now();
    try {
      await this.begin();
    } catch (error) {
      throw asPortError(error, this.settings);
    }
    this.kept.endReset();
  }

  /** Ends every connection and closes every file. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.resetting?.catch(() => undefined); // whoever asked for it is told
    const { current } = this;
    this.current = undefined;
    await this.frontDoor.close();
    await current?.testbed.stop();
    await this.heldPorts.releaseAll();
    this.rememberTime();
    this.storage.close();
    this.journal.close();
    if (this.folder) this.folder.close();
    else {
      this.database.close();
      rmSync(join(this.rootsFile, '..'), { recursive: true, force: true });
    }
    this.clock.uninstall();
  }

  /** Network, faults and TLS begin healthy at each start, so what was changed there is changed again. */
  private async changeAgain(): Promise<void> {
    for (const change of this.kept.changes) {
      const read = readActions(change);
      if (read.kind === 'mistakes') continue; // an action that this version does not know
      for (const action of read.actions) await performAction(action, this.world);
    }
  }

  /** Entra and Exchange as they are now: the next start goes on from there. */
  rememberMicrosoft(): void {
    this.kept.rememberMicrosoft(() => this.current?.testbed.microsoft.exportState());
  }

  /** Whether the messages are on the disk. If not, something small is tried until it can be written. */
  private keep(messages: readonly StoredMessage[]): boolean {
    return this.storage.attempt(
      'mails',
      () => this.archive.add(messages),
      () => this.kept.probe(),
    );
  }

  private async certifyPortals(): Promise<void> {
    for (const node of deploymentOf(this.settings).nodes) {
      if (!hasPersona(node, 'Policy Service')) continue;
      this.frontDoor.certify(node.fqdn, await this.identity.pki.nodeCredentials(node.fqdn));
    }
  }

  private async begin(): Promise<void> {
    const { clock, identity, folder, settings } = this;
    const usual = defaultGiven(settings.deployment);
    // The portals are as open as the Microsoft side: where the administrator's password is no published one, nor is a sponsor's.
    const sponsors = usual.sponsors.map((each) => ({ ...each, password: settings.adminPassword ?? each.password }));
    const given = { ...usual, sponsors, clock: this.begunAt };
    const testbed = await Testbed.start({
      clock,
      seed: identity.seed,
      deployment: deploymentOf(settings),
      takesTime: false,
      secretEndsAt: this.begunAt + YEAR_MS,
      initialConfig: initialConfigOf(given, given.seed, mailboxOf(this.kept.tenant)),
      lab: identity,
      exchangeSettings: settings.limits === 'none' ? WITHOUT_LIMITS : {},
      tenant: this.kept.tenant,
      continued: this.kept.microsoft,
      onOnline: (online) => archiveInto(this.archive, online, (messages) => this.keep(messages)),
      admin: this.administrator,
      journalMax: settings.journalMax,
      onJournal: (journal) => this.journal.follow(journal),
      listen: this.listen,
      ...(folder ? { nodeDatabase: (node) => folder.nodeDatabase(node) } : {}),
    });
    try {
      this.current = await ScenarioWorld.around(testbed, given);
    } catch (error) {
      await testbed.stop();
      throw error;
    }
    this.listen = portsOf(testbed, this.listen);
    this.kept.rememberBeginning(testbed.microsoft.exportSeed());
    this.rememberMicrosoft();
    folder?.write(SECRET_FILE, `${this.clientSecret}\n`);
    this.rememberTime();
  }

  private get nodePorts(): number[] {
    return deploymentOf(this.settings).nodes.map((_node, index) => this.listen.nodePort(index));
  }

  private rememberTime(): void {
    this.kept.rememberTime({ now: this.clock.now(), begunAt: this.begunAt });
  }
}

/** Where it listens now: there it has to listen after a reset too. */
function portsOf(testbed: Testbed, listen: TestbedListen): TestbedListen {
  const nodePorts = testbed.deployment.nodes.map(({ name }) => testbed.rack.httpPortOf(name));
  return { ...listen, smtpPort: testbed.microsoft.smtp?.port ?? 0, nodePort: (index) => nodePorts[index] ?? 0 };
}

function deploymentOf({ deployment }: TestbedSettings): Deployment {
  return deployment === 'standalone' ? standaloneDeployment() : sixNodeDeployment();
}

function notReady(): UpError {
  return new UpError('up.not-ready', 'the testbed is starting, stopping or being reset', 'Try again in a second.');
}

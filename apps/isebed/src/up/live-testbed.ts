import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { sixNodeDeployment, standaloneDeployment } from '#libs/deployment';
import { defaultGiven, readActions, type ActionName } from '#libs/scenario';
import { Random, RealClock, ScaledClock, type JournalRecord } from '#libs/simulation';
import { archiveInto, MailArchive } from '../mail-api/mail-archive.ts';
import { initialConfigOf } from '../run/initial-world.ts';
import { performAction } from '../run/perform-action.ts';
import { ScenarioWorld } from '../run/scenario-world.ts';
import { microsoftStateSchema, type MicrosoftState } from '../testbed/microsoft-state.ts';
import { beginningOf, mailboxOf } from '../testbed/tenant-beginning.ts';
import type { ComparedState } from '../testbed/tenant-comparison.ts';
import type { TenantSource } from '../testbed/tenant-source.ts';
import { Testbed, type TestbedListen } from '../testbed/testbed.ts';
import { WITHOUT_LIMITS } from '#mocks/exchange';
import { DataFolder } from './data-folder.ts';
import { Documents } from './documents.ts';
import { FrontDoor } from './front-door.ts';
import { keptTenant } from './kept-tenant.ts';
import { labIdentity, type LabIdentity } from './lab-identity.ts';
import { UpError } from './up.error.ts';
import type { UpSettings } from './up-settings.ts';

const YEAR_MS = 365 * 86_400_000;

const SECRET_FILE = 'client-secret';
/** The roots that clients are to trust, in the data folder. */
export const ROOTS_FILE = 'lab-roots.pem';

/** What the clock showed when it was last asked to remember, and when this world was begun. */
const timeSchema = z.object({ now: z.number(), begunAt: z.number() });

type TestbedSettings = Pick<
  UpSettings,
  'data' | 'pace' | 'host' | 'httpsPort' | 'smtpPort' | 'nodePortBase' | 'deployment' | 'limits'
>;

/** A testbed for real clients: fixed ports, a clock in step with real time, state that outlives the process. */
export class LiveTestbed {
  readonly archive: MailArchive;
  private readonly documents: Documents;
  private readonly frontDoor: FrontDoor;
  private readonly listeners = new Set<(record: JournalRecord) => void>();
  private current: ScenarioWorld | undefined;
  private begunAt: number;
  /** What was changed since the beginning; done again at the next start. */
  private changes: unknown[] = [];
  private listen: TestbedListen;
  /** What Entra and Exchange begin with; undefined: the healthy tenant. */
  private tenant: TenantSource | undefined;
  readonly rootsFile: string;

  private constructor(
    readonly settings: TestbedSettings,
    readonly clock: ScaledClock,
    readonly identity: LabIdentity,
    private readonly folder: DataFolder | undefined,
    private readonly database: DatabaseSync,
    wanted: TenantSource | undefined,
  ) {
    const { host, smtpPort, nodePortBase } = settings;
    this.listen = { host, smtpPort, nodePort: (index) => nodePortBase && nodePortBase + index };
    this.archive = new MailArchive(database);
    this.documents = new Documents(database);
    this.tenant = keptTenant(this.documents, wanted);
    this.begunAt = timeSchema.safeParse(this.documents.get('time')).data?.begunAt ?? clock.now();
    this.frontDoor = new FrontDoor({
      pki: identity.pki,
      listeners: () => this.current?.testbed.microsoft.httpListeners ?? new Map(),
      onAnswered: () => this.rememberMicrosoft(),
    });
    this.rootsFile = folder
      ? folder.write(ROOTS_FILE, identity.rootsPem)
      : join(mkdtempSync(join(tmpdir(), 'isebed-')), ROOTS_FILE);
    if (!folder) writeFileSync(this.rootsFile, identity.rootsPem);
  }

  /**
   * Starts everything and listens. `tenant` is what Entra and Exchange begin with; a data folder goes on from where it was.
   *
   * @throws UpError for a data folder that can't be used, or began with another tenant; the error of the socket for a
   * port that is taken
   */
  static async start(settings: TestbedSettings, tenant?: TenantSource): Promise<LiveTestbed> {
    const folder = settings.data === undefined ? undefined : DataFolder.open(settings.data);
    const database = folder?.database ?? new DatabaseSync(':memory:');
    // Time never goes back: where a jump ended, the next start goes on.
    const lastSeen = timeSchema.safeParse(new Documents(database).get('time')).data?.now ?? 0;
    const clock = ScaledClock.install({ startAt: Math.max(new RealClock().now(), lastSeen) });
    let testbed: LiveTestbed;
    try {
      testbed = new LiveTestbed(settings, clock, await labIdentity(folder), folder, database, tenant);
    } catch (error) {
      clock.uninstall();
      database.close();
      throw error;
    }
    try {
      await testbed.begin();
      await testbed.changeAgain();
      await testbed.frontDoor.listen(settings.host, settings.httpsPort);
      clock.setPace(settings.pace);
      return testbed;
    } catch (error) {
      await testbed.stop();
      throw error;
    }
  }

  /** Whether there is a world at the moment: not while it is being reset. */
  get isReady(): boolean {
    return this.current !== undefined;
  }

  get world(): ScenarioWorld {
    if (!this.current) {
      throw new UpError('up.not-ready', 'the testbed is starting, stopping or being reset', 'Try again in a second.');
    }
    return this.current;
  }

  get httpsPort(): number {
    return this.frontDoor.port;
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

  /** Calls `listener` with each further record of the journal, also after a reset; the result stops it. */
  subscribe(listener: (record: JournalRecord) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
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
    for (const action of read.actions) await performAction(action, this.world);
    this.changes.push(raw);
    this.documents.put('changes', this.changes);
    this.rememberMicrosoft();
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

  /** Back to the beginning, or begins with other tenants: no mails, fresh nodes. The clock stays where it is. */
  async reset(tenant = this.tenant): Promise<void> {
    const { world } = this;
    this.tenant = tenant;
    this.current = undefined;
    await world.testbed.stop();
    this.folder?.forgetNodes();
    this.archive.delete(this.archive.newestFirst);
    this.documents.clear();
    if (this.tenant) this.documents.put('tenant', this.tenant.text);
    this.changes = [];
    this.begunAt = this.clock.now();
    await this.begin();
  }

  /** Entra and Exchange as they began, byte for byte; nodes, mails and time stay as they are. */
  resetTenant(): void {
    const { microsoft, journal } = this.world.testbed;
    microsoft.reset();
    journal.record({ kind: 'world.changed', change: 'tenant.reset' });
    this.rememberMicrosoft();
  }

  /** What these tenants would be like, had this testbed begun with them. @throws TestbedError */
  beginningOf(tenant: TenantSource): ComparedState {
    const random = new Random(this.identity.seed).stream('microsoft');
    return beginningOf(tenant, { now: this.begunAt, random });
  }

  /** Ends every connection and closes every file. */
  async stop(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await this.frontDoor.close();
    await current?.testbed.stop();
    this.rememberTime();
    if (this.folder) this.folder.close();
    else {
      this.database.close();
      rmSync(join(this.rootsFile, '..'), { recursive: true, force: true });
    }
    this.clock.uninstall();
  }

  /** Network, faults and TLS begin healthy at each start, so what was changed there is changed again. */
  private async changeAgain(): Promise<void> {
    const kept = z.array(z.record(z.string(), z.unknown())).catch([]).parse(this.documents.get('changes'));
    for (const raw of kept) {
      const again = Object.fromEntries(Object.entries(raw).filter(([name]) => !isKeptInState(name)));
      if (Object.keys(again).length > 0) await this.change(again);
    }
  }

  /** Entra and Exchange as they are now: the next start goes on from there. */
  private rememberMicrosoft(): void {
    const { current } = this;
    if (current) this.documents.put('microsoft', current.testbed.microsoft.exportState());
  }

  private async begin(): Promise<void> {
    const { clock, identity, folder, settings } = this;
    const given = { ...defaultGiven(settings.deployment), clock: this.begunAt };
    const testbed = await Testbed.start({
      clock,
      seed: identity.seed,
      deployment: settings.deployment === 'standalone' ? standaloneDeployment() : sixNodeDeployment(),
      takesTime: false,
      secretEndsAt: this.begunAt + YEAR_MS,
      initialConfig: initialConfigOf(given, given.seed, mailboxOf(this.tenant)),
      lab: identity,
      exchangeSettings: settings.limits === 'none' ? WITHOUT_LIMITS : {},
      tenant: this.tenant,
      continued: readContinued(this.documents.get('microsoft'), this.documents.get('microsoft-seed')),
      onOnline: (online) => archiveInto(this.archive, online),
      listen: this.listen,
      ...(folder ? { nodeDatabase: (node) => folder.nodeDatabase(node) } : {}),
    });
    testbed.journal.subscribe((record) => {
      for (const listener of this.listeners) listener(record);
    });
    try {
      this.current = await ScenarioWorld.around(testbed, given);
    } catch (error) {
      await testbed.stop();
      throw error;
    }
    this.listen = portsOf(testbed, settings.host);
    if (this.tenant) this.documents.put('tenant', this.tenant.text);
    this.documents.put('microsoft-seed', testbed.microsoft.exportSeed());
    this.rememberMicrosoft();
    folder?.write(SECRET_FILE, `${this.clientSecret}\n`);
    this.rememberTime();
  }

  private rememberTime(): void {
    this.documents.put('time', { now: this.clock.now(), begunAt: this.begunAt });
  }
}

/** Where it listens now: there it has to listen after a reset too. */
function portsOf(testbed: Testbed, host: string): TestbedListen {
  const nodePorts = testbed.deployment.nodes.map(({ name }) => testbed.node(name).http.port);
  return { host, smtpPort: testbed.microsoft.smtp?.port ?? 0, nodePort: (index) => nodePorts[index] ?? 0 };
}

/** Actions whose effect is in the exported state of Entra and Exchange. */
function isKeptInState(action: string): boolean {
  return ['entra.', 'exchange.', 'graph.', 'mail.'].some((area) => action.startsWith(area));
}

/** What `rememberMicrosoft` wrote, and what that testbed had begun with. Folders of the first version have no seed. */
function readContinued(kept: unknown, keptSeed: unknown): { state: MicrosoftState; seed: MicrosoftState } | undefined {
  if (kept === undefined) return undefined;
  const state = microsoftStateSchema.safeParse(kept);
  const seed = microsoftStateSchema.safeParse(keptSeed ?? kept);
  if (state.success && seed.success) return { state: state.data, seed: seed.data };
  throw new UpError(
    'up.state-damaged',
    'what the data folder knows of the tenant cannot be read',
    'Use another folder.',
  );
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { sixNodeDeployment, standaloneDeployment } from '#libs/deployment';
import { defaultGiven, readActions, type ActionName } from '#libs/scenario';
import { RealClock, ScaledClock, type JournalRecord } from '#libs/simulation';
import { archiveInto, MailArchive } from '../mail-api/mail-archive.ts';
import { initialConfigOf } from '../run/initial-world.ts';
import { performAction } from '../run/perform-action.ts';
import { ScenarioWorld } from '../run/scenario-world.ts';
import type { MicrosoftState } from '../testbed/simulated-microsoft.ts';
import { Testbed, type TestbedListen } from '../testbed/testbed.ts';
import { WITHOUT_LIMITS } from '#mocks/exchange';
import { DataFolder } from './data-folder.ts';
import { Documents } from './documents.ts';
import { FrontDoor } from './front-door.ts';
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
  'data' | 'pace' | 'host' | 'httpsPort' | 'smtpPort' | 'nodePortBase' | 'nodeProtocol' | 'deployment' | 'limits'
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
  readonly rootsFile: string;

  private constructor(
    readonly settings: TestbedSettings,
    readonly clock: ScaledClock,
    readonly identity: LabIdentity,
    private readonly folder: DataFolder | undefined,
    private readonly database: DatabaseSync,
  ) {
    const { host, smtpPort, nodePortBase, nodeProtocol } = settings;
    this.listen = { host, smtpPort, nodeProtocol, nodePort: (index) => nodePortBase && nodePortBase + index };
    this.archive = new MailArchive(database);
    this.documents = new Documents(database);
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
   * Starts everything and listens.
   *
   * @throws UpError for a data folder that can't be used; the error of the socket for a port that is taken
   */
  static async start(settings: TestbedSettings): Promise<LiveTestbed> {
    const folder = settings.data === undefined ? undefined : DataFolder.open(settings.data);
    const database = folder?.database ?? new DatabaseSync(':memory:');
    // Time never goes back: where a jump ended, the next start goes on.
    const lastSeen = timeSchema.safeParse(new Documents(database).get('time')).data?.now ?? 0;
    const clock = ScaledClock.install({ startAt: Math.max(new RealClock().now(), lastSeen) });
    const testbed = new LiveTestbed(settings, clock, await labIdentity(folder), folder, database);
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

  /** Back to the beginning: same tenant, same secret, no mails, fresh nodes. The clock stays where it is. */
  async reset(): Promise<void> {
    const { world } = this;
    this.current = undefined;
    await world.testbed.stop();
    this.folder?.forgetNodes();
    this.archive.delete(this.archive.newestFirst);
    this.documents.clear();
    this.changes = [];
    this.begunAt = this.clock.now();
    await this.begin();
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
      initialConfig: initialConfigOf(given, given.seed),
      lab: identity,
      exchangeSettings: settings.limits === 'none' ? WITHOUT_LIMITS : {},
      microsoftState: readMicrosoftState(this.documents.get('microsoft')),
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
    this.listen = portsOf(testbed, settings);
    this.rememberMicrosoft();
    folder?.write(SECRET_FILE, `${this.clientSecret}\n`);
    this.rememberTime();
  }

  private rememberTime(): void {
    this.documents.put('time', { now: this.clock.now(), begunAt: this.begunAt });
  }
}

/** Where it listens now: there it has to listen after a reset too. */
function portsOf(testbed: Testbed, { host, nodeProtocol }: TestbedSettings): TestbedListen {
  const nodePorts = testbed.deployment.nodes.map(({ name }) => testbed.node(name).http.port);
  return {
    host,
    nodeProtocol,
    smtpPort: testbed.microsoft.smtp?.port ?? 0,
    nodePort: (index) => nodePorts[index] ?? 0,
  };
}

/** Actions whose effect is in the exported state of Entra and Exchange. */
function isKeptInState(action: string): boolean {
  return ['entra.', 'exchange.', 'graph.', 'mail.'].some((area) => action.startsWith(area));
}

/** What `rememberMicrosoft` wrote; the mocks check their own parts. */
function readMicrosoftState(kept: unknown): MicrosoftState | undefined {
  return kept === undefined ? undefined : (kept as MicrosoftState);
}

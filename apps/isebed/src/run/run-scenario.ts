import { performance } from 'node:perf_hooks';
import { TestbedError, type FailureDiagnosis } from '#libs/diagnosis';
import { TrafficLog } from '#libs/evidence';
import { renderGuestLogLine } from '#libs/node-log';
import type { Failure, Scenario, ScenarioResult, Step, StoryEntry } from '#libs/scenario';
import { VirtualClock, type Journal } from '#libs/simulation';
import { attemptExplainer, distinct } from './attempt-explainer.ts';
import { checkEnd, checkStep, type Observed } from './check-expectations.ts';
import { GivenNotMetError } from './given-not-met.error.ts';
import { disputedMails, mailsOfWrongNodes, type AddressBook, type LedgerMail } from './mail-ledger.ts';
import { performAction } from './perform-action.ts';
import { performClick } from './perform-click.ts';
import { ScenarioWorld } from './scenario-world.ts';
import { tellStep, type ExplainAttempt } from './story-teller.ts';
import type { TenantLookup } from './tenant-lookup.ts';

/** An administrator's pace: virtual time between two steps. */
const STEP_PACE_MS = 5_000;

/** Virtual time that a step waits for the mails it set off to get their first answer. */
const SETTLE_MS_MAX = 20 * 60_000;
const SETTLE_POLL_MS = 500;

/** Virtual time that nothing happened in, from which on the journal says so. */
const SKIP_MS_NOTED = 60_000;

/** Records that a failure may begin with, besides the submission of a mail. */
const OWN_BEGINNINGS = [
  'smtp-server.test-started',
  'smtp-server.save-refused',
  'mail.not-composed',
  'alarm.not-mailed',
  'alarm.delayed',
  'guests.no-primary-pan',
];

/** Lines of guest.log that a failed expectation shows. */
const LAST_LINES = 5;

/** A run's result, and what it left behind. */
export interface ScenarioRun {
  result: ScenarioResult;
  /** Absent when the testbed did not even start. */
  world: ScenarioWorld | undefined;
  /** Absent when it was not to be recorded. */
  traffic: TrafficLog | undefined;
  /** What the Microsoft side was like when something failed, oldest first. */
  lookups: readonly TenantLookup[];
}

export interface RunOptions {
  /** Default: the one of the file. */
  seed?: number | undefined;
  /** Keep all traffic, for a capture and transcripts. */
  recordTraffic?: boolean;
}

/** Runs one scenario in virtual time, in this thread. */
export async function runScenario(scenario: Scenario, options: RunOptions = {}): Promise<ScenarioRun> {
  const { seed = scenario.given.seed, recordTraffic = false } = options;
  const startedAt = performance.now();
  const run = new ScenarioExecution(scenario, seed, recordTraffic);
  const broken = await run.execute();
  const wallMs = Math.round(performance.now() - startedAt);
  return { result: run.result(wallMs, broken), world: run.world, traffic: run.traffic, lookups: run.lookups };
}

class ScenarioExecution {
  world: ScenarioWorld | undefined;
  traffic: TrafficLog | undefined;
  readonly lookups: TenantLookup[] = [];
  private readonly failures: Failure[] = [];
  private readonly story: StoryEntry[] = [];
  private readonly diagnoses: FailureDiagnosis[] = [];
  /** The steps so far, each with the length of the journal when it began. */
  private readonly begun: { step: Step; from: number }[] = [];
  private endedAt: number;

  constructor(
    private readonly scenario: Scenario,
    private readonly seed: number,
    private readonly recordTraffic: boolean,
  ) {
    this.endedAt = scenario.given.clock;
  }

  /** Resolves with the error that broke the run down, if one did. */
  async execute(): Promise<unknown> {
    try {
      const options = {
        startAt: this.scenario.given.clock,
        onSkip: (from: number, to: number) => this.noteSkip(to - from),
      };
      await VirtualClock.run(options, async (clock) => {
        if (this.recordTraffic) this.traffic = new TrafficLog(clock);
        const world = await ScenarioWorld.start(this.scenario, this.seed, clock, this.traffic);
        this.world = world;
        try {
          await world.prepare();
          this.tellStart(world);
          for (const step of this.scenario.steps) {
            await clock.sleep(STEP_PACE_MS);
            await this.take(step, world);
          }
          this.checkWholeRun(world);
        } finally {
          this.endedAt = clock.now();
          // What follows is the end of the testbed, not of the scenario.
          this.traffic?.end();
          await world.testbed.stop();
        }
      });
      return undefined;
    } catch (error) {
      if (error instanceof GivenNotMetError) {
        this.failures.push({
          expected: 'a world as `given` describes it',
          actual: `${error.message}. ${error.detail.remedy}`,
        });
        return undefined;
      }
      return error ?? new Error('unknown error');
    }
  }

  result(wallMs: number, broken: unknown): ScenarioResult {
    const { name, file, tags } = this.scenario;
    if (broken !== undefined) {
      const actual =
        broken instanceof Error ? (broken.stack ?? broken.message) : 'something was thrown that is no error';
      this.failures.push({ expected: 'a run that comes to its end', actual: this.withoutSecrets(actual) });
    }
    return {
      name,
      file,
      seed: this.seed,
      tags,
      outcome: broken !== undefined ? 'error' : this.failures.length > 0 ? 'failed' : 'passed',
      virtualMs: this.endedAt - this.scenario.given.clock,
      wallMs,
      journalSha256: this.world?.testbed.journal.sha256() ?? '',
      diagnosis: distinct(this.diagnoses).map(({ verdict, ...diagnosis }) => ({ ...diagnosis, certainty: verdict })),
      failures: this.failures,
      story: this.story,
      replayCommand: `npx isebed run ${quoted(file)} --seed ${this.seed}`,
    };
  }

  private noteSkip(ms: number): void {
    if (ms >= SKIP_MS_NOTED) this.world?.testbed.journal.record({ kind: 'time.skipped', ms });
  }

  private tellStart({ given, testbed }: ScenarioWorld): void {
    const count = testbed.deployment.nodes.length;
    const settings = given.smtpSettings.kind === 'none' ? 'no SMTP settings' : 'SMTP settings tested and saved';
    const tenant = given.tenant.kind === 'empty' ? ', an empty tenant' : '';
    this.story.push({
      at: new Date(given.clock).toISOString(),
      label: 'start',
      outcome: `${count === 1 ? 'one standalone node' : `${count} nodes`}, ${settings}${tenant}`,
      details: [],
    });
  }

  private async take(step: Step, world: ScenarioWorld): Promise<void> {
    const { clock, journal } = world.testbed;
    const startedAt = clock.timestamp();
    const from = journal.records.length;
    this.begun.push({ step, from });
    if (step.kind === 'explain') return this.explain(step, journal);
    const gui = await this.carryOut(step, world);
    await settle(world);
    const records = journal.records.slice(from);
    const mails = world.ledger.read().filter(({ lastSeq }) => lastSeq > from);
    const explain = attemptExplainer(world.testbed, this.lookups);
    this.story.push(...tellStep({ step, startedAt, gui, mails, records }, journal.records, explain));
    this.noteDiagnoses(records, mails, explain);
    if (step.kind === 'click' && step.gui !== undefined && step.gui !== gui) {
      this.fail(step, { expected: `the page shows "${step.gui}"`, actual: `it shows "${gui ?? ''}"` }, journal);
    }
    for (const failure of checkStep(step, observed(world, records, mails))) this.fail(step, failure, journal);
  }

  /** What the world refuses (a service principal that is not there …) is the scenario's failure, not a breakdown. */
  private async carryOut(step: Exclude<Step, { kind: 'explain' }>, world: ScenarioWorld): Promise<string | undefined> {
    try {
      return await perform(step, world);
    } catch (error) {
      if (!(error instanceof TestbedError)) throw error;
      const actual = `${error.message}. ${error.detail.remedy}`;
      this.fail(step, { expected: 'a step that can be carried out', actual }, world.testbed.journal);
      return undefined;
    }
  }

  private explain(step: Extract<Step, { kind: 'explain' }>, journal: Journal): void {
    const latest = this.diagnoses.at(-1);
    if (latest?.code === step.code) return;
    const actual = latest ? `it is explained by ${latest.code}: ${latest.cause}` : 'nothing has failed so far';
    this.fail(step, { expected: `the latest failure is explained by ${step.code}`, actual }, journal);
  }

  private noteDiagnoses(records: Observed['records'], mails: readonly LedgerMail[], explain: ExplainAttempt): void {
    const attempts = [
      ...records.filter(({ kind }) => OWN_BEGINNINGS.includes(kind)).map(({ seq }) => seq),
      // A delivered one too: it may have bounced, which no node sees.
      ...mails.flatMap(({ lastAttempt }) => lastAttempt ?? []),
    ];
    for (const attempt of attempts) {
      const diagnosis = explain(attempt);
      if (diagnosis) this.diagnoses.push(diagnosis);
    }
  }

  /** What must hold in any run, and what this scenario expects of the whole of it. */
  private checkWholeRun(world: ScenarioWorld): void {
    const { journal } = world.testbed;
    const mails = world.ledger.read();
    for (const { id, type, from, firstSeq, rightfulSenders: owners } of mailsOfWrongNodes(mails)) {
      this.failures.push({
        ...this.stepAt(firstSeq),
        expected: `mail of type ${type} comes from ${owners.join(' or ')}, whose duty it is`,
        actual: `${from} sent ${id}`,
      });
    }
    for (const { id, outcome } of disputedMails(journal.records, mails)) {
      this.failures.push({
        expected: 'node and Exchange agree on what was accepted',
        actual: `${id} is ${outcome} for the node`,
      });
    }
    this.failures.push(...checkEnd(this.scenario.expect, observed(world, journal.records, mails)));
  }

  /** The step during which the journal got this record. */
  private stepAt(seq: number): Pick<Failure, 'line' | 'step'> {
    const step = this.begun.findLast(({ from }) => from < seq)?.step;
    return step ? { line: step.line, step: step.text } : {};
  }

  private fail(step: Step, failure: Failure, journal: Journal): void {
    const lines = journal.records.filter(({ kind }) => kind === 'guest.log').slice(-LAST_LINES);
    this.failures.push({ line: step.line, step: step.text, lastLines: lines.map(renderGuestLogLine), ...failure });
  }

  private withoutSecrets(text: string): string {
    const secrets = this.world?.secretValues() ?? [];
    return secrets.reduce((cleaned, secret) => cleaned.replaceAll(secret, '********'), text);
  }
}

/** As a shell takes it for one word. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** Does what the step says; resolves with what a page shows, for a click. */
async function perform(step: Exclude<Step, { kind: 'explain' }>, world: ScenarioWorld): Promise<string | undefined> {
  const { testbed } = world;
  const { clock } = testbed;
  switch (step.kind) {
    case 'do':
    case 'break':
    case 'mend':
      for (const action of step.actions) await performAction(action, world);
      return undefined;
    case 'click':
      return performClick(step, world);
    case 'raise':
      for (let raised = 0; raised < step.times; raised += 1) {
        if (raised > 0) await clock.sleep(step.everyMs);
        await testbed.api(step.on).succeed('POST', 'alarms', { name: step.alarmName });
      }
      return undefined;
    case 'wait':
      await clock.sleep(step.until === undefined ? step.durationMs : Math.max(step.until - clock.now(), 0));
      return undefined;
  }
}

/** Waits until no mail is without a first answer, and replication has had time to arrive. */
async function settle({ ledger, testbed: { clock } }: ScenarioWorld): Promise<void> {
  const deadline = clock.now() + SETTLE_MS_MAX;
  do {
    await clock.sleep(SETTLE_POLL_MS);
  } while (clock.now() < deadline && ledger.isAnyPending);
}

function observed(
  { given, testbed }: ScenarioWorld,
  records: Observed['records'],
  mails: readonly LedgerMail[],
): Observed {
  const settings = testbed.rack.informed?.context.settings;
  const addresses: AddressBook = {
    guest: settings?.guests.map(({ emailAddress }) => emailAddress) ?? [],
    sponsor: given.sponsors.map(({ emailAddress }) => emailAddress),
    admins: settings?.adminUsers.flatMap(({ emailAddress }) => emailAddress ?? []) ?? [],
  };
  const bodyOf = ({ id }: LedgerMail): string => {
    const stored = testbed.microsoft.online.messages.find(({ messageId }) => messageId.startsWith(`<${id}@`));
    return stored?.raw.toString('utf8') ?? '';
  };
  return { records, mails, addresses, bodyOf };
}

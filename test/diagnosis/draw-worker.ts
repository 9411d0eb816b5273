import 'reflect-metadata';
import { parentPort } from 'node:worker_threads';
import { explainAttempt, type Explanation } from '#libs/diagnosis';
import { readScenario } from '#libs/scenario';
import { fieldText, type JournalRecord } from '#libs/simulation';
// eslint-disable-next-line no-restricted-imports -- the composition root is a program and has no index.ts
import type { runScenario } from '../../apps/isebed/src/run/run-scenario.ts';
// eslint-disable-next-line no-restricted-imports -- as above
import type { lookUpTenant } from '../../apps/isebed/src/testbed/look-up-tenant.ts';
import { drawOf, type DrawnAttempt, type DrawTask } from './draw.ts';

/** What the engine made of one attempt. */
export interface Judged {
  code: string | undefined;
  /** Where it failed; undefined: it did not. */
  step: string | undefined;
  /** From what the nodes saw alone, and with the tenant as its administrator finds it. */
  alone: Opinion;
  withTenant: Opinion;
}

export interface Opinion {
  verdict: Explanation['verdict'];
  codes: string[];
}

export interface TaskResult {
  task: DrawTask;
  judged: Judged[];
  /** Why the draw came to nothing. */
  trouble?: string;
}

interface Programs {
  runScenario: typeof runScenario;
  lookUpTenant: typeof lookUpTenant;
}

const BUILT = new URL('../../dist/apps/isebed/src/', import.meta.url).href;
const programs: Programs = {
  ...(await import(`${BUILT}run/run-scenario.js`)),
  ...(await import(`${BUILT}testbed/look-up-tenant.js`)),
};

parentPort?.on('message', (task: DrawTask) => {
  void judge(task).then((result) => parentPort?.postMessage(result));
});

async function judge(task: DrawTask): Promise<TaskResult> {
  const { scenario: raw, attempts } = drawOf(task);
  const { scenario, mistakes } = readScenario('draw.yaml', JSON.stringify(raw));
  if (!scenario)
    return { task, judged: [], trouble: mistakes.map(({ message, expected }) => `${message}: ${expected}`).join('; ') };
  const judged: Judged[] = [];
  const ends = attempts.length > 0 ? attempts.map(({ end }) => end) : [scenario.steps.length];
  for (const [index, end] of ends.entries()) {
    // The tenant is to be looked up as it is when the attempt fails: the same beginning gives the same journal.
    const { result, world } = await programs.runScenario({ ...scenario, steps: scenario.steps.slice(0, end) });
    const failed = result.failures[0];
    if (failed || !world)
      return { task, judged, trouble: failed ? `${failed.expected}: ${failed.actual}` : 'no world' };
    const { records } = world.testbed.journal;
    const microsoft = programs.lookUpTenant(world.testbed.microsoft);
    const attempt = attempts[index];
    for (const seq of attempt ? lastAttempt(records, attempt) : allAttempts(records)) {
      const alone = explainAttempt(records, seq);
      judged.push({
        code: attempt?.code,
        step: alone.symptom?.step,
        alone: opinion(alone),
        withTenant: opinion(explainAttempt(records, seq, { microsoft })),
      });
    }
  }
  return { task, judged };
}

function opinion({ verdict, causes }: Explanation): Opinion {
  return { verdict, codes: causes.map(({ code }) => code) };
}

function lastAttempt(records: readonly JournalRecord[], { kind, mailType, subject, record }: DrawnAttempt): number[] {
  const last = (found: JournalRecord | undefined): number[] => (found ? [found.seq] : []);
  if (kind === 'test') return last(records.findLast((one) => one.kind === 'smtp-server.test-started'));
  if (record !== undefined && record !== 'mail.attempted') return last(records.findLast((one) => one.kind === record));
  const composed = records.findLast(
    (one) =>
      one.kind === 'mail.composed' &&
      (mailType === undefined || one['type'] === mailType) &&
      (subject === undefined || fieldText(one, 'subject').endsWith(subject)),
  );
  return last(records.find((one) => one.kind === 'mail.attempted' && one['mail'] === composed?.['mail']));
}

function allAttempts(records: readonly JournalRecord[]): number[] {
  return records
    .filter(({ kind }) => kind === 'mail.attempted' || kind === 'smtp-server.test-started')
    .map(({ seq }) => seq);
}

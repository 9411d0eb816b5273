import { parentPort } from 'node:worker_threads';
import { ROOT_CAUSE_CODES, InvariantError } from '#libs/diagnosis';
import { loadScenarioFile } from '#libs/scenario';
import { runScenario, type ScenarioRun } from './run-scenario.ts';
import type { EvidencePlan, ScenarioTask, TaskAnswer } from './scenario-task.ts';
import { EvidenceError, writeEvidence } from './write-evidence.ts';

/** A worker thread: runs one scenario at a time, each with a deployment and a clock of its own. */
const port = parentPort;
if (!port) throw new InvariantError('scenario-worker is not the main module of a worker thread');

port.on('message', (task: ScenarioTask) => {
  void answer(task).then((result) => port.postMessage(result));
});

async function answer({ file, seed, evidence }: ScenarioTask): Promise<TaskAnswer> {
  const { scenario } = loadScenarioFile(file, { catalogueCodes: ROOT_CAUSE_CODES });
  if (!scenario) throw new InvariantError(`${file} was valid a moment ago`);
  const run = await runScenario(scenario, { seed, recordTraffic: evidence !== undefined });
  const isWanted = evidence?.when === 'always' || run.result.outcome !== 'passed';
  return evidence && isWanted ? withEvidence(run, evidence) : { result: run.result };
}

/** A full disk must not hide what the run came to. */
function withEvidence(run: ScenarioRun, { folder }: EvidencePlan): TaskAnswer {
  try {
    writeEvidence(run, folder);
    return { result: { ...run.result, evidence: folder } };
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    return { result: run.result, complaint: `${error.message}. ${error.detail.remedy}` };
  }
}

import { parentPort } from 'node:worker_threads';
import { ROOT_CAUSE_CODES, InvariantError } from '#libs/diagnosis';
import { loadScenarioFile } from '#libs/scenario';
import { runScenario } from './run-scenario.ts';
import type { ScenarioTask, TaskAnswer } from './scenario-task.ts';
import { writeEvidence } from './write-evidence.ts';

/** A worker thread: runs one scenario at a time, each with a deployment and a clock of its own. */
const port = parentPort;
if (!port) throw new InvariantError('scenario-worker is not the main module of a worker thread');

port.on('message', (task: ScenarioTask) => {
  void answer(task).then((result) => port.postMessage(result));
});

async function answer({ file, seed, out }: ScenarioTask): Promise<TaskAnswer> {
  const { scenario } = loadScenarioFile(file, { catalogueCodes: ROOT_CAUSE_CODES });
  if (!scenario) throw new InvariantError(`${file} was valid a moment ago`);
  const run = await runScenario(scenario, { seed, recordTraffic: true });
  if (out !== undefined) writeEvidence(run, out);
  return { result: run.result };
}

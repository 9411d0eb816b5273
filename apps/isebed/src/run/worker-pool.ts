import { Worker } from 'node:worker_threads';
import type { ScenarioTask, TaskAnswer } from './scenario-task.ts';

const WORKER_MODULE = new URL('./scenario-worker.js', import.meta.url);

/**
 * Runs the tasks on `jobs` worker threads, those that wait longest first, so that none of them is left to the end. Hands
 * the answers over in the order of the tasks. Ends early when `signal` is aborted.
 */
export async function runOnWorkers(
  tasks: readonly ScenarioTask[],
  jobs: number,
  onAnswer: (answer: TaskAnswer) => void,
  signal: AbortSignal,
): Promise<void> {
  const answers: (TaskAnswer | undefined)[] = tasks.map(() => undefined);
  const queue = tasks.map((task, index) => ({ task, index })).sort((a, b) => b.task.waitedMs - a.task.waitedMs);
  let told = 0;
  const work = async (): Promise<void> => {
    const worker = new Worker(WORKER_MODULE);
    const end = (): void => void worker.terminate();
    signal.addEventListener('abort', end);
    try {
      for (let begun = queue.shift(); begun && !signal.aborted; begun = queue.shift()) {
        const { task, index } = begun;
        answers[index] = await runOn(worker, task);
        for (let answer = answers[told]; answer; answer = answers[told]) {
          onAnswer(answer);
          told += 1;
        }
      }
    } finally {
      signal.removeEventListener('abort', end);
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, work));
}

function runOn(worker: Worker, task: ScenarioTask): Promise<TaskAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      action();
    };
    const onMessage = (answer: TaskAnswer): void => settle(() => resolve(answer));
    const onError = (error: unknown): void =>
      settle(() => reject(error instanceof Error ? error : new Error(String(error))));
    const onExit = (): void => settle(() => reject(new WorkerEndedError()));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.postMessage(task);
  });
}

/** The worker thread was ended before it answered. */
export class WorkerEndedError extends Error {
  constructor() {
    super('the worker thread ended before its scenario did');
  }
}

import { Worker } from 'node:worker_threads';
import type { DrawTask } from './draw.ts';
import type { TaskResult } from './draw-worker.ts';

/** Judges the tasks on worker threads; the results are in the order of the tasks. */
export async function judgeAll(tasks: readonly DrawTask[], jobs: number): Promise<TaskResult[]> {
  const results: TaskResult[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./draw-worker.ts', import.meta.url));
    try {
      for (let index = next++; index < tasks.length; index = next++) {
        const task = tasks[index];
        if (task) results[index] = await judgedBy(worker, task);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, work));
  return results;
}

function judgedBy(worker: Worker, task: DrawTask): Promise<TaskResult> {
  return new Promise((resolve, reject) => {
    const onMessage = (result: TaskResult): void => {
      worker.off('error', onError);
      resolve(result);
    };
    const onError = (error: unknown): void => {
      worker.off('message', onMessage);
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    worker.once('message', onMessage);
    worker.once('error', onError);
    worker.postMessage(task);
  });
}

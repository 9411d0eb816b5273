import { z } from 'zod';
import { refusals, type GraphRefusal } from './graph-refusal.ts';
import { readBody } from './request-body.ts';

/** Requests in one batch (public documentation of JSON batching). */
const STEPS_MAX = 20;

const WRITES = ['POST', 'PATCH', 'PUT'];

const batchSchema = z.object({
  requests: z
    .array(
      z.object({
        id: z.string().min(1),
        method: z.string().min(1),
        url: z.string().min(1),
        headers: z.record(z.string(), z.string()).optional(),
        body: z.json().optional(),
        dependsOn: z.array(z.string()).optional(),
      }),
    )
    .min(1),
});

/** One request of a batch; IDs count whatever the case. */
export interface BatchStep {
  id: string;
  method: string;
  /** Below the version, with or without a leading slash; perhaps with a query. */
  url: string;
  headers: Readonly<Record<string, string>>;
  /** As it would stand in a request of its own. */
  body: string;
  dependsOn: readonly string[];
}

/** What became of one request; `body` is absent where there is none. */
export interface BatchAnswer {
  id: string;
  status: number;
  headers: Readonly<Record<string, string>>;
  body?: unknown;
}

/**
 * The requests of a `$batch`, or why the batch as a whole is refused: more than twenty, an ID twice, a write without
 * body or Content-Type, a dependency on what does not come before. The texts but for the write's and the beginning of the
 * dependency's are ours.
 */
export function readBatch(text: string): { kind: 'read'; steps: readonly BatchStep[] } | GraphRefusal {
  const read = readBody(text, batchSchema, 'batch');
  if (read.kind === 'refused') return read;
  const { requests } = read.value;
  if (requests.length > STEPS_MAX) {
    return refusals.badBatch(`Number of batch request steps exceeds the max value of ${STEPS_MAX}.`);
  }
  const steps: BatchStep[] = [];
  for (const { id, method, url, headers = {}, body, dependsOn = [] } of requests) {
    const isKnown = (wanted: string): boolean => steps.some((step) => isSameId(step.id, wanted));
    if (isKnown(id)) return refusals.badBatch(`Request Id : ${id} is not unique in this batch.`);
    if (!dependsOn.every(isKnown)) return refusals.badBatch(`Invalid dependency for request Id : ${id}.`);
    const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
    if (WRITES.includes(method.toUpperCase()) && (!hasType || body === undefined)) {
      return refusals.badBatch(`Write request id : ${id} does not contain Content-Type header or body.`);
    }
    const written = body === undefined ? '' : JSON.stringify(body);
    steps.push({ id, method: method.toUpperCase(), url, headers, body: written, dependsOn });
  }
  return { kind: 'read', steps };
}

/**
 * One after the other, in the order of the batch; what depends on a request that failed is not tried.
 * Simplified: requests that depend on nothing run at once in the real service, and their answers come in any order.
 */
export function answerBatch(
  steps: readonly BatchStep[],
  answer: (step: BatchStep) => BatchAnswer,
  notTried: (step: BatchStep) => BatchAnswer,
): BatchAnswer[] {
  const answers: BatchAnswer[] = [];
  for (const step of steps) {
    const hasFailed = (id: string): boolean => answers.some((one) => isSameId(one.id, id) && one.status >= 400);
    answers.push(step.dependsOn.some(hasFailed) ? notTried(step) : answer(step));
  }
  return answers;
}

function isSameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

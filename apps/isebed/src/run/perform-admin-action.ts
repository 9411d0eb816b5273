import { TestbedError } from '#libs/diagnosis';
import type { AdminAction, ExpectedRefusal } from '#libs/scenario';
import { pick, type AdminAnswer } from '#libs/tenant-admin';
import type { ScenarioWorld } from './scenario-world.ts';

/**
 * Sends what the administrator sends, and notes down what the step wants noted of the answer.
 *
 * @throws TestbedError when a service refuses what it was to do, does what it was to refuse, or leaves out what is noted
 */
export async function performAdminAction(action: AdminAction, world: ScenarioWorld): Promise<void> {
  const { workstation } = world.testbed;
  const isGraph = action.name === 'graph.request';
  const answer = isGraph ? await workstation.graph(action) : await workstation.invoke(action);
  const what = isGraph ? `${action.method} ${action.path}` : action.cmdlet;
  if (action.refused) return requireRefusal(what, answer, action.refused);
  if (answer.kind === 'refused') throw refusalOf(what, answer);
  for (const [name, path] of Object.entries(action.note ?? {})) world.note(name, noted(what, answer.body, path));
  if (isGraph && action.noteSecret !== undefined) {
    const [id, value] = [noted(what, answer.body, 'keyId'), noted(what, answer.body, 'secretText')];
    world.noteSecret(action.noteSecret, { id, value });
  }
}

type Refused = Extract<AdminAnswer, { kind: 'refused' }>;

function refusalOf(what: string, refused: Refused): TestbedError {
  return new TestbedError('scenario.request-refused', `${what} was refused: ${worded(refused)}`, {
    remedy: 'Correct the step, or expect this with `refused`',
  });
}

function requireRefusal(what: string, answer: AdminAnswer, { status, code = '', text = '' }: ExpectedRefusal): void {
  const isAsExpected =
    answer.kind === 'refused' &&
    (status === undefined || answer.status === status) &&
    answer.code.includes(code) &&
    answer.text.includes(text);
  if (isAsExpected) return;
  const actual = answer.kind === 'refused' ? `refused otherwise: ${worded(answer)}` : `done (${answer.status})`;
  throw new TestbedError('scenario.refusal-missing', `${what} was ${actual}`, {
    remedy: `\`refused\` expects ${[status, code, text].filter((part) => part !== undefined && part !== '').join(' ') || 'a refusal'}`,
  });
}

function worded({ status, code, text }: Refused): string {
  return [status, code, text.replace(/\.$/, '')].filter((part) => part !== '').join(' ');
}

function noted(what: string, body: unknown, path: string): string {
  const found = pick(body, path);
  if (found !== undefined) return found;
  const names = typeof body === 'object' && body !== null ? Object.keys(body) : [];
  throw new TestbedError('scenario.nothing-to-note', `the answer to ${what} has no "${path}"`, {
    remedy: names.length === 0 ? 'It has no content at all' : `It has ${names.join(', ')}`,
  });
}

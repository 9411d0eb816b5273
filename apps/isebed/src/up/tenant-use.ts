import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { reasonOf } from '#libs/scenario';
import { callApi, type ApiAccess } from './api-client.ts';
import type { NodeAdmin } from '../testbed/lab-admin.ts';
import type * as tenantFiles from './tenant-files.ts';
import { UpError } from './up.error.ts';

const comparisonSchema = z.object({
  equal: z.boolean(),
  differences: z.array(z.looseObject({ text: z.string() })),
});
const refusalSchema = z.object({
  message: z.union([z.string(), z.array(z.string())]),
  remedy: z.string().default('Correct what was sent.'),
});
const begunSchema = z.object({ tenantId: z.string() });

export interface TenantUseOptions {
  /** The running testbed's API. */
  api: ApiAccess;
  /** Who may see the values of secrets, and begin with other tenants. */
  administrator: NodeAdmin;
  json: boolean;
  print: (text: string) => void;
  /** Gives what reads files: it takes a while to load, and not everything needs it. */
  files: () => Promise<Pick<typeof tenantFiles, 'compareFiles' | 'sourceOf'>>;
}

/** What `isebed tenant` does. Everything that fails is an `UpError`. */
export class TenantUse {
  constructor(private readonly options: TenantUseOptions) {}

  /** `out` names a file; without one it is printed. */
  async exportState({ out, withSecrets }: Readonly<Record<string, string | true | undefined>>): Promise<void> {
    const { json, print } = this.options;
    const state = await this.call('GET', '', { asAdministrator: withSecrets === true });
    const text = `${json ? JSON.stringify(state) : JSON.stringify(state, null, 2)}\n`;
    if (typeof out !== 'string') return print(text);
    try {
      writeFileSync(out, text, { mode: 0o600 });
    } catch (cause) {
      throw new UpError('up.not-written', `${out}: ${reasonOf(cause)}`, 'Name a file that can be written.', cause);
    }
  }

  /** Resolves with whether they are equal. */
  async compare(a: string | undefined, b: string | undefined): Promise<boolean> {
    const { json, print } = this.options;
    const { equal, differences } =
      a !== undefined && b !== undefined
        ? (await this.options.files()).compareFiles(a, b)
        : comparisonSchema.parse(
            await this.call('POST', '/compare', {
              body: a === undefined ? undefined : (await this.options.files()).sourceOf(a).text,
            }),
          );
    if (json) print(`${JSON.stringify({ equal, differences })}\n`);
    else print(equal ? 'no difference\n' : differences.map(({ text }) => `${text}\n`).join(''));
    return equal;
  }

  async apply(file: string): Promise<void> {
    const body = (await this.options.files()).sourceOf(file).text;
    this.begun(await this.call('PUT', '', { body, asAdministrator: true }));
  }

  async reset(): Promise<void> {
    this.begun(await this.call('POST', '/reset'));
  }

  /** @throws UpError when no testbed answers, or it refuses */
  private async call(
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    { body, asAdministrator = false }: { body?: string | undefined; asAdministrator?: boolean } = {},
  ): Promise<unknown> {
    const { api, administrator } = this.options;
    const access = asAdministrator ? { ...api, administrator } : api;
    const { status, body: text } = await callApi(access, method, `isebed/v1/tenant${path}`, body);
    const answer = parsed(text);
    if (status < 300 && answer !== undefined) return answer;
    const refusal = refusalSchema.safeParse(answer).data;
    if (refusal) throw new UpError('up.refused', [refusal.message].flat().join('\n'), refusal.remedy);
    throw new UpError(
      'up.not-running',
      `port ${api.port} is not the API of a testbed`,
      'Say where it is with --api-port.',
    );
  }

  private begun(answer: unknown): void {
    const { tenantId } = begunSchema.parse(answer);
    const { json, print } = this.options;
    print(json ? `${JSON.stringify({ tenantId })}\n` : `tenant ID ${tenantId}\n`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

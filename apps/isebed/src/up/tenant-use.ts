import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { reasonOf } from '#libs/scenario';
import { callTenantApi } from './tenant-client.ts';
import type * as tenantFiles from './tenant-files.ts';
import { UpError } from './up.error.ts';

const comparisonSchema = z.object({
  equal: z.boolean(),
  differences: z.array(z.looseObject({ text: z.string() })),
});
const begunSchema = z.object({ tenantId: z.string() });

export interface TenantUseOptions {
  /** Of the running testbed's API. */
  port: number;
  json: boolean;
  print: (text: string) => void;
  /** Gives what reads files: it takes a while to load, and not everything needs it. */
  files: () => Promise<Pick<typeof tenantFiles, 'compareFiles' | 'sourceOf'>>;
}

/** What `isebed tenant` does. Everything that fails is an `UpError`. */
export class TenantUse {
  constructor(private readonly options: TenantUseOptions) {}

  async exportState({ out, withSecrets = false }: { out?: string; withSecrets?: boolean }): Promise<void> {
    const { port, json, print } = this.options;
    const state = await callTenantApi({ port, method: 'GET', asAdministrator: withSecrets });
    const text = `${json ? JSON.stringify(state) : JSON.stringify(state, null, 2)}\n`;
    if (out === undefined) return print(text);
    try {
      writeFileSync(out, text, { mode: 0o600 });
    } catch (cause) {
      throw new UpError('up.not-written', `${out}: ${reasonOf(cause)}`, 'Name a file that can be written.', cause);
    }
  }

  /** Resolves with whether they are equal. */
  async compare(a: string | undefined, b: string | undefined): Promise<boolean> {
    const { port, json, print } = this.options;
    const { equal, differences } =
      a !== undefined && b !== undefined
        ? (await this.options.files()).compareFiles(a, b)
        : comparisonSchema.parse(
            await callTenantApi({
              port,
              method: 'POST',
              path: '/compare',
              ...(a === undefined ? {} : { body: (await this.options.files()).sourceOf(a).text }),
            }),
          );
    if (json) print(`${JSON.stringify({ equal, differences })}\n`);
    else print(equal ? 'no difference\n' : differences.map(({ text }) => `${text}\n`).join(''));
    return equal;
  }

  async apply(file: string): Promise<void> {
    const body = (await this.options.files()).sourceOf(file).text;
    this.begun(await callTenantApi({ port: this.options.port, method: 'PUT', body, asAdministrator: true }));
  }

  async reset(): Promise<void> {
    this.begun(await callTenantApi({ port: this.options.port, method: 'POST', path: '/reset' }));
  }

  private begun(answer: unknown): void {
    const { tenantId } = begunSchema.parse(answer);
    const { json, print } = this.options;
    print(json ? `${JSON.stringify({ tenantId })}\n` : `tenant ID ${tenantId}\n`);
  }
}

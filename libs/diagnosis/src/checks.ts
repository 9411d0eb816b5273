import { MICROSOFT_CHECKS } from './microsoft-checks.ts';
import { NODE_CHECKS } from './node-checks.ts';

/** Something that an administrator can look up or try, and that tells one cause from its rivals. */
export interface Check {
  /**
   * Page, cmdlet, query or command, the same in every language; `{mailbox}`, `{clientId}`, `{host}`, `{smtp}` and
   * `{openssl …}` stand for the case's (`check-text.ts`).
   */
  ask: string;
  /** What the answer means. */
  tells: { en: string; de: string; es: string };
}

export const CHECKS = { ...NODE_CHECKS, ...MICROSOFT_CHECKS } satisfies Record<string, Check>;

export type CheckId = keyof typeof CHECKS;

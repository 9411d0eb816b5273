import { MICROSOFT_CHECKS } from './microsoft-checks.ts';
import { NODE_CHECKS } from './node-checks.ts';

/** Something that an administrator can look up or try, and that tells one cause from its rivals. */
export interface Check {
  /**
   * Page, cmdlet, query or command, the same in every language; `{mailbox}`, `{clientId}` and `{host}` stand for the
   * case's.
   */
  ask: string;
  /** What the answer means. */
  tells: { en: string; de: string; es: string };
}

export const CHECKS = { ...NODE_CHECKS, ...MICROSOFT_CHECKS } satisfies Record<string, Check>;

export type CheckId = keyof typeof CHECKS;

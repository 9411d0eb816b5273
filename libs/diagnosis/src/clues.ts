import type { Clue } from './clue.ts';
import { ISE_CLUES } from './ise-clues.ts';
import { TOKEN_CLUES } from './token-clues.ts';
import { WAY_CLUES } from './way-clues.ts';

export const CLUES = { ...ISE_CLUES, ...WAY_CLUES, ...TOKEN_CLUES } satisfies Record<string, Clue>;

export type ClueId = keyof typeof CLUES;

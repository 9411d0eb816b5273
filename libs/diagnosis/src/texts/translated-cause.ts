import type { CauseFacts } from '../root-cause.ts';

/** Cause and remedy of a root cause as functions of the case. */
export interface CauseTexts {
  cause: (facts: CauseFacts) => string;
  remedy: (facts: CauseFacts) => string;
}

/**
 * Cause and remedy in another language. `{host|der Server}` stands for a fact of the case, with the words to use where it
 * is not known (none: the space before goes, too); `{actual.short|…}` for the first group of a GUID.
 * What stands in brackets is left out where a fact within is not known.
 */
export interface TranslatedCause {
  cause: string;
  remedy: string;
  /** The remedy where it is the clock of the node that is wrong. */
  remedyIfSkewed?: string;
}

/** The templates of a language as texts. */
export function textsOf(causes: Readonly<Record<string, TranslatedCause>>): Record<string, CauseTexts> {
  return Object.fromEntries(
    Object.entries(causes).map(([code, { cause, remedy, remedyIfSkewed }]): [string, CauseTexts] => [
      code,
      {
        cause: (facts) => filled(cause, facts),
        remedy: (facts) => filled(facts.skew && remedyIfSkewed ? remedyIfSkewed : remedy, facts),
      },
    ]),
  );
}

function filled(template: string, facts: CauseFacts): string {
  const values = new Map<string, unknown>(Object.entries(facts));
  const told = template.replaceAll(/\[([^\]]*)\]/g, (_whole, clause: string) =>
    [...clause.matchAll(/\{(\w+)/g)].every(([, name = '']) => values.has(name)) ? clause : '',
  );
  return told.replaceAll(
    /( ?)\{(\w+)(\.short)?\|([^}]*)\}/g,
    (_whole, space: string, name: string, short: unknown, unknown: string) => {
      const value = values.get(name);
      if (typeof value !== 'string') return unknown && space + unknown;
      return space + (short === undefined ? value : (value.split('-')[0] ?? value));
    },
  );
}

import { readFileSync } from 'node:fs';
import { loadScenarioFile, type Scenario } from '#libs/scenario';
import type { CommandContext } from './command-context.ts';
import { findFiles } from './scenario-files.ts';

/** The built-in scenario that reproduces a root cause, the one of a troubleshooting guide before others. */
export function scenarioFor(
  code: string,
  { scenariosDir, catalogueCodes }: Pick<CommandContext, 'scenariosDir' | 'catalogueCodes'>,
): Scenario | undefined {
  const showing = findFiles([scenariosDir])
    // Reading all of them as scenarios takes a second.
    .scenarios.filter((file) => readFileSync(file, 'utf8').includes(code))
    .flatMap((file) => loadScenarioFile(file, { catalogueCodes }).scenario ?? [])
    .filter(({ steps, given }) => {
      // One that needs a file beside it can't be copied alone.
      return given.tenant.kind !== 'file' && steps.some((step) => step.kind === 'explain' && step.code === code);
    });
  const of = (tag: string): Scenario | undefined => showing.find(({ tags }) => tags.includes(tag));
  return of('troubleshooting') ?? of('catalogue') ?? showing[0];
}

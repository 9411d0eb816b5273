import { dirname, isAbsolute, join } from 'node:path';

/** Where the seed of a scenario is: `given.tenant.file` goes from the scenario's folder. */
export function tenantFileOf(scenarioFile: string, file: string): string {
  return isAbsolute(file) ? file : join(dirname(scenarioFile), file);
}

/** Whether the text is meant as a seed or a state of tenants, rather than as a scenario. */
export function looksLikeTenants(text: string): boolean {
  const has = (key: string): boolean => new RegExp(`^(?:[{ ]*["'])?${key}["']?[ ]*:`, 'm').test(text);
  return !has('steps') && (has('tenants') || (has('entra') && has('secrets')));
}

import type { GivenArguments, GivenValue } from './bind-parameters.ts';

/** What a client of the REST transport asks for. */
export interface AdminRequest {
  cmdlet: string;
  given: GivenArguments;
}

/** `{"CmdletInput":{"CmdletName":…,"Parameters":{…}}}` (fact sheet microsoft 5.4); undefined for anything else. */
export function parseAdminRequest(body: string): AdminRequest | undefined {
  const input = property(parseJson(body), 'CmdletInput');
  const cmdlet = property(input, 'CmdletName');
  if (typeof cmdlet !== 'string') return undefined;
  const parameters = property(input, 'Parameters') ?? {};
  if (typeof parameters !== 'object') return undefined;
  const named: [string, GivenValue][] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (name.includes('@')) continue; // annotation of a type
    const given = givenValue(value);
    if (given === undefined) return undefined;
    named.push([name, given]);
  }
  return { cmdlet, given: { named, positional: [] } };
}

/** Simplified: hash tables are not understood; none of our cmdlets takes one. */
function givenValue(value: unknown): GivenValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller says that the body is malformed
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

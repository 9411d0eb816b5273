import { BoundParameters, type BoundValue, type Cmdlet, type CmdletParameter } from './cmdlet.ts';
import {
  ambiguousParameter,
  missingArgument,
  missingParameters,
  notConvertible,
  notInEnumeration,
  repeatedParameter,
  surplusArgument,
  unknownParameter,
} from './cmdlet-failures.ts';

/** An argument as it was given: `undefined` for a name without a value, which is right for a switch. */
export type GivenValue = BoundValue | undefined;

export interface GivenArguments {
  named: readonly (readonly [string, GivenValue])[];
  positional: readonly GivenValue[];
}

/** Every cmdlet takes these. Simplified: but for WhatIf they change nothing. */
const COMMON: readonly CmdletParameter[] = [
  { name: 'Confirm', type: 'switch', aliases: ['cf'] },
  { name: 'WhatIf', type: 'switch', aliases: ['wi'] },
  { name: 'Verbose', type: 'switch', aliases: ['vb'] },
  { name: 'ErrorAction', type: 'string', aliases: ['ea'] },
  { name: 'WarningAction', type: 'string', aliases: ['wa'] },
];

const TYPE_NAMES: Record<CmdletParameter['type'], string> = {
  string: 'System.String',
  strings: 'System.String[]',
  boolean: 'System.Boolean',
  'nullable-boolean': 'System.Nullable`1[System.Boolean]',
  switch: 'System.Management.Automation.SwitchParameter',
  limit: 'Microsoft.Exchange.Data.Unlimited`1[System.Int32]',
};

/**
 * Binds arguments as PowerShell does: names in any case, shortened as far as they stay unique, then by position.
 *
 * @throws CmdletError with PowerShell's text
 */
export function bindParameters(cmdlet: Cmdlet, { named, positional }: GivenArguments): BoundParameters {
  const declared = [...cmdlet.parameters, ...COMMON];
  const values = new Map<string, BoundValue>();
  for (const [name, value] of named) {
    const parameter = resolve(name, declared);
    if (values.has(parameter.name)) throw repeatedParameter(parameter.name);
    values.set(parameter.name, convert(parameter, value));
  }
  const byPosition = declared
    .filter(({ position, name }) => position !== undefined && !values.has(name))
    .sort((one, other) => (one.position ?? 0) - (other.position ?? 0));
  for (const [index, value] of positional.entries()) {
    const parameter = byPosition[index];
    if (!parameter) throw surplusArgument(shown(value));
    values.set(parameter.name, convert(parameter, value));
  }
  const missing = cmdlet.parameters.filter(({ name, isMandatory }) => isMandatory && !values.has(name));
  if (missing.length > 0) throw missingParameters(missing.map(({ name }) => name));
  return new BoundParameters(values);
}

/** Whether a parameter of this name stands alone, so that a word after it is no value of it. */
export function isSwitch(cmdlet: Cmdlet | undefined, name: string): boolean {
  if (!cmdlet) return false;
  const [first, ...more] = matching(name, [...cmdlet.parameters, ...COMMON]);
  return first?.type === 'switch' && more.length === 0;
}

function resolve(name: string, declared: readonly CmdletParameter[]): CmdletParameter {
  const matches = matching(name, declared);
  const [match] = matches;
  if (!match) throw unknownParameter(name);
  if (matches.length === 1) return match;
  throw ambiguousParameter(
    name,
    matches.map((parameter) => parameter.name),
  );
}

function matching(name: string, declared: readonly CmdletParameter[]): CmdletParameter[] {
  const wanted = name.toLowerCase();
  const namesOf = (parameter: CmdletParameter) =>
    [parameter.name, ...(parameter.aliases ?? [])].map((known) => known.toLowerCase());
  const exact = declared.filter((parameter) => namesOf(parameter).includes(wanted));
  if (exact.length > 0) return exact;
  return declared.filter((parameter) => namesOf(parameter).some((known) => known.startsWith(wanted)));
}

function convert(parameter: CmdletParameter, value: GivenValue): BoundValue {
  const { name, type } = parameter;
  if (value === undefined) {
    if (type === 'switch') return true;
    throw missingArgument(name, TYPE_NAMES[type]);
  }
  switch (type) {
    case 'switch':
    case 'boolean':
      if (typeof value === 'boolean') return value;
      throw notConvertible(name, shown(value), TYPE_NAMES[type]);
    case 'nullable-boolean':
      if (typeof value === 'boolean' || value === null) return value;
      throw notConvertible(name, shown(value), TYPE_NAMES[type]);
    case 'limit':
      return convertLimit(name, value);
    case 'strings':
      return oneOf(parameter, typeof value === 'object' && value !== null ? value : [shown(value)]);
    case 'string':
      if (typeof value === 'object' && value !== null) throw notConvertible(name, shown(value), TYPE_NAMES[type]);
      return oneOf(parameter, [shown(value)])[0] ?? '';
  }
}

function convertLimit(name: string, value: BoundValue): BoundValue {
  const text = shown(value);
  if (/^unlimited$/i.test(text)) return 'Unlimited';
  if (/^\d{1,9}$/.test(text)) return text;
  throw notConvertible(name, text, TYPE_NAMES.limit);
}

/** In the spelling of the enumeration, where there is one. */
function oneOf({ name, oneOf: allowed }: CmdletParameter, values: readonly string[]): readonly string[] {
  if (!allowed) return values;
  return values.map((value) => {
    const member = allowed.values.find((known) => known.toLowerCase() === value.toLowerCase());
    if (member === undefined) throw notInEnumeration(name, value, allowed.type, allowed.values);
    return member;
  });
}

function shown(value: GivenValue): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? value.join(' ') : String(value);
}

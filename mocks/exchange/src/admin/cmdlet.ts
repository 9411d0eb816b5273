import type { Clock } from '#libs/simulation';
import type { ExchangeOnline } from '../exchange-online.ts';
import type { ExchangeOrganization } from '../exchange-organization.ts';
import type { ExchangeSettings } from '../exchange-settings.ts';

/** A property of what a cmdlet puts out. */
export type CmdletValue = string | number | boolean | null | readonly string[];

/** What a cmdlet puts out: its properties in the order in which `| fl` prints them. */
export type CmdletObject = Readonly<Record<string, CmdletValue>>;

export interface CmdletOutput {
  objects: readonly CmdletObject[];
  warnings?: readonly string[];
}

/** Types of parameters; `nullable-boolean` takes `$null` too. */
export type ParameterType = 'string' | 'strings' | 'boolean' | 'nullable-boolean' | 'switch' | 'limit';

export interface CmdletParameter {
  name: string;
  type: ParameterType;
  isMandatory?: boolean;
  /** 0 for the first value without a name. */
  position?: number;
  /** Old names that still work. */
  aliases?: readonly string[];
  /** For values of an enumeration: its members, and the name of its type as the error shows it. */
  oneOf?: { type: string; values: readonly string[] };
}

export interface AdminContext {
  online: ExchangeOnline;
  organization: ExchangeOrganization;
  settings: Readonly<ExchangeSettings>;
  clock: Pick<Clock, 'now'>;
}

export interface Cmdlet {
  name: string;
  parameters: readonly CmdletParameter[];
  /** Properties that the table view shows; without any the list view is the usual one. */
  columns?: readonly string[];
  run: (given: BoundParameters, context: AdminContext) => CmdletOutput;
}

export type BoundValue = string | boolean | number | null | readonly string[];

/** Parameters that were checked against a cmdlet's declaration; their names are those declared. */
export class BoundParameters {
  constructor(private readonly values: ReadonlyMap<string, BoundValue>) {}

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** A mandatory text. */
  text(name: string): string {
    return this.optionalText(name) ?? '';
  }

  optionalText(name: string): string | undefined {
    const value = this.values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  texts(name: string): readonly string[] {
    const value = this.values.get(name);
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? value : [];
  }

  /** True, false, or null for `$null`; undefined when it was not given. */
  switchValue(name: string): boolean | null | undefined {
    const value = this.values.get(name);
    return value === null || typeof value === 'boolean' ? value : undefined;
  }

  isOn(name: string): boolean {
    return this.values.get(name) === true;
  }
}

/** How a failed cmdlet is told: by the module as an error record, by REST as JSON (fact sheet microsoft 5.4, 5.5). */
export interface CmdletFailure {
  /** HTTP status of REST, and the code beside it. */
  status: number;
  restCode: string;
  /** `Ex6F9304`; derived from type and text in the real service. */
  errorCode: string;
  exceptionType: string;
  text: string;
  fullyQualifiedErrorId: string;
}

export class CmdletError extends Error {
  constructor(readonly failure: CmdletFailure) {
    super(failure.text);
    this.name = 'CmdletError';
  }
}

/** A journal record, as far as the diagnosis reads it. */
export interface EvidenceRecord {
  readonly seq: number;
  readonly kind: string;
  readonly cause?: number;
  readonly [field: string]: unknown;
}

/** A field as text; what is neither text nor a number is empty. */
export function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A field that may be missing. */
export function optional(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function instantOf(record: EvidenceRecord): number {
  return Date.parse(text(record['t']));
}

export function numeric(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function addresses(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;
}

export function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value);
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

export function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}

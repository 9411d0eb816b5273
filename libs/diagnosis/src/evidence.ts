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

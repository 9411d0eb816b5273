const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** The placeholders that are always there. `secrets.<name>.value` and `.id` come on top. */
const FIXED_PLACEHOLDERS = [
  'app.clientId',
  'app.registrationObjectId',
  'app.enterpriseObjectId',
  'tenant.id',
  'tenant.domain',
  'mailbox',
] as const;

/** The secret of the healthy tenant. */
export const FIRST_SECRET = 'current';

/** The names between `{{` and `}}`, trimmed, in order. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => (name ?? '').trim());
}

/** The names that are valid once these secrets exist. */
export function validPlaceholders(secrets: readonly string[]): string[] {
  return [...FIXED_PLACEHOLDERS, ...secrets.flatMap((name) => [`secrets.${name}.value`, `secrets.${name}.id`])];
}

/**
 * A copy of the value in which every placeholder of every string, however deep, is what `lookup` says for its name.
 * Keys stay as they are. Whatever `lookup` throws for a name it does not know comes out.
 */
export function resolvePlaceholders<Value>(value: Value, lookup: (name: string) => string): Value;
export function resolvePlaceholders(value: unknown, lookup: (name: string) => string): unknown {
  if (typeof value === 'string') return value.replace(PLACEHOLDER, (_all, name: string) => lookup(name.trim()));
  if (Array.isArray(value)) return value.map((item: unknown) => resolvePlaceholders(item, lookup));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolvePlaceholders(item, lookup)]));
}

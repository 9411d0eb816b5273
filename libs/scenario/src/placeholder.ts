const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** Those of the application that a healthy tenant has from the start. */
const APPLICATION_PLACEHOLDERS = ['app.clientId', 'app.registrationObjectId', 'app.enterpriseObjectId'];
const TENANT_PLACEHOLDERS = ['tenant.id', 'tenant.domain', 'mailbox'];

/** The secret of the healthy tenant. */
export const FIRST_SECRET = 'current';

/** The names between `{{` and `}}`, trimmed, in order. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => (name ?? '').trim());
}

/** What a scenario can name at some point of its steps. */
export interface Nameable {
  /** False in a tenant that began empty. */
  readonly hasApplication: boolean;
  readonly secrets: readonly string[];
  readonly noted: readonly string[];
}

/** The names that are valid then. */
export function validPlaceholders({ hasApplication, secrets, noted }: Nameable): string[] {
  return [
    ...(hasApplication ? APPLICATION_PLACEHOLDERS : []),
    ...TENANT_PLACEHOLDERS,
    ...secrets.flatMap((name) => [`secrets.${name}.value`, `secrets.${name}.id`]),
    ...noted.map((name) => `noted.${name}`),
  ];
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

import { ErsException } from './ers-exception.ts';
import type { ErsObject } from './ers-resource.ts';

/** Names stand in the keys of the configuration. Simplified: the real product renames. */
export function refuseRename(present: ErsObject, next: ErsObject): void {
  if (next.name === present.name) return;
  throw new ErsException('APPLICATION_RESOURCE_VALIDATION_EXCEPTION', 'The name cannot be changed');
}

export function refuseNamesake(title: string, name: unknown, present: readonly { readonly name?: string }[]): void {
  if (!present.some((each) => each.name === name)) return;
  throw new ErsException('APPLICATION_RESOURCE_VALIDATION_EXCEPTION', `${title} Create failed: Name already exists`);
}

import { isMapping, type YamlPath } from '#libs/scenario';

/** A mapping of the file as it was written, with mistakes and all, and where it stands. */
export interface Place {
  value: Record<string, unknown>;
  path: YamlPath;
}

/** What stands below a key; an empty mapping where nothing of use does. */
export function below({ value, path }: Place, key: string): Place {
  const inner = value[key];
  return { value: isMapping(inner) ? inner : {}, path: [...path, key] };
}

/** The mappings of a list. */
export function itemsOf({ value, path }: Place, key: string): Place[] {
  const list = value[key];
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, index) =>
    isMapping(item) ? [{ value: item, path: [...path, key, index] }] : [],
  );
}

/** The texts of a list, with their places. */
export function textsOf({ value, path }: Place, key: string): { text: string; path: YamlPath }[] {
  const list = value[key];
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, index) =>
    typeof item === 'string' ? [{ text: item, path: [...path, key, index] }] : [],
  );
}

export function textOf({ value }: Place, key: string): string | undefined {
  const text = value[key];
  return typeof text === 'string' ? text : undefined;
}

export function textsBelow(places: readonly Place[], key: string): string[] {
  return places.flatMap((place) => textOf(place, key) ?? []);
}

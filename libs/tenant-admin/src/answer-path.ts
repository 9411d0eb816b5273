/** One step down: the name of a property, with places or conditions after it. */
const STEP = /^(?<name>[^.[\]]+)(?<selections>(?:\[[^[\]]+\])*)$/;

/**
 * What stands at `path` in the body of an answer: `id`, `value[0].id`, `value[0].appRoles[value=SMTP.SendAsApp].id`.
 * `[2]` is the place in a list from 0, `[name=text]` the first item of it with such a property. Undefined when there is
 * nothing, or nothing but a mapping or a list.
 */
export function pick(body: unknown, path: string): string | undefined {
  let found = body;
  for (const step of path.split(/\.(?![^[]*\])/)) {
    const { name = '', selections = '' } = STEP.exec(step)?.groups ?? {};
    found = propertyOf(found, name);
    for (const [, selection = ''] of selections.matchAll(/\[([^[\]]+)\]/g)) found = itemOf(found, selection);
  }
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean'
    ? String(found)
    : undefined;
}

function propertyOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function itemOf(list: unknown, selection: string): unknown {
  if (!Array.isArray(list)) return undefined;
  const equals = selection.indexOf('=');
  if (equals < 0) return list.at(Number(selection));
  const [name, wanted] = [selection.slice(0, equals), selection.slice(equals + 1)];
  return list.find((item: unknown) => String(propertyOf(item, name)) === wanted);
}

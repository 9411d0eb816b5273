import type { EntityType, GraphEntity } from './entity-type.ts';
import { refusals, type GraphRefusal } from './graph-refusal.ts';
import { parseFilter, unknownProperty, type EntityFilter } from './odata-filter.ts';

/** A page without `$top` has this many entities. */
const PAGE_SIZE = 100;
const PAGE_SIZE_MAX = 999;

const UNDERSTOOD = ['$select', '$filter', '$top', '$count', '$skiptoken'];

/** What a request wants to see of a set of entities. */
export interface ODataQuery {
  select: readonly string[] | undefined;
  filter: EntityFilter | undefined;
  pageSize: number;
  /** How many entities earlier pages had. */
  skip: number;
  withCount: boolean;
}

/** Reads the query options of a request. Names count with and without `$`, as in Graph. */
export function parseQuery(params: URLSearchParams, type: EntityType, eventual: boolean): ODataQuery | GraphRefusal {
  const options = new Map<string, string>();
  for (const [name, value] of params) options.set(name.startsWith('$') ? name : `$${name}`, value);
  const foreign = [...options.keys()].find((name) => !UNDERSTOOD.includes(name));
  if (foreign !== undefined) return refusals.unsupportedQuery(`Unsupported query option '${foreign}'.`);

  const select = options
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
  const unknown = select?.find((name) => !type.properties.includes(name));
  if (unknown !== undefined) {
    const { message } = unknownProperty(unknown, type);
    return refusals.badRequest(`Parsing OData Select and Expand failed: ${message}`);
  }
  const filterText = options.get('$filter');
  const filter = filterText === undefined ? undefined : parseFilter(filterText, type);
  if (filter && 'kind' in filter) return filter;
  const top = options.get('$top') ?? String(PAGE_SIZE);
  const pageSize = /^\d{1,9}$/.test(top) ? Number(top) : 0;
  if (pageSize < 1 || pageSize > PAGE_SIZE_MAX) {
    return refusals.unsupportedQuery(
      `Invalid page size specified: '${top}'. Must be between 1 and ${PAGE_SIZE_MAX} inclusive.`,
    );
  }
  const skip = readSkipToken(options.get('$skiptoken'));
  if (skip === undefined) return refusals.badRequest('Value of $skiptoken is invalid.');
  // Without the header the option is passed over, as in Graph.
  return { select, filter, pageSize, skip, withCount: options.get('$count') === 'true' && eventual };
}

/** The page of the collection that the query asks for, as the body of an answer. */
export function pageOf(entities: readonly GraphEntity[], type: EntityType, query: ODataQuery, url: URL): GraphEntity {
  const { filter, skip, pageSize, withCount } = query;
  const found = filter ? entities.filter(filter) : entities;
  const page = found.slice(skip, skip + pageSize);
  const end = skip + page.length;
  return {
    '@odata.context': contextOf(type, query),
    ...(withCount ? { '@odata.count': found.length } : {}),
    ...(end < found.length ? { '@odata.nextLink': linkTo(url, end) } : {}),
    value: page.map((entity) => shown(entity, type, query.select)),
  };
}

/** One entity as the body of an answer. */
export function entityBody(entity: GraphEntity, type: EntityType, select?: readonly string[]): GraphEntity {
  return {
    '@odata.context': `${contextOf(type, { select })}/$entity`,
    ...shown(entity, type, select),
  };
}

function shown(entity: GraphEntity, type: EntityType, select: readonly string[] | undefined): GraphEntity {
  const names = select ?? type.shownByDefault ?? type.properties;
  return Object.fromEntries(names.map((name) => [name, entity[name] ?? null]));
}

function contextOf(type: EntityType, { select }: Pick<ODataQuery, 'select'>): string {
  const selected = select ? `(${select.join(',')})` : '';
  return `https://graph.microsoft.com/v1.0/$metadata#${type.set}${selected}`;
}

function linkTo(url: URL, skip: number): string {
  const next = new URL(url.pathname + url.search, 'https://graph.microsoft.com');
  next.searchParams.delete('skiptoken');
  next.searchParams.set('$skiptoken', Buffer.from(`after ${skip}`).toString('base64url'));
  return next.href.replaceAll('%24', '$');
}

/** 0 without a token, undefined for one that is not ours. */
function readSkipToken(token: string | undefined): number | undefined {
  if (token === undefined) return 0;
  const skip = /^after (\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  return skip === undefined ? undefined : Number(skip);
}

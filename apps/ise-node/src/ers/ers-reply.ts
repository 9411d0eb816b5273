import { versionInfo } from './ers-documents.ts';
import type { ErsException } from './ers-exception.ts';
import { mediaType, type ErsFormat } from './ers-media.ts';
import {
  isFields,
  plainText,
  type ErsFields,
  type ErsListing,
  type ErsObject,
  type ErsOutcome,
  type ErsResource,
} from './ers-resource.ts';
import { errorToXml, resourceToXml, searchResultToXml } from './ers-xml.ts';

/** An answer, ready to be sent. */
export interface ErsReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What the links of an answer are made of. */
export interface ErsAddress {
  origin: string;
  resource: ErsResource;
  format: ErsFormat;
}

function hrefOf({ origin, resource }: Pick<ErsAddress, 'origin' | 'resource'>, below = ''): string {
  return `${origin}/ers/config/${resource.name}${below === '' ? '' : `/${below}`}`;
}

export function objectReply(address: ErsAddress, object: ErsObject): ErsReply {
  const { resource, format } = address;
  const shown = { ...object, link: linkTo(address, 'self', hrefOf(address, object.id)) };
  return reply(200, format, format === 'json' ? { [resource.wrapper]: shown } : resourceToXml(resource, shown));
}

export function listReply(address: ErsAddress, { total, page, query }: ErsListing): ErsReply {
  const { resource, format } = address;
  const resources = page.map((object) => {
    const { id, name, description } = object;
    return { id, name, description, link: linkTo(address, 'self', hrefOf(address, id)) };
  });
  const toPage = (rel: string, number: number): ErsFields => {
    const parameters = new URLSearchParams(query.parameters);
    parameters.set('size', String(query.size));
    parameters.set('page', String(number));
    return linkTo(address, rel, `${hrefOf({ ...address, resource })}?${parameters.toString()}`);
  };
  const pages = Math.ceil(total / query.size);
  const result: ErsFields = {
    total,
    resources,
    ...(query.page < pages ? { nextPage: toPage('next', query.page + 1) } : {}),
    ...(query.page > 1 && pages > 0 ? { previousPage: toPage('previous', Math.min(query.page - 1, pages)) } : {}),
  };
  return reply(200, format, format === 'json' ? { SearchResult: result } : searchResultToXml(result));
}

export function versionReply(address: ErsAddress): ErsReply {
  const link = linkTo(address, 'self', hrefOf(address, 'versioninfo'));
  return outcomeReply(address, versionInfo(address.resource.versions, link));
}

export function outcomeReply(address: ErsAddress, outcome: ErsOutcome): ErsReply {
  switch (outcome.kind) {
    case 'no-content':
      return { status: 204, headers: {}, body: '' };
    case 'created':
      return { status: 201, headers: { Location: hrefOf(address, outcome.id) }, body: '' };
    case 'accepted':
      return { status: 202, headers: { Location: hrefOf(address, outcome.path) }, body: '' };
    case 'document':
      return reply(
        200,
        address.format,
        address.format === 'json' ? { [outcome.wrapper]: outcome.fields } : outcome.xml,
      );
  }
}

/** The real product gives the type of this link as XML whatever was asked for (fact sheet ise 7.1). */
export function errorReply(
  { status, code, titles, name }: ErsException,
  { operation, href, format }: { operation: string; href: string; format: ErsFormat },
): ErsReply {
  const messages = titles.map((title) => ({ title, type: 'ERROR', code }));
  const link = { rel: 'related', href, type: 'application/xml' };
  const headers: Record<string, string> = {};
  // RFC 9110, 11.6.1: an answer 401 says how to authenticate.
  if (name === 'UNAUTHORIZED') headers['WWW-Authenticate'] = 'Basic realm="ISE ERS"';
  if (name === 'TOO_MANY_REQUESTS') headers['Retry-After'] = '1';
  const body =
    format === 'json' ? { ERSResponse: { operation, messages, link } } : errorToXml(operation, messages, link);
  const answer = reply(status, format, body);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** The fields that differ, those inside objects by dotted names; texts, as ERS gives them. Passwords are masked. */
export function changedFields(before: ErsFields, after: ErsFields, prefix = ''): ErsFields[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const [oldValue, newValue] = [before[name], after[name]];
    if (isFields(oldValue) && isFields(newValue)) return changedFields(oldValue, newValue, `${prefix}${name}.`);
    const [oldText, newText] = [textOf(name, oldValue), textOf(name, newValue)];
    if (JSON.stringify(oldValue) === JSON.stringify(newValue)) return [];
    return [{ field: prefix + name, oldValue: oldText, newValue: newText }];
  });
}

function textOf(name: string, value: unknown): string {
  return /password/i.test(name) && value !== undefined ? '*******' : plainText(value);
}

function linkTo({ format }: Pick<ErsAddress, 'format'>, rel: string, href: string): ErsFields {
  return { rel, href, type: `application/${format}` };
}

function reply(status: number, format: ErsFormat, body: ErsFields | string): ErsReply {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: { 'Content-Type': mediaType(format) }, body: text };
}

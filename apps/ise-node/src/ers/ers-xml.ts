import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import { ErsException } from './ers-exception.ts';
import { isFields, plainText, type ErsFields, type ErsResource } from './ers-resource.ts';

/** Elements inside each other; the deepest resource, a guest type, has six. */
const DEPTH_MAX = 20;

/** Namespaces as the real product binds them; the prefix of resources is ns4 there too. */
const NAMESPACES: Readonly<Record<ErsResource['namespace'], string>> = {
  identity: 'identity.ers.ise.cisco.com',
  network: 'network.ers.ise.cisco.com',
  ers: 'ers.ise.cisco.com',
};

const HEADER = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  ignoreDeclaration: true,
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  maxNestedTags: DEPTH_MAX,
});

/** An element as the parser gives it: text, or its attributes and children by name, several of a name as an array. */
type Element = string | { [name: string]: Element | Element[] };

/** Attributes that declare namespaces; with prefixes removed, `xmlns:ns2` has become `ns2`. */
const NAMESPACE_VALUE =
  /^(?:[a-z0-9.]*ers\.ise\.cisco\.com|ers-v2|http:\/\/www\.w3\.org\/2001\/XMLSchema(?:-instance)?)$/;

/**
 * Reads a document: the name of its root without prefix, and its content. Document types, and so entities of one's own,
 * are refused before anything is parsed.
 *
 * @throws ErsException SCHEMA_VALIDATION_EXCEPTION
 */
export function parseXml(text: string): { root: string; content: Element } {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw invalid('a document type declaration is not accepted');
  let document: unknown;
  try {
    const verdict = XMLValidator.validate(text);
    if (verdict !== true) throw invalid(`line ${verdict.err.line} is not well-formed`);
    document = parser.parse(text);
  } catch (error) {
    throw error instanceof ErsException ? error : invalid(`more than ${DEPTH_MAX} elements inside each other`);
  }
  const [root, ...more] = isElement(document) && typeof document !== 'string' ? Object.entries(document) : [];
  if (!root || more.length > 0 || Array.isArray(root[1])) throw invalid('there must be one root element');
  return { root: root[0], content: root[1] };
}

function invalid(what: string): ErsException {
  return new ErsException('SCHEMA_VALIDATION_EXCEPTION', `The XML cannot be read: ${what}`);
}

function isElement(value: unknown): value is Element {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}

/**
 * What the element means by the schema, which says where a number, a list or a map is; what the schema does not know
 * is kept as it is, so that checking it names it.
 */
export function fromXml(element: unknown, schema: z.ZodType): unknown {
  return meaningOf(isElement(element) ? element : '', schema);
}

function meaningOf(element: Element | Element[], schema: z.ZodType): unknown {
  const inner = bareSchema(schema);
  if (inner instanceof z.ZodArray) return listIn(element).map((item) => meaningOf(item, typeOf(inner.element)));
  if (Array.isArray(element)) return element.map((item) => meaningOf(item, schema));
  if (inner instanceof z.ZodRecord) return entriesIn(element);
  if (inner instanceof z.ZodObject) {
    if (typeof element === 'string') return element.trim() === '' ? {} : element;
    const fields = Object.entries(element)
      .filter(([, value]) => !(typeof value === 'string' && NAMESPACE_VALUE.test(value)))
      .map(([name, value]) => {
        const field: unknown = inner.shape[name];
        return [name, field instanceof z.ZodType ? meaningOf(value, field) : value];
      });
    return Object.fromEntries(fields);
  }
  if (typeof element !== 'string') return element;
  if (inner instanceof z.ZodBoolean && /^(?:true|false)$/.test(element.trim())) return element.trim() === 'true';
  if (inner instanceof z.ZodNumber && /^-?\d{1,15}$/.test(element.trim())) return Number(element);
  return element;
}

/** Lists are wrapped: `<days><day>Monday</day></days>`. */
function listIn(element: Element | Element[]): Element[] {
  if (Array.isArray(element)) return element;
  if (typeof element === 'string') return element.trim() === '' ? [] : [element];
  return Object.values(element).flat();
}

/** Maps are lists of entries: `<entry><key>…</key><value>…</value></entry>`. */
function entriesIn(element: Element): unknown {
  if (typeof element === 'string') return element.trim() === '' ? {} : element;
  const { entry = [], ...rest } = element;
  const entries = [entry].flat().map((each): [string, unknown] => {
    const { key, value } = typeof each === 'string' ? {} : each;
    return [typeof key === 'string' ? key : '', value ?? ''];
  });
  return { ...Object.fromEntries(entries), ...rest };
}

function bareSchema(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault
    ? bareSchema(typeOf(schema.unwrap()))
    : schema;
}

/** zod types the inside of a schema by its core; the ones made with `z` are all of this class. */
function typeOf(inner: unknown): z.ZodType {
  return inner instanceof z.ZodType ? inner : z.unknown();
}

/** A resource: id, name and description are attributes, all else elements. */
export function resourceToXml(
  { name, namespace, schema }: Pick<ErsResource, 'name' | 'namespace' | 'schema'>,
  object: ErsFields,
): string {
  const { id, name: objectName, description, link, ...fields } = object;
  const attributes = attributesOf({ description, id, name: objectName });
  return `${HEADER}<ns4:${name}${attributes}${NAMESPACE_DECLARATIONS} xmlns:ns4="${NAMESPACES[namespace]}">${
    linkToXml('link', link) + childrenToXml(fields, schema)
  }</ns4:${name}>`;
}

const NAMESPACE_DECLARATIONS = ' xmlns:ers="ers.ise.cisco.com" xmlns:xs="http://www.w3.org/2001/XMLSchema"';

/** A document besides resources and lists; `inner` is XML already. */
export function documentToXml(root: string, attributes: ErsFields, inner: string): string {
  return `${HEADER}<ns3:${root}${attributesOf(attributes)}${NAMESPACE_DECLARATIONS} xmlns:ns3="ers.ise.cisco.com">${inner}</ns3:${root}>`;
}

/** One element with attributes, and a text or XML inside. */
export function elementToXml(name: string, attributes: ErsFields, text?: unknown, inner = ''): string {
  const content = (text === undefined ? '' : escaped(text)) + inner;
  return `<${name}${attributesOf(attributes)}${content === '' ? '/>' : `>${content}</${name}>`}`;
}

/** A list: `SearchResult` of JSON, in the version 2 form that 1.3 and later serve. */
export function searchResultToXml(result: ErsFields): string {
  const { total, resources, nextPage, previousPage } = result;
  const items = (Array.isArray(resources) ? resources : []).map((item) => {
    const { link, ...attributes } = isFields(item) ? item : {};
    return `<ns5:resource${attributesOf(attributes)}>${linkToXml('link', link)}</ns5:resource>`;
  });
  const pages = linkToXml('ns3:nextPage', nextPage) + linkToXml('ns3:previousPage', previousPage);
  const namespaces = ' xmlns:ns3="v2.ers.ise.cisco.com" xmlns:ns5="ers.ise.cisco.com" xmlns:ers-v2="ers-v2"';
  return `${HEADER}<ns3:searchResult${attributesOf({ total })}${namespaces}>${pages}<ns3:resources>${items.join(
    '',
  )}</ns3:resources></ns3:searchResult>`;
}

/** An `ERSResponse`. */
export function errorToXml(operation: string, messages: readonly ErsFields[], link: ErsFields): string {
  const inner = messages.map(({ title, type, code }) => {
    return elementToXml('message', { type, code }, undefined, elementToXml('title', {}, title));
  });
  const content = `${elementToXml('link', link)}<messages>${inner.join('')}</messages>`;
  return documentToXml('ersResponse', { operation }, content);
}

function childrenToXml(fields: ErsFields, schema?: z.ZodType): string {
  const inner = schema && bareSchema(schema);
  return Object.entries(fields)
    .map(([name, value]) => toXml(name, value, inner instanceof z.ZodObject ? typeOf(inner.shape[name]) : undefined))
    .join('');
}

function toXml(name: string, value: unknown, schema?: z.ZodType): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) {
    const inner = schema && bareSchema(schema);
    const item = inner instanceof z.ZodArray ? typeOf(inner.element) : undefined;
    return `<${name}>${value.map((each) => toXml(singular(name), each, item)).join('')}</${name}>`;
  }
  if (!isFields(value)) return `<${name}>${escaped(value)}</${name}>`;
  if (schema && bareSchema(schema) instanceof z.ZodRecord) {
    const entries = Object.entries(value).map(([key, entry]) => {
      return `<entry><key>${escaped(key)}</key><value>${escaped(entry)}</value></entry>`;
    });
    return `<${name}>${entries.join('')}</${name}>`;
  }
  return `<${name}>${childrenToXml(value, schema)}</${name}>`;
}

function linkToXml(name: string, link: unknown): string {
  return isFields(link) ? `<${name}${attributesOf(link)}/>` : '';
}

function attributesOf(fields: ErsFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');
}

/** `days` holds `day`, `ipAddresses` holds `ipAddress`. */
function singular(name: string): string {
  if (name.endsWith('sses')) return name.slice(0, -2);
  return name.endsWith('s') ? name.slice(0, -1) : `${name}Item`;
}

function escaped(value: unknown): string {
  return (
    plainText(value)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // eslint-disable-next-line no-control-regex -- XML 1.0, 2.2: these characters can't stand in a document at all.
      .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
  );
}

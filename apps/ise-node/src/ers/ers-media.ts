import { ErsException } from './ers-exception.ts';
import type { ErsResource } from './ers-resource.ts';

export type ErsFormat = 'json' | 'xml';

const VENDOR_TYPE = /^application\/vnd\.com\.cisco\.ise\.([a-z]+)\.([a-z0-9]+)\.(\d+\.\d+)\+(xml|json)$/;

/** `application/json`, with the charset that answers carry. */
export function mediaType(format: ErsFormat): string {
  return `application/${format};charset=utf-8`;
}

/**
 * The format that `Accept` asks for. It is mandatory, and a type that ERS does not speak is refused (fact sheet ise 7.1).
 * Our choice: of several the first that is spoken wins, and a wildcard gives XML, ERS' older format.
 *
 * @throws ErsException MEDIA_TYPE_EXCEPTION, VERSION_EXCEPTION
 */
export function acceptedFormat(accept: string | undefined, resource?: ErsResource): ErsFormat {
  const types = (accept ?? '').split(',').map(bare);
  for (const type of types) {
    const format = type === '*/*' || type === 'application/*' ? 'xml' : formatOf(type, resource);
    if (format) return format;
  }
  throw new ErsException(
    'MEDIA_TYPE_EXCEPTION',
    accept ? 'The Accept header names no supported media type' : 'The Accept header is missing',
  );
}

/** @throws ErsException MEDIA_TYPE_EXCEPTION, VERSION_EXCEPTION */
export function contentFormat(contentType: string | undefined, resource: ErsResource): ErsFormat {
  const format = formatOf(bare(contentType ?? ''), resource);
  if (format) return format;
  throw new ErsException(
    'MEDIA_TYPE_EXCEPTION',
    contentType ? 'The Content-Type is not a supported media type' : 'The Content-Type header is missing',
  );
}

/**
 * The optional header `ERS-Media-Type: identity.guestuser.2.0`.
 *
 * @throws ErsException VERSION_EXCEPTION
 */
export function checkErsMediaType(header: string | undefined, resource: ErsResource): void {
  if (header === undefined || header.trim() === '') return;
  const [, namespace, name, version = ''] = /^([a-z]+)\.([a-z0-9]+)\.(\d+\.\d+)$/i.exec(header.trim()) ?? [];
  if (namespace === undefined || name?.toLowerCase() !== resource.name) {
    throw new ErsException('MEDIA_TYPE_EXCEPTION', `ERS-Media-Type is not of the resource ${resource.name}`);
  }
  checkVersion(version, resource);
}

function formatOf(type: string, resource?: ErsResource): ErsFormat | undefined {
  if (type === 'application/json') return 'json';
  if (type === 'application/xml') return 'xml';
  const [, , name, version = '', format] = VENDOR_TYPE.exec(type) ?? [];
  if (format !== 'xml' && format !== 'json') return undefined;
  if (resource && name === resource.name) checkVersion(version, resource);
  return format;
}

function checkVersion(version: string, { name, versions }: ErsResource): void {
  if (versions.includes(version)) return;
  const supported = versions.join(',');
  throw new ErsException(
    'VERSION_EXCEPTION',
    `Version ${version} of ${name} is not supported; supported: ${supported}`,
  );
}

function bare(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase();
}

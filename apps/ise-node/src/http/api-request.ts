import type { IncomingMessage } from 'node:http';

/** The address of a request, as far as ERS and OpenAPI make links of it. */
export function originOf({ headers, socket }: IncomingMessage): string {
  const scheme = 'encrypted' in socket ? 'https' : 'http';
  const host = /^[\w.:[\]-]{1,255}$/.test(headers.host ?? '') ? headers.host : 'localhost';
  return `${scheme}://${host}`;
}

/** Path and query as they came, before Express took the mount path off. */
export function addressOf(request: IncomingMessage & { originalUrl?: string }): {
  path: string;
  parameters: URLSearchParams;
} {
  const [path = '', query = ''] = (request.originalUrl ?? request.url ?? '').split(/\?(.*)/s);
  return { path, parameters: new URLSearchParams(query) };
}

/** The values of the braces of `pattern`, when the parts of a path fit it. */
export function matchPath(pattern: string, parts: readonly string[]): Record<string, string> | undefined {
  const names = pattern.split('/').filter((name) => name !== '');
  if (names.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const part = parts[index] ?? '';
    const placeholder = /^\{(\w+)\}$/.exec(name)?.[1];
    if (placeholder !== undefined) params[placeholder] = part;
    else if (name !== part) return undefined;
  }
  return params;
}

/** Undefined when a part is not percent-encoded UTF-8. */
export function decodedParts(path: string): string[] | undefined {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

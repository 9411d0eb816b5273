import { request, type IncomingHttpHeaders } from 'node:http';

/** A page as a browser got it. */
export interface Page {
  status: number;
  headers: IncomingHttpHeaders;
  html: string;
  /** Of the last request, after all redirects. */
  path: string;
}

export interface FormPart {
  name: string;
  value: string;
  fileName?: string;
}

type Fields = Readonly<Record<string, string | readonly string[]>>;

const REDIRECTS_MAX = 5;
const BOUNDARY = '----part-of-a-form';

/** A browser without script at the portals of a node: cookies, redirects and forms. */
export class PortalVisitor {
  private readonly cookies = new Map<string, string>();

  constructor(
    private readonly node: { host: string; port: number },
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** One request, without what follows from it. */
  send(method: string, path: string, body?: string | Buffer, headers: Record<string, string> = {}): Promise<Page> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          ...this.node,
          method,
          path,
          agent: false,
          headers: { ...this.headers, ...(this.cookies.size > 0 ? { cookie: this.cookie } : {}), ...headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            for (const cookie of response.headers['set-cookie'] ?? []) this.keep(cookie);
            const html = Buffer.concat(chunks).toString();
            resolve({ status: response.statusCode ?? 0, headers: response.headers, html, path });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  async open(path: string): Promise<Page> {
    return this.follow(await this.send('GET', path));
  }

  /** Sends fields as they are: no token but the one among them. */
  post(path: string, fields: Fields): Promise<Page> {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) body.append(name, each);
    return this.send('POST', path, body.toString(), { 'content-type': 'application/x-www-form-urlencoded' });
  }

  /** Fills in the form of the page that has this action, leaves the rest of it as it is, sends it, and goes on. */
  async submit(page: Page, action: string, fields: Fields = {}): Promise<Page> {
    return this.follow(await this.post(action, { ...formFields(page, action), ...fields }));
  }

  async upload(page: Page, action: string, file: string, fields: Fields = {}): Promise<Page> {
    const parts = Object.entries({ ...formFields(page, action), ...fields });
    return this.follow(
      await this.sendParts(
        action,
        parts.map(([name, value]) => ({ name, value: String(value) })),
        file,
      ),
    );
  }

  sendParts(path: string, parts: readonly FormPart[], file: string): Promise<Page> {
    const all = [...parts, { name: 'file', value: file, fileName: 'guests.csv' }];
    const text = all.map(({ name, value, fileName }: FormPart) => {
      const type = fileName === undefined ? '' : `; filename="${fileName}"\r\nContent-Type: text/csv`;
      return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${type}\r\n\r\n${value}\r\n`;
    });
    const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
    return this.send('POST', path, `${text.join('')}--${BOUNDARY}--\r\n`, headers);
  }

  async signInAsSponsor(username: string, password = 'isebed-Sponsor-1'): Promise<Page> {
    const page = await this.open('/sponsorportal/sign-in');
    return this.submit(page, '/sponsorportal/sign-in', { username, password });
  }

  async signInAsGuest(username: string, password: string): Promise<Page> {
    return this.submit(await this.open('/portal'), '/portal/sign-in', { username, password });
  }

  private async follow(page: Page, redirects = 0): Promise<Page> {
    const { location } = page.headers;
    if (location === undefined || redirects === REDIRECTS_MAX) return page;
    return this.follow(await this.send('GET', location), redirects + 1);
  }

  private keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const [name = '', value = ''] = pair.split('=');
    this.cookies.set(name, value);
  }
}

/** What the form of the page that has this action sends if nobody touches it. */
export function formFields({ html }: Page, action: string): Record<string, string | string[]> {
  const form = html.match(new RegExp(`<form[^>]*action="${action}"[^>]*>([\\s\\S]*?)</form>`))?.[1];
  if (form === undefined) throw new Error(`there is no form ${action} on the page:\n${html}`);
  const fields: Record<string, string | string[]> = {};
  const add = (name: string, value: string): void => {
    const known = fields[name];
    fields[name] = known === undefined ? value : [known, value].flat();
  };
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const type = attribute(input, 'type');
    if (type === 'file' || (type === 'checkbox' && !/ checked/.test(input))) continue;
    add(attribute(input, 'name'), attribute(input, 'value'));
  }
  for (const [select, name = ''] of form.matchAll(/<select[^>]*name="([^"]*)"[\s\S]*?<\/select>/g)) {
    const chosen = select.match(/<option value="([^"]*)" selected/) ?? select.match(/<option value="([^"]*)"/);
    add(name, decoded(chosen?.[1] ?? ''));
  }
  return fields;
}

/** The text of a page, without its markup. */
export function textOf({ html }: Page): string {
  return decoded(html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '));
}

function attribute(tag: string, name: string): string {
  return decoded(tag.match(new RegExp(` ${name}="([^"]*)"`))?.[1] ?? '');
}

function decoded(text: string): string {
  const entities: Record<string, string> = {
    lt: '<',
    gt: '>',
    quot: '"',
    amp: '&',
    '#x27': "'",
    '#x3D': '=',
    '#x60': '`',
  };
  return text.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

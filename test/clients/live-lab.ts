import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const BUILT = join(PROJECT, 'dist/apps/isebed/src/main.js');
const START_MS_MAX = 30_000;

/** What `isebed up --json` prints. */
export interface Whereabouts {
  https: { host: string; port: number; names: string[] };
  smtp: { host: string; port: number };
  api: { url: string };
  nodes: { name: string; personas: string[]; url: string }[];
  portals: { node: string; sponsor: string; guest: string; selfRegistration: string }[];
  labRoots: string;
  tenantId: string;
  clientId: string;
  mailbox: string;
  smtpSettings: string;
  clientSecret: { file?: string; api: string; value?: string };
  time: { now: string; pace: string };
}

interface HttpsOptions {
  method?: string;
  body?: string;
  sni?: string;
  headers?: Record<string, string>;
}

export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A folder that is gone when the block ends that it was made in. */
export function temporaryFolder(): { path: string; [Symbol.dispose]: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'isebed-up-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs the built program to its end. */
export function isebed(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return endOf(start(args, env));
}

/** A process of `isebed up` and what tests do with it. */
export class LiveLab {
  private static readonly running = new Set<LiveLab>();

  private constructor(
    readonly where: Whereabouts,
    private readonly process: ChildProcess,
    private readonly ended: Promise<Ended>,
    /** What it was given in its environment; the passwords among it are used by `call` and `secret`. */
    private readonly env: Record<string, string>,
  ) {}

  /** On free ports, unless `args` say otherwise. */
  static async up(args: readonly string[] = [], env: Record<string, string> = {}): Promise<LiveLab> {
    const ports = ['--https-port', '--smtp-port', '--api-port', '--node-port-base'].flatMap((flag) => [flag, '0']);
    const child = start(['up', '--json', '--deployment', 'standalone', ...ports, ...args], env);
    const ended = endOf(child);
    const line = await Promise.race([
      firstLine(child),
      ended.then(({ status, stderr }) => {
        throw new Error(`isebed up ended with ${status}: ${stderr}`);
      }),
      new Promise<never>((_resolve, reject) => {
        setTimeout(() => reject(new Error('isebed up does not come up')), START_MS_MAX).unref();
      }),
    ]);
    const lab = new LiveLab(JSON.parse(line), child, ended, env);
    LiveLab.running.add(lab);
    void ended.then(() => LiveLab.running.delete(lab));
    return lab;
  }

  /**
   * On ports 443 and 587 of loopback, for clients that can't be told another port: root alone may. With the names of
   * `where.https.names` and smtp.office365.com in /etc/hosts such a client needs nothing but the lab roots; only a
   * container of CI should be treated so.
   */
  static async upOnStandardPorts(args: readonly string[] = []): Promise<LiveLab | undefined> {
    if (process.getuid?.() !== 0) return undefined;
    return LiveLab.up(['--https-port', '443', '--smtp-port', '587', ...args]);
  }

  /** For the end of a test, whatever came of it. */
  static async killAll(): Promise<void> {
    await Promise.all([...LiveLab.running].map((lab) => lab.signal('SIGKILL')));
  }

  signal(signal: NodeJS.Signals): Promise<Ended> {
    this.process.kill(signal);
    return this.ended;
  }

  stop(): Promise<Ended> {
    return this.signal('SIGTERM');
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get roots(): string {
    return readFileSync(this.where.labRoots, 'utf8');
  }

  /** As the administrator of the nodes. */
  get administrator(): { authorization: string } {
    return basic('admin', this.env['ISEBED_ADMIN_PASSWORD'] ?? 'isebed-Lab-1');
  }

  /** A client secret with the client ID of its application: `current` is ISE's, `administrator` may do everything. */
  async credential(name: 'current' | 'administrator'): Promise<{ clientId: string; value: string }> {
    const url = new URL(name, this.where.clientSecret.api);
    const answer = await fetch(url, { headers: this.administrator });
    return (await answer.json()) as { clientId: string; value: string };
  }

  async secret(): Promise<string> {
    return (await this.credential('current')).value;
  }

  /** A call of the testbed's own API; resolves with the parsed answer. */
  async call(method: string, path: string, body?: unknown) {
    const answer = await fetch(`${this.where.api.url}/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...this.apiPassword },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return answer.headers.get('content-type')?.includes('application/json') ? JSON.parse(text) : text;
  }

  private get apiPassword(): { authorization?: string } {
    const password = this.env['ISEBED_API_PASSWORD'];
    return password === undefined ? {} : basic('isebed', password);
  }

  /** Changes the tenant, Exchange or the network, in the words of a scenario's `break`. */
  change(actions: Record<string, unknown>): Promise<unknown> {
    return this.call('POST', 'isebed/v1/changes', actions);
  }

  /** A request to one of the Microsoft hosts. */
  https(host: string, path: string, options: HttpsOptions = {}) {
    return new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
      const outgoing = request(
        {
          host: this.where.https.host,
          port: this.where.https.port,
          servername: options.sni ?? host,
          ca: this.roots,
          path,
          method: options.method ?? 'GET',
          headers: { host, ...options.headers },
          agent: false,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(options.body);
    });
  }

  /** The answer of the token endpoint. */
  async tokenAnswer(changes: { tenant?: string; secret?: string; scope?: string } = {}) {
    const form = new URLSearchParams({
      client_id: this.where.clientId,
      client_secret: changes.secret ?? (await this.secret()),
      scope: changes.scope ?? 'https://outlook.office.com/.default',
      grant_type: 'client_credentials',
    });
    const path = `/${changes.tenant ?? this.where.tenantId}/oauth2/v2.0/token`;
    const { body } = await this.https('login.microsoftonline.com', path, { method: 'POST', body: form.toString() });
    return JSON.parse(body);
  }

  async token(): Promise<string> {
    const { access_token: token } = await this.tokenAnswer();
    return token;
  }

  /** nodemailer as anybody would set it up; its transport must be closed. */
  transport(accessToken: string, user = this.where.mailbox) {
    return createTransport({
      host: this.where.smtp.host,
      port: this.where.smtp.port,
      requireTLS: true,
      tls: { servername: 'smtp.office365.com', ca: this.roots },
      auth: { type: 'OAUTH2', user, accessToken },
    });
  }

  /** Submits one mail; resolves with the last reply. */
  async submit(accessToken: string, mail: { subject: string; to?: string; text?: string }): Promise<string> {
    const transport = this.transport(accessToken);
    try {
      const { response } = await transport.sendMail({
        from: this.where.mailbox,
        to: 'guest@visitor.example',
        text: 'Hello',
        ...mail,
      });
      return response;
    } finally {
      transport.close();
    }
  }
}

function basic(user: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

function start(args: readonly string[], env: Record<string, string>): ChildProcess {
  if (!existsSync(BUILT)) throw new Error('dist/ is missing: these tests run the built program, `npm run build` first');
  return spawn(process.execPath, [join(PROJECT, 'bin/isebed.js'), ...args], {
    env: { ...(process.env.TMPDIR === undefined ? {} : { TMPDIR: process.env.TMPDIR }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
  });
}

function endOf(child: ChildProcess): Promise<Ended> {
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.once('close', (status, signal) => resolve({ status, signal, ...output }));
  });
}

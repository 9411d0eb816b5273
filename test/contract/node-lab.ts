import { request as httpRequest } from 'node:http';
import { CONFIG_KEYS, type InitialConfig, type StartedIseNode } from '#apps/ise-node';
import { standaloneDeployment, type Deployment } from '#libs/deployment';
import { SimulatedNetwork } from '#libs/network';
import type { LogLevel } from '#libs/node-log';
import type { SmtpServerForm } from '#libs/settings';
import { Random } from '#libs/simulation';
// eslint-disable-next-line no-restricted-imports -- the composition root is a program and has no index.ts
import { NodeRack } from '../../apps/isebed/src/testbed/node-rack.ts';
import { inMicrosoftLab, MAILBOX, type LabSettings, type MicrosoftLab } from './microsoft-lab.ts';

export const ADMIN = { userName: 'admin', password: 'node-Lab-1' };
export const TOKEN_HOST = 'login.microsoftonline.com';
export const SMTP_HOST = 'smtp.office365.com';

export type OauthForm = Extract<SmtpServerForm, { authentication: 'oauth' }>;

export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** Parsed; as it is when it is no JSON. */
  body: ReturnType<typeof JSON.parse>;
}

export interface Call {
  body?: unknown;
  /** Sent as it is instead of `body`. */
  raw?: string;
  /** `null` sends none. */
  credentials?: { userName: string; password: string } | null;
}

/** ISE nodes on a simulated network with the healthy Microsoft of `inMicrosoftLab`. */
export interface NodeLab extends MicrosoftLab {
  network: SimulatedNetwork;
  node: (name: string) => StartedIseNode;
  /** In good order: the submission under way comes to its end. */
  stop: (name: string) => Promise<void>;
  /** As a power cut does. */
  kill: (name: string) => void;
  /** Again, with what it had on its disk. */
  start: (name: string) => Promise<void>;
  /** A request to the API of a node; `path` is below `/isebed/v1/`. */
  call: (node: string, method: string, path: string, call?: Call) => Promise<Answer>;
  /** Values of the SMTP Server page that pass Test Connection. */
  form: OauthForm;
  /** Test Connection and Save on the node. */
  saveSmtpServer: (node: string, changes?: Partial<OauthForm>) => Promise<void>;
}

export interface NodeLabSettings extends LabSettings {
  /** Default: one node, ise1. */
  deployment?: Deployment;
  config?: InitialConfig;
  /** Default DEBUG. */
  debugLog?: LogLevel;
  latencyMs?: { min: number; max: number };
}

export function inNodeLab<T>(settings: NodeLabSettings, test: (lab: NodeLab) => Promise<T>): Promise<T> {
  return inMicrosoftLab(settings, async (microsoft) => {
    const network = startNetwork(microsoft, settings);
    const rack = new NodeRack({
      deployment: settings.deployment ?? standaloneDeployment(),
      clock: microsoft.clock,
      journal: microsoft.journal,
      network,
      random: new Random(settings.seed ?? '7').stream('node'),
      deploymentKey: 'key of the lab',
      admin: ADMIN,
      initialConfig: [...initialConfig(microsoft), ...(settings.config ?? [])],
      debugLog: settings.debugLog ?? 'DEBUG',
      nodeDatabase: undefined,
      listen: undefined,
      tlsWatcher: undefined,
      tlsOf: undefined,
    });
    try {
      for (const { name } of (settings.deployment ?? standaloneDeployment()).nodes) await rack.start(name);
      return await test(labOf(microsoft, network, rack));
    } finally {
      await rack.close();
      network.close();
    }
  });
}

function startNetwork({ clock, journal, entraServer, exchangeServer }: MicrosoftLab, settings: NodeLabSettings) {
  const latencyMs = settings.latencyMs ?? { min: 10, max: 10 };
  const network = new SimulatedNetwork({ clock, journal, random: new Random(settings.seed ?? '7'), latencyMs });
  network.addHost({ name: TOKEN_HOST, address: '198.51.100.10', zone: 'internet' });
  network.addHost({ name: SMTP_HOST, address: '203.0.113.25', zone: 'internet' });
  network.listen(TOKEN_HOST, 443, entraServer);
  network.listen(SMTP_HOST, 587, exchangeServer);
  return network;
}

function initialConfig({ tokenEndpointRoot, smtpRoot }: MicrosoftLab): InitialConfig {
  const trusted = (name: string, pem: string) =>
    [CONFIG_KEYS.trustedCertificate(name), { name, pem, infrastructure: true, enabled: true }] as const;
  return [
    trusted('token endpoint root', tokenEndpointRoot),
    trusted('SMTP root', smtpRoot),
    [CONFIG_KEYS.guestEmail, { enabled: true, defaultFrom: MAILBOX, from: 'default' }],
    [CONFIG_KEYS.alarms, { sender: MAILBOX, perAlarm: {} }],
  ];
}

function labOf(microsoft: MicrosoftLab, network: SimulatedNetwork, rack: NodeRack): NodeLab {
  const node = (name: string): StartedIseNode => rack.node(name);
  const call: NodeLab['call'] = (name, method, path, options = {}) => callApi(node(name), method, path, options);
  const form: OauthForm = {
    authentication: 'oauth',
    smtpServer: SMTP_HOST,
    smtpPort: 587,
    connectionTimeoutSeconds: 60,
    encryption: true,
    emailAddress: MAILBOX,
    clientId: microsoft.application.clientId,
    tenantId: microsoft.tenantId,
    clientSecret: microsoft.secret.value,
    expiryDate: '2027-02-02',
  };
  const saveSmtpServer: NodeLab['saveSmtpServer'] = async (name, changes = {}) => {
    const body = { ...form, ...changes };
    expect((await call(name, 'POST', 'smtp-server/test-connection', { body })).body).toMatchObject({ connected: true });
    expect((await call(name, 'PUT', 'smtp-server', { body })).status).toBe(200);
  };
  const power = {
    stop: (name: string) => rack.stop(name),
    kill: (name: string) => rack.kill(name),
    start: (name: string) => rack.start(name),
  };
  return { ...microsoft, network, node, ...power, call, form, saveSmtpServer };
}

function callApi({ http }: StartedIseNode, method: string, path: string, options: Call): Promise<Answer> {
  const { credentials = ADMIN, body, raw } = options;
  const authorization =
    credentials && `Basic ${Buffer.from(`${credentials.userName}:${credentials.password}`).toString('base64')}`;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        ...http,
        method,
        path: `/isebed/v1/${path}`,
        agent: false,
        headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body: parsed(text) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(raw ?? (body === undefined ? undefined : JSON.stringify(body)));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Journal records of this kind, optionally of one node. */
export function recordsOf({ journal }: MicrosoftLab, kind: string, node?: string) {
  return journal.records.filter((record) => record.kind === kind && (node === undefined || record.node === node));
}

/** Where `send` sends to. */
export const GUEST = 'guest@visitor.example';

/** A lab whose nodes try so often, with delays that are quick to wait for. */
export const retry = (attemptsMax: number, firstDelayMs = 1_000, delayMsMax = 4_000): NodeLabSettings => ({
  config: [[CONFIG_KEYS.retry, { attemptsMax, firstDelayMs, delayMsMax }]],
});

/** Hands a mail to the queue of ise1; resolves after its first submission. */
export function send({ node }: NodeLab, subject = 'Hello', to = GUEST) {
  const composition = {
    kind: 'composed',
    type: 'test',
    from: MAILBOX,
    to: [to],
    cc: [],
    subject,
    text: 'Hi.\n',
  } as const;
  return node('ise1').context.mailer.sendQuietly({ ...composition });
}

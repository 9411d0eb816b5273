import { isIP } from 'node:net';
import { PACE_MAX, PACE_MIN } from '#libs/simulation';
import {
  missingPasswords,
  PASSWORD_ACCEPTED,
  PASSWORD_FILE_ACCEPTED,
  readPassword,
  readPasswordFile,
} from './passwords.ts';

/** What `isebed up` was told. */
export interface UpSettings {
  /** Where state is kept; undefined: in memory, gone at the end. */
  data: string | undefined;
  /** File of a tenant seed or an exported state; undefined: one healthy tenant. */
  tenant: string | undefined;
  /** How many times faster than real time; 0 stands still. */
  pace: number;
  json: boolean;
  showSecrets: boolean;
  host: string;
  /** Ports; 0 takes a free one. */
  httpsPort: number;
  smtpPort: number;
  apiPort: number;
  /** Of the first node's API; the others follow. 0: a free one for each. */
  nodePortBase: number;
  /** How the nodes' APIs are served. */
  nodeProtocol: 'http' | 'https';
  deployment: 'six-nodes' | 'standalone';
  /** Whether Exchange limits sessions, messages a minute and recipients a day as the real one does. */
  limits: 'real' | 'none';
  /** Records of the journal kept in memory. */
  journalMax: number;
  /** Mails that are kept; of more, the oldest go. */
  messagesMax: number;
  /** Asked for by the API, but for health; undefined: it asks nobody. */
  apiPassword: string | undefined;
  /** Of the administrator of the ISE nodes; undefined: the published one. */
  adminPassword: string | undefined;
}

/** One setting: its flag, and how its text is read. */
interface SettingForm<T> {
  flag: string;
  argument?: string;
  description: string;
  fallback: T;
  accepted: string;
  /** Undefined when the text is not of the accepted form. */
  read: (text: string) => T | undefined;
  /** A further environment variable, which holds the value itself; what it holds is never shown. */
  secret?: { variable: string; accepted: string; read: (text: string) => T | undefined };
}

const PORT_MAX = 65_535;

const JOURNAL_MAX = { min: 100, max: 10_000_000, usual: 100_000 } as const;
const MESSAGES_MAX = { min: 100, max: 1_000_000, usual: 10_000 } as const;

/** Every setting by its name; flag `--https-port` is the variable `ISEBED_HTTPS_PORT`. */
export const UP_SETTINGS: { readonly [Name in keyof UpSettings]: SettingForm<UpSettings[Name]> } = {
  data: {
    flag: '--data',
    argument: '<dir>',
    description: 'keep tenant, nodes, mails and keys in this folder (default: in memory)',
    fallback: undefined,
    accepted: 'the path of a folder',
    read: (text) => (text === '' ? undefined : text),
  },
  tenant: {
    flag: '--tenant',
    argument: '<file>',
    description: 'begin with the tenants of this seed, or of an exported state (default: one healthy tenant)',
    fallback: undefined,
    accepted: 'the path of a file',
    read: (text) => (text === '' ? undefined : text),
  },
  pace: {
    flag: '--time',
    argument: '<pace>',
    description: `real, paused, or xN: N times real time, ${PACE_MIN} to ${PACE_MAX}`,
    fallback: 1,
    accepted: `real, paused, or x followed by a number from ${PACE_MIN} to ${PACE_MAX}, such as x60`,
    read: readPace,
  },
  host: {
    flag: '--host',
    argument: '<address>',
    description: 'address to listen on',
    fallback: '127.0.0.1',
    accepted: 'an IP address of this machine, such as 127.0.0.1 or 0.0.0.0',
    read: (text) => (isIP(text) ? text : undefined),
  },
  httpsPort: port('--https-port', 'port of all Microsoft hosts that speak HTTPS', 8443),
  smtpPort: port('--smtp-port', 'port of SMTP submission', 1587),
  apiPort: port('--api-port', 'port of the API for mails and control', 8025),
  nodePortBase: port('--node-port-base', "port of the first node's API; the other nodes follow", 9443),
  nodeProtocol: {
    flag: '--node-protocol',
    argument: '<protocol>',
    description: "https, with certificates of the lab, or http: how the nodes' APIs are served",
    fallback: 'https',
    accepted: 'http or https',
    read: (text) => (text === 'http' || text === 'https' ? text : undefined),
  },
  deployment: {
    flag: '--deployment',
    argument: '<name>',
    description: 'six-nodes or standalone',
    fallback: 'six-nodes',
    accepted: 'six-nodes or standalone',
    read: (text) => (text === 'six-nodes' || text === 'standalone' ? text : undefined),
  },
  limits: {
    flag: '--limits',
    argument: '<which>',
    description: 'real: 3 sessions and 30 messages a minute per mailbox, 10,000 recipients a day; or none',
    fallback: 'real',
    accepted: 'real or none',
    read: (text) => (text === 'real' || text === 'none' ? text : undefined),
  },
  journalMax: bound('--journal-max', '<records>', 'records of the journal kept in memory', JOURNAL_MAX),
  messagesMax: bound('--messages-max', '<mails>', 'mails that are kept; of more, the oldest go', MESSAGES_MAX),
  apiPassword: password('api', 'password that the API asks for; needed beyond loopback'),
  adminPassword: password('admin', "password of the nodes' administrator; needed beyond loopback"),
  json: toggle('--json', 'print one JSON object on one line instead of a table'),
  showSecrets: toggle('--show-secrets', 'print the client secret too'),
};

/** The environment variable of a setting. */
export function variableOf(flag: string): string {
  return `ISEBED_${flag.slice(2).toUpperCase().replaceAll('-', '_')}`;
}

/** Texts as given on the command line, by the name that commander derives from the flag. */
export type GivenFlags = Readonly<Record<string, string | true | undefined>>;

/** Where the texts of settings come from; whoever reads one adds to `faults` what is not of the accepted form. */
export interface SettingSource {
  flags: GivenFlags;
  environment: Readonly<Record<string, string | undefined>>;
  faults: string[];
}

/** One setting: flag before environment before default. A faulty value is told, with the accepted form, and not used. */
export function readSetting<Name extends keyof UpSettings>(name: Name, source: SettingSource): UpSettings[Name] {
  const { flags, environment, faults } = source;
  const form = UP_SETTINGS[name];
  const variable = variableOf(form.flag);
  const flag = flags[attributeOf(form.flag)];
  const [text, origin] = flag === undefined ? [environment[variable], variable] : [flag, form.flag];
  if (text === undefined || (flag === undefined && text === '')) return secretOf(form, source) ?? form.fallback;
  const read = form.read(text === true ? 'true' : text);
  if (read === undefined) faults.push(`${origin}: "${text}" is not ${form.accepted}`);
  return read ?? form.fallback;
}

function secretOf<T>({ secret }: SettingForm<T>, { environment, faults }: SettingSource): T | undefined {
  const text = secret && environment[secret.variable];
  if (!secret || text === undefined || text === '') return undefined;
  const read = secret.read(text);
  if (read === undefined) faults.push(`${secret.variable} is not ${secret.accepted}`);
  return read;
}

/** All settings. `faults` names every faulty value, and what does not go together. */
export function readUpSettings(
  flags: GivenFlags,
  environment: SettingSource['environment'],
): { kind: 'settings'; settings: UpSettings } | { kind: 'faults'; faults: string[] } {
  const faults: string[] = [];
  const value = <Name extends keyof UpSettings>(name: Name): UpSettings[Name] =>
    readSetting(name, { flags, environment, faults });
  const settings: UpSettings = {
    data: value('data'),
    tenant: value('tenant'),
    pace: value('pace'),
    json: value('json'),
    showSecrets: value('showSecrets'),
    host: value('host'),
    httpsPort: value('httpsPort'),
    smtpPort: value('smtpPort'),
    apiPort: value('apiPort'),
    nodePortBase: value('nodePortBase'),
    nodeProtocol: value('nodeProtocol'),
    deployment: value('deployment'),
    limits: value('limits'),
    journalMax: value('journalMax'),
    messagesMax: value('messagesMax'),
    apiPassword: value('apiPassword'),
    adminPassword: value('adminPassword'),
  };
  if (faults.length === 0) faults.push(...sharedPorts(settings), ...missingPasswords(settings));
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'settings', settings };
}

/** `real`, `paused` or `xN` as a number of times real time. */
export function readPace(text: string): number | undefined {
  if (text === 'real') return 1;
  if (text === 'paused') return 0;
  const times = /^x(\d+(?:\.\d+)?)$/.exec(text)?.[1];
  const pace = Number(times ?? Number.NaN);
  return pace >= PACE_MIN && pace <= PACE_MAX ? pace : undefined;
}

export function paceText(pace: number): string {
  if (pace === 1) return 'real';
  return pace === 0 ? 'paused' : `x${pace}`;
}

/** Of several ports the settings that asked for the same one. */
function sharedPorts({ httpsPort, smtpPort, apiPort, nodePortBase, deployment }: UpSettings): string[] {
  const nodes = deployment === 'standalone' ? 1 : 6;
  if (nodePortBase > PORT_MAX - nodes + 1) {
    return [
      `--node-port-base: ${nodes} nodes need ports up to ${nodePortBase + nodes - 1}, and the last is ${PORT_MAX}`,
    ];
  }
  const taken = new Map<number, string>();
  const faults: string[] = [];
  const take = (wanted: number, flag: string): void => {
    const other = wanted === 0 ? undefined : taken.get(wanted);
    if (other !== undefined) faults.push(`${flag}: port ${wanted} is taken by ${other}`);
    taken.set(wanted, flag);
  };
  take(httpsPort, '--https-port');
  take(smtpPort, '--smtp-port');
  take(apiPort, '--api-port');
  for (let index = 0; index < nodes; index += 1) take(nodePortBase && nodePortBase + index, '--node-port-base');
  return faults;
}

/** The flag that asked for a port. */
export function flagOfPort(
  { httpsPort, smtpPort, apiPort }: Pick<UpSettings, 'httpsPort' | 'smtpPort' | 'apiPort'>,
  wanted: number,
): string {
  if (wanted === httpsPort) return '--https-port';
  if (wanted === smtpPort) return '--smtp-port';
  return wanted === apiPort ? '--api-port' : '--node-port-base';
}

function port(flag: string, description: string, fallback: number): SettingForm<number> {
  const accepted = `a port from 1 to ${PORT_MAX}, or 0 for a free one`;
  const read = (text: string): number | undefined =>
    /^\d{1,5}$/.test(text) && Number(text) <= PORT_MAX ? Number(text) : undefined;
  return { flag, argument: '<port>', description, fallback, accepted, read };
}

function bound(
  flag: string,
  argument: string,
  description: string,
  { min, max, usual }: { min: number; max: number; usual: number },
): SettingForm<number> {
  const read = (text: string): number | undefined => {
    const count = /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN;
    return count >= min && count <= max ? count : undefined;
  };
  return { flag, argument, description, fallback: usual, accepted: `a whole number from ${min} to ${max}`, read };
}

function password(of: 'api' | 'admin', description: string): SettingForm<string | undefined> {
  return {
    flag: `--${of}-password-file`,
    argument: '<file>',
    description: `file with the ${description}`,
    fallback: undefined,
    accepted: PASSWORD_FILE_ACCEPTED,
    read: readPasswordFile,
    secret: { variable: `ISEBED_${of.toUpperCase()}_PASSWORD`, accepted: PASSWORD_ACCEPTED, read: readPassword },
  };
}

function toggle(flag: string, description: string): SettingForm<boolean> {
  const read = (text: string): boolean | undefined => {
    if (text === 'true' || text === '1') return true;
    return text === 'false' || text === '0' ? false : undefined;
  };
  return { flag, description, fallback: false, accepted: 'true or false', read };
}

/** `--https-port` as commander names it. */
function attributeOf(flag: string): string {
  return flag.slice(2).replaceAll(/-(\w)/g, (_match, letter: string) => letter.toUpperCase());
}

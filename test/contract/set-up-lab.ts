import { Agent, request as httpsRequest } from 'node:https';
import { Random } from '#libs/simulation';
import type { EntraDirectory } from '#mocks/entra';
import {
  ExchangeAdminApi,
  runCommandLine,
  USUAL_SETTINGS,
  type ExchangeOnline,
  type ExchangeOrganization,
} from '#mocks/exchange';
import { LabPki } from '#mocks/pki';
import { callGraph, graphToken, inGraphLab, type GraphHttpAnswer, type GraphLab } from './graph-lab.ts';
import { acquireToken, httpRequest, sendMail, START } from './microsoft-lab.ts';

const DOMAIN = 'contoso.example';
export const SENDER = `ise@${DOMAIN}`;

/** The two ways to run a cmdlet. */
export type Surface = 'REST' | 'console';

interface Credential {
  clientId: string;
  value: string;
}

/** What became of a mail: the last reply, or where and why it failed. */
type MailOutcome =
  | { kind: 'sent'; reply: string }
  | { kind: 'no token'; aadsts: string }
  /** `at`: nodemailer's name for the stage; `reply`: its two codes; `reason`: Exchange's, from the journal. */
  | { kind: 'refused'; at: unknown; reply: string; reason: unknown };

/** A tenant with a domain and an application for its set-up, and nothing else. */
export interface EmptyTenant {
  tenantId: string;
  /** All that the two surfaces refused so far, as they worded it. */
  refusals: string[];
  /** Microsoft Graph over HTTPS, with the token of the application for the set-up. */
  graph: (method: string, path: string, body?: unknown) => Promise<GraphHttpAnswer['body']>;
  /** A cmdlet with its parameters, over the surface of this tenant. */
  cmdlet: (name: string, parameters: Record<string, string>) => Promise<void>;
  /** The first mail by msal-node and nodemailer. */
  firstMail: (credential: Credential) => Promise<MailOutcome>;
}

export function inEmptyTenant<T>(surface: Surface, test: (tenant: EmptyTenant) => Promise<T>): Promise<T> {
  return inGraphLab(async (lab) => {
    const { clock, journal, directory, online } = lab;
    const pki = await LabPki.issue({ validFrom: START, clock });
    const random = new Random('7').stream('set-up');
    const { tenantId } = directory.createTenant({ displayName: 'Contoso', verifiedDomains: [DOMAIN] });
    const organization = online.createOrganization({ tenantId, domain: DOMAIN, random: random.stream('organization') });
    giveMailboxesByLicense(directory, online);
    const administrator = directory.createAdministrator(tenantId);
    const adminApi = await new ExchangeAdminApi({
      online,
      keysOf: async (id) => JSON.parse((await httpRequest(lab, `/${id}/discovery/v2.0/keys`)).body),
      clock,
      journal,
      random,
      credentials: pki.serverCredentials('smtp'),
      settings: () => USUAL_SETTINGS,
    }).start();
    try {
      const refusals: string[] = [];
      const token = await graphToken(lab, administrator, tenantId);
      const connection = {
        lab,
        organization,
        port: adminApi.port,
        token: await adminToken(lab, tenantId, administrator),
      };
      return await test({
        tenantId,
        refusals,
        graph: async (method, path, body) => {
          const answer = await callGraph(lab, method, path, body, { token });
          if (answer.status >= 400) refusals.push(`${answer.status} ${answer.body.error.message}`);
          return answer.body;
        },
        cmdlet: async (name, parameters) => {
          const run = surface === 'REST' ? invoke : type;
          const failure = await run(connection, name, parameters);
          if (failure !== undefined) refusals.push(failure);
        },
        firstMail: (credential) => firstMail(lab, tenantId, credential),
      });
    } finally {
      await adminApi.close();
    }
  });
}

/** A user whose licence holds an Exchange plan has a mailbox. */
function giveMailboxesByLicense(directory: EntraDirectory, online: ExchangeOnline): void {
  directory.onChange(({ what, tenantId = '', id = '' }) => {
    const user = what === 'license' ? directory.users.find(tenantId, id) : undefined;
    const organization = online.findByTenant(tenantId);
    if (!user || !organization || !directory.users.hasMailboxPlan(tenantId, id)) return;
    organization.createMailbox({ address: user.userPrincipalName, displayName: user.displayName });
  });
}

/** The lab as a client of this tenant sees it. */
function seenBy(lab: GraphLab, tenantId: string, { clientId, value }: Credential): GraphLab {
  return { ...lab, tenantId, application: { ...lab.application, clientId }, secret: { ...lab.secret, value } };
}

function adminToken(lab: GraphLab, tenantId: string, administrator: Credential): Promise<string> {
  return acquireToken(seenBy(lab, tenantId, administrator), 'https://outlook.office365.com/.default');
}

interface Connection {
  lab: GraphLab;
  organization: ExchangeOrganization;
  port: number;
  token: string;
}

/** Gives the error, as `code|type|text`, if there is one. */
function invoke({ lab, organization, port, token }: Connection, CmdletName: string, Parameters: object) {
  return new Promise<string | undefined>((resolve, reject) => {
    const outgoing = httpsRequest(
      {
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: `/adminapi/beta/${organization.tenantId}/InvokeCommand`,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        agent: new Agent({ ca: lab.smtpRoot, servername: 'outlook.office365.com' }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = JSON.parse(Buffer.concat(chunks).toString());
          resolve(response.statusCode === 200 ? undefined : answer.error.details[0].message);
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify({ CmdletInput: { CmdletName, Parameters } }));
  });
}

async function type({ lab, organization }: Connection, name: string, parameters: Record<string, string>) {
  const { online, clock } = lab;
  const line = [name, ...Object.entries(parameters).map(([key, value]) => `-${key} "${value}"`)].join(' ');
  const result = runCommandLine(line, { online, organization, settings: USUAL_SETTINGS, clock });
  return result.kind === 'failed' ? result.text : undefined;
}

async function firstMail(lab: GraphLab, tenantId: string, credential: Credential): Promise<MailOutcome> {
  const client = seenBy(lab, tenantId, credential);
  try {
    const token = await acquireToken(client);
    return { kind: 'sent', reply: await sendMail(client, token, { from: SENDER, cc: SENDER }, SENDER) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [, aadsts] = /(AADSTS\d+)/.exec(error.message) ?? [];
    if (aadsts !== undefined) return { kind: 'no token', aadsts };
    if (!('command' in error && 'response' in error && typeof error.response === 'string')) throw error;
    const refused = lab.journal.records.findLast(({ kind }) => /^exchange\..*-refused$/.test(kind));
    return { kind: 'refused', at: error.command, reply: error.response.slice(0, 9), reason: refused?.['reason'] };
  }
}

import type { LiveTestbed } from './live-testbed.ts';
import { paceText } from './up-settings.ts';

/** Where everything of a live testbed is: what `isebed up --json` prints. */
export interface Whereabouts {
  https: { host: string; port: number; names: string[] };
  smtp: { host: string; port: number; name: string };
  api: { url: string; openApi: string };
  nodes: { name: string; personas: string[]; url: string }[];
  /** On the HTTPS port, under the names of the nodes that serve them. */
  portals: { node: string; sponsor: string; guest: string; selfRegistration: string }[];
  administrator: { userName: string };
  labRoots: string;
  tenantId: string;
  clientId: string;
  mailbox: string;
  /** Whether the SMTP Server page of ISE took the settings; else what it showed. */
  smtpSettings: string;
  /** Where its value can be read; never the value itself. */
  clientSecret: { file?: string; api: string; value?: string };
  time: { now: string; pace: string };
}

export function whereaboutsOf(
  live: LiveTestbed,
  options: { apiPort: number; administrator: string; showSecrets: boolean },
): Whereabouts {
  const { settings, clock, clientSecretFile, rootsFile } = live;
  const { testbed, smtpSettingsRefusal } = live.world;
  const { microsoft } = testbed;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  const api = `http://${host}:${options.apiPort}`;
  return {
    https: { host: settings.host, port: live.httpsPort, names: [...microsoft.httpListeners.keys()] },
    smtp: { host: settings.host, port: microsoft.smtp?.port ?? 0, name: 'smtp.office365.com' },
    api: { url: api, openApi: `${api}/api/openapi.json` },
    nodes: testbed.deployment.nodes.map(({ name, personas }) => ({
      name,
      personas: [...personas],
      url: `${settings.nodeProtocol}://${host}:${testbed.rack.httpPortOf(name)}`,
    })),
    portals: [...testbed.portals.keys()].map((node) => {
      const base = `https://${node}:${live.httpsPort}`;
      const guest = `${base}/portal`;
      return { node, sponsor: `${base}/sponsorportal`, guest, selfRegistration: `${guest}/self-registration` };
    }),
    administrator: { userName: options.administrator },
    labRoots: rootsFile,
    tenantId: microsoft.tenant.tenantId,
    clientId: microsoft.clientId,
    mailbox: microsoft.mailbox,
    smtpSettings: smtpSettingsRefusal === undefined ? 'saved' : `not saved: ${smtpSettingsRefusal}`,
    clientSecret: {
      ...(clientSecretFile === undefined ? {} : { file: clientSecretFile }),
      api: `${api}/isebed/v1/client-secrets/current`,
      ...(options.showSecrets ? { value: live.clientSecret } : {}),
    },
    time: { now: clock.timestamp(), pace: paceText(clock.pace) },
  };
}

/** The same as a table for people. */
export function whereaboutsTable(where: Whereabouts): string {
  const { https, smtp, api, nodes, portals, clientSecret } = where;
  const secret = clientSecret.file ?? `GET ${clientSecret.api} as ${where.administrator.userName}`;
  const rows: [string, string][] = [
    ['HTTPS', `${https.host}:${https.port}   ${https.names.join(', ')}`],
    ['SMTP', `${smtp.host}:${smtp.port}   ${smtp.name}, STARTTLS`],
    ['API', `${api.url}   mails, sessions, journal, time; described in /api/openapi.json`],
    ...nodes.map(({ name, personas, url }): [string, string] => [name, `${url}   ${personas.join(', ')}`]),
    ...portals.map(({ sponsor, guest }): [string, string] => ['Portals', `${sponsor}, ${guest}`]),
    ['Lab roots', where.labRoots],
    ['Tenant ID', where.tenantId],
    ['Client ID', where.clientId],
    ['Mailbox', where.mailbox],
    ...(where.smtpSettings === 'saved' ? [] : [['ISE mail', where.smtpSettings] satisfies [string, string]]),
    ['Client secret', clientSecret.value ?? `in ${secret}`],
    ['Time', `${where.time.pace}, ${where.time.now}`],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `${label.padEnd(width)}  ${text}\n`).join('');
}

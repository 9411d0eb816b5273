import { CONFIG_KEYS } from '#apps/ise-node';
import { sixNodeDeployment } from '#libs/deployment';
import { START } from './microsoft-lab.ts';
import { GUEST, inNodeLab, type NodeLab, type NodeLabSettings } from './node-lab.ts';

/* Six nodes, and what tests of their deployment do with them. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
const SIX = sixNodeDeployment();

export const inSixNodes = (
  test: (lab: NodeLab) => Promise<void>,
  config: NodeLabSettings['config'] = [],
): Promise<void> => inNodeLab({ deployment: SIX, config, debugLog: 'INFO' }, test);

export const promote = (lab: NodeLab, pan: string) => lab.call(pan, 'POST', 'deployment/promote');
export const setProxy = (lab: NodeLab, pan: string, host: string) => lab.call(pan, 'PUT', 'proxy', { body: { host } });
export const proxyOn = ({ node }: NodeLab, name: string) => node(name).context.settings.proxy.host;
export const rolesOn = ({ node }: NodeLab, name: string): string[] => {
  const { deployment } = node(name).context.settings;
  return deployment.nodes.map((each) => `${each.name} ${deployment.roleLabel(each)}`.trim());
};
export const positions = ({ node }: NodeLab, names: readonly string[]) =>
  names.map((name) => node(name).context.store.position);
export const ALL = SIX.nodes.map(({ name }) => name);

/** A guest whose expiry mail is due at this instant. */
export function guestDueAt(username: string, dueAt: number): readonly [string, unknown] {
  const account = {
    id: username,
    username,
    password: 'p',
    firstName: 'Ada',
    lastName: username,
    emailAddress: GUEST,
    guestType: 'Short visit',
    validFrom: START,
    validTo: dueAt + 6 * HOUR_MS,
    state: 'Active',
    createdAt: START,
  };
  return [CONFIG_KEYS.guest(username), account];
}
export const SHORT_VISIT = [
  CONFIG_KEYS.guestType('Short visit'),
  {
    name: 'Short visit',
    durationMsMax: 5 * 24 * HOUR_MS,
    defaultDurationMs: 24 * HOUR_MS,
    allowGuestPortalBypass: false,
    expirationNotification: { enabled: true, sendEmail: true, advanceMs: 6 * HOUR_MS, text: 'Ends soon.' },
  },
] as const;

import { GUEST_ACCESS_KEYS } from '#apps/ise-node';
import { DEFAULT_SPONSOR_GROUPS, hashSponsorPassword, sponsorGroupSchema, type SponsorGroup } from '#libs/guests';
import type { InitialConfig } from '#apps/ise-node';
import { ers, type ApiAnswer, type ApiCall } from './ers-lab.ts';
import { MAILBOX } from './microsoft-lab.ts';
import type { NodeLab } from './node-lab.ts';

export const SPONSOR = { userName: 'anna', password: 'Lab-Sponsor-1' };

type Permissions = Partial<SponsorGroup['otherPermissions']>;

/** The sponsor anna, whose group may use REST, and further permissions as given. */
export function sponsorConfig(permissions: Permissions = {}, group: object = {}): InitialConfig {
  const otherPermissions = { canAccessViaRest: true, ...permissions };
  const [all] = DEFAULT_SPONSOR_GROUPS;
  const changed = sponsorGroupSchema.parse({ name: all?.name, otherPermissions, ...group });
  const passwordHash = hashSponsorPassword(SPONSOR.password, '00ff');
  return [
    [GUEST_ACCESS_KEYS.sponsorGroup(changed.name), changed],
    ['sponsor/anna', { username: 'anna', emailAddress: MAILBOX, passwordHash }],
    ['sponsor/otto', { username: 'otto', passwordHash, groups: ['OWN_ACCOUNTS (default)'] }],
  ];
}

/** As the sponsor anna. */
export const asSponsor = (
  lab: NodeLab,
  method: string,
  path: string,
  call: ApiCall = {},
  node?: string,
): Promise<ApiAnswer> => ers(lab, method, `guestuser${path}`, { credentials: SPONSOR, ...call }, node);

/** The id of the built-in sponsor portal. */
export async function sponsorPortalId(lab: NodeLab, node?: string): Promise<string> {
  return (await ers(lab, 'GET', 'sponsorportal', {}, node)).json.SearchResult.resources[0].id;
}

/** A guest as clients write one; the lab's clock shows 2026-02-02. */
export const guestBody = (portalId: string, info: object = {}, more: object = {}) => ({
  GuestUser: {
    guestType: 'Contractor (default)',
    portalId,
    guestInfo: { firstName: 'Gina', lastName: 'Guest', emailAddress: 'gina@visitor.example', ...info },
    guestAccessInfo: { validDays: 10, fromDate: '02/02/2026 00:00', toDate: '02/12/2026 12:00', location: 'San Jose' },
    ...more,
  },
});

/** Creates a guest; the id. */
export async function createGuest(lab: NodeLab, info: object = {}, more: object = {}, node?: string): Promise<string> {
  const body = guestBody(await sponsorPortalId(lab, node), info, more);
  const created = await asSponsor(lab, 'POST', '', { body }, node);
  expect([created.status, created.text]).toEqual([201, '']);
  return created.headers['location']?.split('/').at(-1) ?? '';
}

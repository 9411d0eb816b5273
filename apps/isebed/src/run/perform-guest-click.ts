import PostalMime from 'postal-mime';
import { SELF_REGISTRATION_PORTAL } from '#apps/ise-node';
import type { GuestPageClick } from '#libs/scenario';
import type { NodeAnswer } from '../testbed/node-api.ts';
import type { ScenarioWorld } from './scenario-world.ts';

type GuestClick = GuestPageClick & { readonly node: string };

/** The request that a button of the guest access pages and portals makes. */
export async function requestOfGuestPage(step: GuestClick, world: ScenarioWorld): Promise<NodeAnswer> {
  const api = world.testbed.api(step.node);
  switch (step.page) {
    case 'Sponsor Portal':
      return requestOfSponsorPortal(step, world);
    case 'Self-Registration Portal':
      return api.call('POST', 'self-registration', step.fields);
    case 'Approval Mail': {
      const token = await tokenFor(step.fields.guest, step.button, world);
      if (token === undefined) return { status: 404, body: { message: 'There is no approval mail for this guest' } };
      return api.call('POST', 'self-registration/approval', { token });
    }
    case 'Guest Portal': {
      const { guest: username, ...typed } = step.fields;
      const credentials = { username, password: passwordOf(username, world), ...typed };
      return api.call('POST', `guest-portal/${step.button === 'Sign In' ? 'sign-in' : 'password'}`, credentials);
    }
    case 'Sponsor Groups':
      return api.call('PUT', 'sponsor-groups', step.fields);
    case 'Self-Registration Settings':
      return api.call('PUT', 'self-registration-portals', { name: SELF_REGISTRATION_PORTAL, ...step.fields });
    case 'Guest Account Purge Policy':
      return api.call('POST', 'guests/purge');
  }
}

function requestOfSponsorPortal(
  step: Extract<GuestClick, { page: 'Sponsor Portal' }>,
  { given, testbed }: ScenarioWorld,
): Promise<NodeAnswer> {
  const api = testbed.api(step.node);
  const sponsor = step.fields.sponsor ?? given.sponsors[0]?.username;
  const { copyMe, sendSummary, notify } = step.fields;
  const choice = { sponsor, copyMe, sendSummary, notify };
  const perform = (guest: string | readonly string[], command: object): Promise<NodeAnswer> =>
    api.call('POST', 'sponsor-portal/operations', { ...choice, guests: [guest].flat(), command });

  switch (step.button) {
    case 'Create':
      return api.call('POST', 'sponsor-portal/guests', { ...step.fields, sponsor });
    case 'Create Random':
      return api.call('POST', 'sponsor-portal/guests/random', { ...step.fields, sponsor });
    case 'Import':
      return api.call('POST', 'sponsor-portal/guests/import', { ...step.fields, sponsor });
    case 'Resend':
      return api.call('POST', `sponsor-portal/guests/${encodeURIComponent(step.fields.guest)}/resend`, choice);
    case 'Edit': {
      const { guest, sponsor: _who, copyMe: _copy, sendSummary: _summary, notify: _notify, ...changes } = step.fields;
      return perform(guest, { operation: 'edit', changes });
    }
    case 'Extend':
      return perform(step.fields.guest, { operation: 'extend', byDays: step.fields.byDays });
    case 'Suspend':
    case 'Deny':
      return perform(step.fields.guest, { operation: OPERATIONS[step.button], reason: step.fields.reason });
    case 'Reinstate':
    case 'Delete':
    case 'Reset Password':
    case 'Approve':
      return perform(step.fields.guest, { operation: OPERATIONS[step.button] });
  }
}

const OPERATIONS = {
  Suspend: 'suspend',
  Deny: 'deny',
  Reinstate: 'reinstate',
  Delete: 'delete',
  'Reset Password': 'resetPassword',
  Approve: 'approve',
} as const;

/** The guest has it from a mail or from paper. */
function passwordOf(username: string, { testbed, primaryPan }: ScenarioWorld): string {
  return testbed.node(primaryPan).context.settings.guest(username)?.password ?? '';
}

/** The token of the link in the latest approval mail about this guest, as the approver finds it. */
async function tokenFor(
  guest: string,
  button: 'Approve' | 'Deny',
  { testbed }: ScenarioWorld,
): Promise<string | undefined> {
  const { clock, microsoft } = testbed;
  for (const { raw } of microsoft.online.messages.toReversed()) {
    const { text = '' } = await clock.hold(() => PostalMime.parse(raw));
    const [approve, deny] = [...text.matchAll(/\/portal\/approval\?token=([0-9a-f]+)/g)].map(([, token]) => token);
    if (approve !== undefined && text.includes(guest)) return button === 'Approve' ? approve : deny;
  }
  return undefined;
}

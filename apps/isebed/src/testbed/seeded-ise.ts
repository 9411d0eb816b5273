import type { SeededTenant, TenantSeed } from '#libs/tenant-seed';

/** What ISE is set up with. */
export function iseOf({ ise, tenants }: TenantSeed): { tenant: SeededTenant; application?: string; mailbox: string } {
  const has = ({ applications }: SeededTenant): boolean =>
    applications.some(({ name }) => ise.application === undefined || same(name, ise.application));
  const [first] = tenants;
  const tenant = tenants.find(({ name }) => ise.tenant !== undefined && same(name, ise.tenant)) ?? tenants.find(has);
  const home = tenant ?? first;
  if (!home) throw new RangeError('a seed has at least one tenant');
  const wanted = home.applications.find(({ name }) => ise.application !== undefined && same(name, ise.application));
  const application = (wanted ?? home.applications[0])?.name;
  const mailbox =
    ise.mailbox ??
    home.users.find(({ licensed }) => licensed)?.userPrincipalName ??
    home.exchange.sharedMailboxes[0]?.address ??
    '';
  return { tenant: home, mailbox: mailbox.toLowerCase(), ...(application === undefined ? {} : { application }) };
}

/** Names in a seed refer to each other whatever the case. */
export function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

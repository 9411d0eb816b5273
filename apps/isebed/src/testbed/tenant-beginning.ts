import { TestbedError } from '#libs/diagnosis';
import type { Random } from '#libs/simulation';
import { parseTenantSeed, type TenantSeed } from '#libs/tenant-seed';
import { EntraDirectory } from '#mocks/entra';
import { ExchangeOnline } from '#mocks/exchange';
import { FIRST_SECRET, LAB_MAILBOX, LAB_TENANT_DOMAIN, type MicrosoftState } from './microsoft-state.ts';
import { SeedIds } from './seed-ids.ts';
import { iseOf } from './seeded-ise.ts';
import { plantSeed } from './tenant-planting.ts';
import type { TenantSource } from './tenant-source.ts';

export interface BeginningOptions {
  /** When the testbed begins, epoch milliseconds. */
  now: number;
  random: Random;
  /** When the client secret of the healthy tenant ends; default: a year from now. */
  secretEndsAt?: number | undefined;
}

/**
 * The state that a source begins with; without one, that of a healthy tenant. `empty` is a tenant that nobody has set up. `leftOpen` are the paths of what a seed
 * does not say, as a comparison names them.
 *
 * @throws TestbedError when directory or organization refuse what the seed says
 */
export function beginningOf(
  source: TenantSource | 'empty' | undefined,
  { now, random, secretEndsAt }: BeginningOptions,
): { state: MicrosoftState; leftOpen: ReadonlySet<string> } {
  if (source === undefined || source === 'empty') {
    const seed = source ? emptySeed() : healthySeed(secretEndsAt);
    const state = plantSeed(seed, { now, random, ids: new SeedIds(), ageMs: 0 });
    return { state: { ...state, mailbox: LAB_MAILBOX }, leftOpen: new Set() };
  }
  if (source.kind === 'state') {
    checkState(source.state, random);
    return { state: source.state, leftOpen: new Set() };
  }
  const ids = new SeedIds(random.stream('seed'));
  const state = plantSeed(source.seed, { now, random, ids });
  return { state, leftOpen: ids.leftOpen };
}

/** The mailbox that ISE will send from; in an empty tenant the address that it will have. */
export function mailboxOf(source: TenantSource | 'empty' | undefined): string {
  if (source === undefined || source === 'empty') return LAB_MAILBOX;
  return source.kind === 'state' ? source.state.mailbox : iseOf(source.seed).mailbox;
}

/** Whether its parts fit together, which their form does not say. */
function checkState({ entra, exchange, tenantDomain }: MicrosoftState, random: Random): void {
  const directory = EntraDirectory.fromState(entra, { clock: { now: () => 0 }, random });
  ExchangeOnline.fromState(exchange, { random });
  if (directory.findTenant(tenantDomain)) return;
  throw new TestbedError('tenant.domain-unknown', `no tenant has the domain ${tenantDomain} of "tenantDomain"`, {
    remedy: 'Name a verified domain of the tenant that ISE uses.',
  });
}

/** SMTP AUTH is off in it, as in tenants since January 2020 (fact sheet microsoft 5.5). */
function emptySeed(): TenantSeed {
  const exchange = { smtpClientAuthenticationDisabled: true };
  return parseTenantSeed({ tenants: [{ name: 'isebed', domains: [LAB_TENANT_DOMAIN], exchange }] });
}

function healthySeed(secretEndsAt: number | undefined): TenantSeed {
  const seed = parseTenantSeed({
    tenants: [
      {
        name: 'isebed',
        domains: [LAB_TENANT_DOMAIN],
        users: [{ userPrincipalName: LAB_MAILBOX }],
        applications: [{ name: 'ISE mail', secrets: [{ name: FIRST_SECRET }] }],
      },
    ],
  });
  const [secret] = seed.tenants[0]?.applications[0]?.secrets ?? [];
  if (secret && secretEndsAt !== undefined) secret.endsOn = secretEndsAt;
  return seed;
}

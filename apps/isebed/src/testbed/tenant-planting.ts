import {
  ADMINISTRATOR_APPLICATION,
  type SeededApplication,
  type SeededTenant,
  type TenantSeed,
} from '#libs/tenant-seed';
import type { Random } from '#libs/simulation';
import { EntraDirectory, type Application } from '#mocks/entra';
import { ExchangeOnline } from '#mocks/exchange';
import { MailboxesByLicense } from './mailboxes-by-license.ts';
import {
  ADMINISTRATOR_SECRET,
  FIRST_SECRET,
  microsoftStateSchema,
  type MicrosoftState,
  type NotedSecret,
} from './microsoft-state.ts';
import { defined, plantExchange, plantExchangeService } from './tenant-planting-exchange.ts';
import type { SeedIds } from './seed-ids.ts';
import { iseOf, same } from './seeded-ise.ts';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;

/** What a seed describes has been there for that long when the testbed begins: nothing of it is still on its way. */
const SEED_AGE_MS = DAY_MS;

export interface PlantingOptions {
  /** When the testbed begins, epoch milliseconds. */
  now: number;
  random: Random;
  ids: SeedIds;
  /** How old everything is at the start; default a day. */
  ageMs?: number;
}

/**
 * The state of Entra and Exchange that a seed describes: the same for the same seed, chance and instant. Everything is
 * done through the operations of directory and organization.
 *
 * @throws TestbedError for what they refuse
 */
export function plantSeed(seed: TenantSeed, options: PlantingOptions): MicrosoftState {
  return new Planting(seed, options).state();
}

class Planting {
  private readonly directory: EntraDirectory;
  private readonly online: ExchangeOnline;
  private readonly bornAt: number;
  private readonly exchangeRandom: Random;
  private readonly secrets: MicrosoftState['secrets'] = [];
  private readonly ise: ReturnType<typeof iseOf>;
  private iseApplication: Application | undefined;

  constructor(
    private readonly seed: TenantSeed,
    private readonly options: PlantingOptions,
  ) {
    const { random, now, ageMs = SEED_AGE_MS } = options;
    this.bornAt = now - ageMs;
    const clock = { now: () => this.bornAt };
    this.directory = new EntraDirectory({ clock, random: random.stream('directory') });
    this.online = new ExchangeOnline({ clock });
    this.exchangeRandom = random.stream('exchange');
    this.ise = iseOf(seed);
  }

  state(): MicrosoftState {
    const { tenants, entra, exchange } = this.seed;
    new MailboxesByLicense(this.directory, this.online);
    const planted = tenants.map((tenant) => this.tenant(tenant));
    // Only now are all applications there that other tenants may have as well.
    for (const { tenant, tenantId, applications } of planted) {
      for (const application of this.foreignApplications(tenant, tenantId)) applications.push(application);
      this.policies(tenant, tenantId, applications);
      const organization = this.online.findByTenant(tenantId);
      if (organization) plantExchange(tenant, organization, applications);
      this.withoutServicePrincipals(tenant, tenantId);
      if (tenant.administrator) this.administrator(tenant, tenantId);
    }
    const { secretReplicationLag, secretRemovalLag, newApplicationLag, serviceHealth } = entra;
    this.directory.changeSettings({
      ...(secretReplicationLag === undefined ? {} : { secretReplicationLagMs: secretReplicationLag }),
      ...(secretRemovalLag === undefined ? {} : { secretRemovalLagMs: secretRemovalLag }),
      ...(newApplicationLag === undefined ? {} : { newApplicationLagMs: newApplicationLag }),
      ...(serviceHealth === undefined ? {} : { serviceHealth }),
    });
    return microsoftStateSchema.parse({
      entra: this.directory.exportState(),
      exchangeSettings: plantExchangeService(exchange, this.online),
      exchange: this.online.exportState(),
      ...(this.iseApplication && { application: this.iseApplication }),
      mailbox: this.ise.mailbox,
      tenantDomain: this.ise.tenant.domains[0] ?? '',
      secrets: this.secrets,
    });
  }

  private tenant(tenant: SeededTenant) {
    const { directory, online, options } = this;
    const { name, domains, unverifiedDomains, seats, exchange } = tenant;
    const id = options.ids.pick(tenant.tenantId, name, 'tenantId');
    const created = directory.createTenant({
      displayName: name,
      verifiedDomains: domains,
      ...(id === undefined ? {} : { tenantId: id }),
    });
    const { tenantId } = created;
    for (const sku of created.subscribedSkus) sku.seats = seats;
    for (const domain of unverifiedDomains) directory.addDomain(tenantId, domain);
    const [domain = '', ...others] = domains;
    const random = this.exchangeRandom.stream(`organization ${domain}`);
    const organization = online.createOrganization({ tenantId, domain, random });
    for (const other of others) organization.addAcceptedDomain({ name: other, type: 'authoritative' });
    for (const relay of exchange.relayDomains) organization.addAcceptedDomain({ name: relay, type: 'internal-relay' });
    for (const user of tenant.users) this.user(tenant, tenantId, user);
    const applications = tenant.applications.map((application) => this.application(tenant, tenantId, application));
    return { tenant, tenantId, applications };
  }

  private user({ name }: SeededTenant, tenantId: string, user: SeededTenant['users'][number]): void {
    const { userPrincipalName, licensed, mailbox, displayName = userPrincipalName } = user;
    const { givenName = null, surname = null, jobTitle = null, accountEnabled, usageLocation } = user;
    const id = this.options.ids.pick(user.id, name, 'users', userPrincipalName, 'id');
    const { users } = this.directory;
    users.create(tenantId, {
      userPrincipalName,
      displayName,
      mailNickname: userPrincipalName.split('@')[0] ?? '',
      givenName,
      surname,
      jobTitle,
      accountEnabled,
      usageLocation,
      ...(id === undefined ? {} : { id }),
    });
    const organization = this.online.findByTenant(tenantId);
    const skus = this.directory.findTenant(tenantId)?.subscribedSkus ?? [];
    if (licensed) users.assignLicenses(tenantId, userPrincipalName, { add: skus.map(({ skuId }) => ({ skuId })) });
    if (!mailbox) return;
    if (!licensed) organization?.createMailbox({ address: userPrincipalName, displayName, hasLicense: false });
    const { aliases, ...details } = mailbox;
    const lowerCase = aliases.map((alias) => alias.toLowerCase());
    organization?.setMailbox(userPrincipalName, { ...defined(details), aliases: lowerCase });
  }

  private application(tenant: SeededTenant, tenantId: string, seeded: SeededApplication) {
    const { directory, options } = this;
    const { name, multitenant, enabled, disabledByMicrosoft, permissions, adminConsent } = seeded;
    const id = (given: string | undefined, key: string): string | undefined =>
      options.ids.pick(given, tenant.name, 'applications', name, key);
    const application = directory.registerApplication(tenantId, {
      displayName: name,
      clientId: id(seeded.clientId, 'clientId'),
      objectId: id(seeded.objectId, 'objectId'),
      servicePrincipalObjectId: id(seeded.enterpriseObjectId, 'enterpriseObjectId'),
      signInAudience: multitenant ? 'AzureADMultipleOrgs' : 'AzureADMyOrg',
    });
    const { clientId } = application;
    for (const permission of permissions) directory.addPermission(tenantId, clientId, permission);
    if (adminConsent) directory.grantAdminConsent(tenantId, clientId);
    if (disabledByMicrosoft) directory.applications.update(tenantId, clientId, { disabledByMicrosoft });
    if (!enabled) directory.setApplicationEnabled(tenantId, clientId, false);
    if (seeded.globalAdministrator) directory.makeGlobalAdministrator(tenantId, clientId);
    const { trustedCertificateSubjects } = seeded;
    if (trustedCertificateSubjects.length > 0) {
      directory.applications.update(tenantId, clientId, { trustedCertificateSubjects });
    }
    const isIse = tenant === this.ise.tenant && name === this.ise.application;
    if (isIse) this.iseApplication = application;
    this.credentials(tenant, tenantId, seeded, { clientId, isIse });
    return { ...application, permissions };
  }

  private credentials(
    tenant: SeededTenant,
    tenantId: string,
    { name, secrets, certificates }: SeededApplication,
    { clientId, isIse }: { clientId: string; isIse: boolean },
  ): void {
    const { directory, options } = this;
    const id = (given: string | undefined, ...path: string[]): string | undefined =>
      options.ids.pick(given, tenant.name, 'applications', name, ...path);
    const present = secrets ?? (certificates.length > 0 ? [] : [{ name: FIRST_SECRET }]);
    const current = present.find((secret) => secret.name === FIRST_SECRET) ?? present[0];
    for (const secret of present) {
      const { startsOn, endsOn } = secret;
      const endsAt = endsOn ?? (startsOn ?? options.now) + YEAR_MS;
      const startsAt = startsOn ?? (endsAt > this.bornAt ? this.bornAt : endsAt - YEAR_MS);
      if (startsOn === undefined)
        options.ids.note(tenant.name, 'applications', name, 'secrets', secret.name, 'startsOn');
      if (endsOn === undefined) options.ids.note(tenant.name, 'applications', name, 'secrets', secret.name, 'endsOn');
      const created = directory.addSecret(tenantId, clientId, {
        displayName: secret.name,
        startsAt,
        endsAt,
        secretId: id(secret.secretId, 'secrets', secret.name, 'secretId'),
        value: secret.value,
      });
      if (secret.value === undefined) {
        options.ids.note(tenant.name, 'applications', name, 'secrets', secret.name, 'value');
      }
      const known = isIse && secret === current ? FIRST_SECRET : secret.name;
      const noted = isIse ? known : `${tenant.name}/${name}/${secret.name}`;
      this.note(noted, { id: created.secretId, value: created.value, clientId });
    }
    for (const { name: displayName, keyId, certificate, revoked } of certificates) {
      const added = directory.applications.addCertificate(tenantId, clientId, {
        certificatePem: certificate,
        displayName,
        keyId: id(keyId, 'certificates', displayName, 'keyId'),
      });
      if (revoked) directory.applications.revokeCertificate(tenantId, clientId, added.keyId);
    }
  }

  private foreignApplications(tenant: SeededTenant, tenantId: string) {
    const { directory, options } = this;
    return tenant.foreignApplications.map(({ name, tenant: home, enterpriseObjectId, adminConsent, enabled }) => {
      const registration = directory.tenants
        .find(({ displayName }) => same(displayName, home))
        ?.applications.find(({ displayName }) => same(displayName, name));
      const appId = registration?.clientId ?? '';
      const objectId = options.ids.pick(
        enterpriseObjectId,
        tenant.name,
        'foreign applications',
        name,
        'enterpriseObjectId',
      );
      const principal = directory.servicePrincipals.create(tenantId, { appId, objectId });
      if (adminConsent) directory.grantAdminConsent(tenantId, appId);
      if (!enabled) directory.servicePrincipals.update(tenantId, appId, { accountEnabled: false });
      return {
        clientId: appId,
        displayName: name,
        objectId: registration?.objectId ?? '',
        servicePrincipalObjectId: principal.objectId,
        permissions:
          this.seed.tenants
            .find((other) => same(other.name, home))
            ?.applications.find((application) => same(application.name, name))?.permissions ?? [],
      };
    });
  }

  private policies({ policies }: SeededTenant, tenantId: string, applications: readonly Application[]): void {
    const { tokenLifetime, continuousAccessEvaluation, throttling, graphThrottling, loopDetection } = policies;
    const blocked = policies.blockedByConditionalAccess?.map(
      (text) => applications.find(({ displayName }) => same(displayName, text))?.clientId ?? text.toLowerCase(),
    );
    this.directory.changePolicies(tenantId, {
      ...(tokenLifetime === undefined ? {} : { tokenLifetimeS: tokenLifetime / 1_000 }),
      ...(continuousAccessEvaluation === undefined ? {} : { continuousAccessEvaluation }),
      ...(blocked && { blockedByConditionalAccess: blocked }),
      ...(throttling && {
        throttling: { ...windowOf(throttling), retryAfterS: throttling.retryAfter / 1_000, answer: throttling.answer },
      }),
      ...(graphThrottling && {
        graphThrottling: { ...windowOf(graphThrottling), retryAfterS: graphThrottling.retryAfter / 1_000 },
      }),
      ...(loopDetection && { loopDetection: windowOf(loopDetection) }),
    });
  }

  /** Last, since Exchange may have been told of them before they were deleted. */
  private withoutServicePrincipals({ applications }: SeededTenant, tenantId: string): void {
    const tenant = this.directory.findTenant(tenantId);
    for (const { name, hasServicePrincipal } of applications) {
      const clientId = tenant?.applications.find(({ displayName }) => displayName === name)?.clientId;
      if (!hasServicePrincipal && clientId) this.directory.servicePrincipals.delete(tenantId, clientId);
    }
  }

  private administrator({ name }: SeededTenant, tenantId: string): void {
    const { ids } = this.options;
    const application = [name, 'applications', ADMINISTRATOR_APPLICATION];
    for (const key of ['startsOn', 'endsOn', 'value']) ids.note(...application, 'secrets', 'set-up', key);
    const pick = (key: string): string | undefined => ids.pick(undefined, ...application, key);
    const { secretId, value, clientId } = this.directory.createAdministrator(
      tenantId,
      defined({
        clientId: pick('clientId'),
        objectId: pick('objectId'),
        servicePrincipalObjectId: pick('enterpriseObjectId'),
        secretId: ids.pick(undefined, ...application, 'secrets', 'set-up', 'secretId'),
      }),
    );
    const isIse = name === this.ise.tenant.name;
    const noted = isIse ? ADMINISTRATOR_SECRET : `${name}/${ADMINISTRATOR_SECRET}`;
    this.note(noted, { id: secretId, value, clientId });
  }

  private note(name: string, secret: NotedSecret): void {
    this.secrets.push({ name, ...secret });
  }
}

function windowOf({ requestsMax, window }: { requestsMax: number; window: number }) {
  return { requestsMax, windowMs: window };
}

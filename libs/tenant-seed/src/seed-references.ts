import { isMapping, nearestOf, oneOf, quoted, type Mistake, type YamlPath, type YamlSource } from '#libs/scenario';
import { below, itemsOf, textOf, textsBelow, textsOf, type Place } from './raw-seed.ts';

/** The name under which the administrator's secret is kept, and of the application it belongs to. */
const ADMINISTRATOR_SECRET = 'administrator';
export const ADMINISTRATOR_APPLICATION = 'Tenant set-up';

const ID_KEYS = ['tenantId', 'id', 'clientId', 'objectId', 'enterpriseObjectId', 'secretId', 'keyId'];
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Where a seed names something that is not there, or the same thing twice. */
export function referenceMistakes(source: YamlSource, permissions: readonly string[]): Mistake[] {
  return new ReferenceCheck(source, permissions).mistakes;
}

/** Looks at the file as it was written, so that mistakes of all kinds are told at once. */
class ReferenceCheck {
  readonly mistakes: Mistake[] = [];
  readonly #source: YamlSource;
  readonly #permissions: readonly string[];
  readonly #ids = new Set<string>();
  readonly #domains = new Set<string>();

  constructor(source: YamlSource, permissions: readonly string[]) {
    this.#source = source;
    this.#permissions = permissions;
    if (!isMapping(source.value)) return;
    const seed: Place = { value: source.value, path: [] };
    const tenants = itemsOf(seed, 'tenants');
    this.#unique('tenant', tenants, 'name');
    for (const tenant of tenants) this.#tenant(tenant, tenants);
    this.#ise(below(seed, 'ise'), tenants);
  }

  #tenant(tenant: Place, all: readonly Place[]): void {
    const exchange = below(tenant, 'exchange');
    const domains = [...textsOf(tenant, 'domains'), ...textsOf(tenant, 'unverifiedDomains')];
    for (const { text, path } of [...domains, ...textsOf(exchange, 'relayDomains')]) {
      this.#once('domain', text, this.#domains, path);
    }
    const users = itemsOf(tenant, 'users');
    for (const user of users) this.#inDomain(tenant, user, 'userPrincipalName');
    this.#seats(tenant, users);
    this.#identifiers([tenant, ...users]);
    this.#applications(tenant, all);
    const shared = itemsOf(exchange, 'sharedMailboxes');
    for (const mailbox of shared) this.#inDomain(tenant, mailbox, 'address');
    this.#unique('user or mailbox', [...users, ...shared], 'userPrincipalName', 'address');
    this.#exchange(tenant, exchange);
  }

  #applications(tenant: Place, all: readonly Place[]): void {
    const applications = itemsOf(tenant, 'applications');
    const foreign = itemsOf(tenant, 'foreignApplications');
    this.#unique('application', [...applications, ...foreign], 'name');
    this.#identifiers([...applications, ...foreign]);
    for (const application of applications) {
      if (textOf(application, 'name') === ADMINISTRATOR_APPLICATION) {
        this.#tell([...application.path, 'name'], {
          message: `an application ${quoted(ADMINISTRATOR_APPLICATION)}`,
          expected: 'another name, as the application for the set-up has this one',
        });
      }
      for (const { text, path } of textsOf(application, 'permissions')) {
        this.#known('permission', text, this.#permissions, path);
      }
      for (const credentials of [itemsOf(application, 'secrets'), itemsOf(application, 'certificates')]) {
        this.#unique('name', credentials, 'name');
        this.#identifiers(credentials);
      }
    }
    for (const { value, path } of foreign) {
      const home = all.find((other) => other !== tenant && textOf(other, 'name') === value['tenant']);
      const homes = textsBelow(
        all.filter((other) => other !== tenant),
        'name',
      );
      this.#known('tenant', value['tenant'], homes, [...path, 'tenant']);
      if (!home) continue;
      const offered = itemsOf(home, 'applications').filter((application) => application.value['multitenant'] === true);
      this.#known('multitenant application', value['name'], textsBelow(offered, 'name'), [...path, 'name']);
    }
    const names = textsBelow([...applications, ...foreign], 'name');
    for (const { text, path } of textsOf(below(tenant, 'policies'), 'blockedByConditionalAccess')) {
      if (!GUID.test(text)) this.#known('application', text, names, path);
    }
  }

  #exchange(tenant: Place, exchange: Place): void {
    const applications = textsBelow(
      [...itemsOf(tenant, 'applications'), ...itemsOf(tenant, 'foreignApplications')],
      'name',
    );
    const principals = itemsOf(exchange, 'servicePrincipals');
    this.#unique('service principal', principals, 'application', 'appId');
    for (const principal of principals) this.#knownAt(principal, 'application', 'application', applications);
    const registered = Array.isArray(exchange.value['servicePrincipals'])
      ? [...textsBelow(principals, 'application'), ...textsBelow(principals, 'appId')]
      : applications;
    const mailboxes = mailboxesOf(tenant);
    for (const permission of itemsOf(exchange, 'mailboxPermissions')) {
      this.#knownAt(permission, 'mailbox', 'mailbox', mailboxes);
      this.#knownAt(permission, 'user', 'service principal or mailbox', [...registered, ...mailboxes]);
    }
    for (const permission of itemsOf(exchange, 'recipientPermissions')) {
      this.#knownAt(permission, 'mailbox', 'mailbox', mailboxes);
      this.#knownAt(permission, 'trustee', 'service principal or mailbox', [...registered, ...mailboxes]);
    }
    const scopes = itemsOf(exchange, 'managementScopes');
    this.#unique('management scope', scopes, 'name');
    for (const assignment of itemsOf(exchange, 'roleAssignments')) {
      this.#knownAt(assignment, 'app', 'service principal', registered);
      this.#knownAt(assignment, 'customResourceScope', 'management scope', textsBelow(scopes, 'name'));
    }
  }

  #ise(ise: Place, tenants: readonly Place[]): void {
    this.#knownAt(ise, 'tenant', 'tenant', textsBelow(tenants, 'name'));
    const wanted = textOf(ise, 'tenant');
    const homes = wanted === undefined ? tenants : tenants.filter((tenant) => textOf(tenant, 'name') === wanted);
    const applications = homes.flatMap((tenant) => itemsOf(tenant, 'applications'));
    this.#knownAt(ise, 'application', 'application', textsBelow(applications, 'name'));
    this.#knownAt(ise, 'mailbox', 'mailbox', tenants.flatMap(mailboxesOf));
    for (const secret of applications.flatMap((application) => itemsOf(application, 'secrets'))) {
      if (textOf(secret, 'name') !== ADMINISTRATOR_SECRET) continue;
      const expected = 'another name, as the secret of the application for the set-up has this one';
      this.#tell([...secret.path, 'name'], { message: `a secret ${quoted(ADMINISTRATOR_SECRET)}`, expected });
    }
  }

  #seats(tenant: Place, users: readonly Place[]): void {
    const seats = tenant.value['seats'] ?? 25;
    const licensed = users.filter(({ value }) => value['licensed'] !== false).length;
    if (typeof seats !== 'number' || licensed <= seats) return;
    const path = [...tenant.path, tenant.value['seats'] === undefined ? 'users' : 'seats'];
    this.#tell(path, { message: `${licensed} users have a licence`, expected: `at most ${seats}, or more seats` });
  }

  #inDomain(tenant: Place, place: Place, key: string): void {
    const address = textOf(place, key);
    const verified = textsOf(tenant, 'domains').map(({ text }) => text.toLowerCase());
    if (verified.length === 0 || address === undefined || !address.includes('@')) return;
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    this.#known('domain of the tenant', domain, verified, [...place.path, key]);
  }

  #identifiers(places: readonly Place[]): void {
    for (const place of places) {
      for (const key of ID_KEYS) {
        const id = textOf(place, key);
        if (id !== undefined && GUID.test(id)) this.#once('ID', id, this.#ids, [...place.path, key]);
      }
    }
  }

  /** No two of them may have the same name; it stands under the first of the keys that is there. */
  #unique(kind: string, places: readonly Place[], ...keys: string[]): void {
    const seen = new Set<string>();
    for (const place of places) {
      const key = keys.find((candidate) => textOf(place, candidate) !== undefined);
      if (key !== undefined) this.#once(kind, textOf(place, key) ?? '', seen, [...place.path, key]);
    }
  }

  #once(kind: string, text: string, seen: Set<string>, path: YamlPath): void {
    const key = text.toLowerCase();
    if (seen.has(key)) this.#tell(path, { message: `the ${kind} ${quoted(text)} is there twice`, expected: 'it once' });
    seen.add(key);
  }

  #knownAt(place: Place, key: string, kind: string, valid: readonly string[]): void {
    this.#known(kind, place.value[key], valid, [...place.path, key]);
  }

  #known(kind: string, name: unknown, valid: readonly string[], path: YamlPath): void {
    if (typeof name !== 'string') return;
    if (valid.some((each) => each.toLowerCase() === name.toLowerCase())) return;
    const message = `unknown ${kind} ${quoted(name)}`;
    const expected = valid.length === 0 ? `none, as there is no ${kind}` : oneOf(valid);
    this.#tell(path, { message, expected, ...nearest(name, valid) });
  }

  #tell(path: YamlPath, found: Pick<Mistake, 'message' | 'expected' | 'nearest'>): void {
    this.mistakes.push(this.#source.mistakeAt(path, found));
  }
}

function nearest(name: string, valid: readonly string[]): { nearest?: string } {
  const found = nearestOf(name, valid);
  return found === undefined ? {} : { nearest: found };
}

/** Addresses of the mailboxes that a tenant has, whether they work or not. */
function mailboxesOf(tenant: Place): string[] {
  const owners = itemsOf(tenant, 'users').filter(
    ({ value }) => value['licensed'] !== false || value['mailbox'] !== undefined,
  );
  const shared = itemsOf(below(tenant, 'exchange'), 'sharedMailboxes');
  return [...textsBelow(owners, 'userPrincipalName'), ...textsBelow(shared, 'address')];
}

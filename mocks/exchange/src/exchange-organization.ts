import type { Clock, Random } from '#libs/simulation';
import { ExchangeAdminError } from './exchange.error.ts';
import type { OrganizationState } from './exchange-state.ts';
import { SEND_BYTES_MAX, receivesMailFor, type Mailbox, type MailboxPermission, type MailboxRight } from './mailbox.ts';
import { parseRecipientFilter } from './recipient-filter.ts';
import { type ManagementScope, type RoleAssignment } from './role-based-access.ts';
import { identityOf, type ServicePrincipal } from './service-principal.ts';

/** A domain that the organization takes mail for; with `internal-relay`, addresses it does not know are passed on. */
export interface AcceptedDomain {
  name: string;
  type: 'authoritative' | 'internal-relay';
}

/** Why Microsoft keeps the whole tenant from sending (fact sheet microsoft 4.7). */
export type SendingBlock = '5.7.501' | '5.7.502' | '5.7.503' | '5.7.705' | '5.7.708' | '5.7.750';

/** What becomes of AUTH LOGIN (fact sheet microsoft 4.4, 7). */
export type BasicAuthentication = 'blocked' | 'allowed' | 'retired';

export type PasswordVerdict = 'right' | 'wrong' | 'blocked-by-conditional-access';

export interface ExchangeOrganizationOptions {
  tenantId: string;
  /** The accepted domain of its mailboxes; authoritative. */
  domain: string;
  /** Names its mailbox server and its service principals. */
  random: Random;
  /** Dates what is created. Without one everything dates from 1970, and rights have long reached every server. */
  clock?: Pick<Clock, 'now'>;
  /**
   * When given, `newServicePrincipal` refuses a pair that it does not know, as the service was reported to do in 2026;
   * in 2022 it stored anything (fact sheet microsoft 5.5). Default: anything.
   */
  strictIds?: (principal: { appId: string; objectId: string }) => boolean;
  /** Judges passwords where basic authentication is allowed. Default: every one is wrong. */
  verifyPassword?: (user: string, password: string) => PasswordVerdict;
}

/** What `createMailbox` takes besides address and name; the defaults are a licensed user's. */
export type MailboxDetails = Partial<Omit<Mailbox, 'address' | 'displayName' | 'guid' | 'createdAt'>>;

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Entries of one mailbox's access list (fact sheet microsoft 5.5). */
const PERMISSIONS_MAX = 500;

/**
 * Exchange Online of one tenant: mailboxes, registered service principals, rights, transport settings. Operations that
 * fail throw `ExchangeAdminError` with the cmdlet to run as remedy.
 */
export class ExchangeOrganization {
  tenantId: string;
  readonly domain: string;
  /** The first one is `domain`. */
  readonly acceptedDomains: AcceptedDomain[];
  /** Where its mailboxes live, as replies name it: `FR3P281MB0123.DEUP281.PROD.OUTLOOK.COM`. */
  readonly serverHost: string;
  smtpClientAuthenticationDisabled = false;
  allowLegacyTlsClients = false;
  /** `Unlimited` is 1000. */
  maxRecipientEnvelopeLimit: number | 'Unlimited' = 'Unlimited';
  basicAuthentication: BasicAuthentication = 'blocked';
  securityDefaults = false;
  sendingBlock: SendingBlock | undefined;
  readonly managementScopes: ManagementScope[] = [];
  readonly roleAssignments: RoleAssignment[] = [];
  private readonly options: ExchangeOrganizationOptions;
  private readonly mailboxes = new Map<string, Mailbox>();
  /** Groups, contacts and mail users: addresses that mail reaches, without a mailbox. */
  private readonly otherRecipients = new Set<string>();
  private servicePrincipals: ServicePrincipal[] = [];

  constructor(options: ExchangeOrganizationOptions) {
    this.options = options;
    this.tenantId = options.tenantId.toLowerCase();
    this.domain = options.domain.toLowerCase();
    this.acceptedDomains = [{ name: this.domain, type: 'authoritative' }];
    this.serverHost = `FR3P281MB${String(options.random.integer(1, 9_999)).padStart(4, '0')}.DEUP281.PROD.OUTLOOK.COM`;
  }

  createMailbox({ address, displayName, ...details }: { address: string; displayName: string } & MailboxDetails) {
    const key = address.toLowerCase();
    if (!this.acceptsDomainOf(key)) {
      throw new ExchangeAdminError('exchange.domain-not-accepted', `${address} is not in the domain ${this.domain}`, {
        remedy: `New-Mailbox with an address that ends in @${this.domain}.`,
      });
    }
    if (this.findRecipient(key) ?? this.mailboxes.get(key)) {
      throw new ExchangeAdminError('exchange.mailbox-exists', `there is a mailbox ${address} already`, {
        remedy: 'Get-Mailbox shows the mailboxes there are; choose another address.',
      });
    }
    const mailbox: Mailbox = {
      address: key,
      aliases: [],
      displayName,
      guid: this.options.random.stream(`mailbox ${key}`).uuid(),
      kind: 'user',
      hasLicense: details.kind !== 'shared',
      isSoftDeleted: false,
      sizeBytes: 0,
      sendBytesMax: SEND_BYTES_MAX,
      conditions: [],
      customAttribute1: '',
      smtpClientAuthenticationDisabled: null,
      permissions: [],
      sendAs: [],
      createdAt: this.now(),
      ...details,
    };
    this.mailboxes.set(key, mailbox);
    return mailbox;
  }

  removeMailbox(address: string): void {
    this.mailboxes.delete(this.mailbox(address).address);
  }

  /** Licence, aliases, quota and the like; the address stays. */
  setMailbox(address: string, changes: MailboxDetails & { displayName?: string }): void {
    Object.assign(this.mailbox(address), changes);
  }

  /** By its primary address, soft-deleted ones included. */
  findMailbox(address: string): Mailbox | undefined {
    return this.mailboxes.get(address.toLowerCase());
  }

  getMailboxes(): readonly Mailbox[] {
    return [...this.mailboxes.values()];
  }

  addRecipient(address: string): void {
    this.otherRecipients.add(address.toLowerCase());
  }

  addAcceptedDomain(domain: AcceptedDomain): void {
    this.acceptedDomains.push({ ...domain, name: domain.name.toLowerCase() });
  }

  acceptsDomainOf(address: string): AcceptedDomain | undefined {
    const name = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    return this.acceptedDomains.find((domain) => domain.name === name);
  }

  /** The mailbox that mail to this address reaches, or the address itself when it is another kind of recipient. */
  findRecipient(address: string): Mailbox | string | undefined {
    const wanted = address.toLowerCase();
    const mailbox = this.getMailboxes().find((candidate) => receivesMailFor(candidate, wanted));
    return mailbox ?? (this.otherRecipients.has(wanted) ? wanted : undefined);
  }

  newServicePrincipal(request: { appId: string; objectId: string; displayName?: string }): ServicePrincipal {
    const appId = guid(request.appId, '-AppId');
    const objectId = guid(request.objectId, '-ObjectId');
    const present = this.findServicePrincipal(appId) ?? this.findServicePrincipal(objectId);
    if (present) {
      throw new ExchangeAdminError(
        'exchange.service-principal-exists',
        `a service principal with AppId ${present.appId} and ObjectId ${present.objectId} is registered already`,
        { remedy: `Remove-ServicePrincipal -Identity ${present.objectId}, then New-ServicePrincipal again.` },
      );
    }
    if (this.options.strictIds && !this.options.strictIds({ appId, objectId })) {
      throw new ExchangeAdminError(
        'exchange.service-principal-not-in-directory',
        `the directory has no enterprise application with AppId ${appId} and ObjectId ${objectId}`,
        {
          remedy: 'New-ServicePrincipal with the Object ID that Enterprise applications shows, not App registrations.',
        },
      );
    }
    const now = this.now();
    const identity = identityOf(objectId, this.options.random);
    const principal = {
      appId,
      objectId,
      displayName: request.displayName ?? '',
      ...identity,
      createdAt: now,
      changedAt: now,
    };
    this.servicePrincipals.push(principal);
    return principal;
  }

  setServicePrincipal(identity: string, changes: { displayName: string }): void {
    Object.assign(this.servicePrincipal(identity), changes, { changedAt: this.now() });
  }

  /**
   * Simplified: rights are kept under the ObjectId, so a service principal that is registered again with the same one
   * has them back; the real ones hang on its SID.
   */
  removeServicePrincipal(identity: string): void {
    const principal = this.servicePrincipal(identity);
    this.servicePrincipals = this.servicePrincipals.filter((other) => other !== principal);
  }

  getServicePrincipals(): readonly ServicePrincipal[] {
    return this.servicePrincipals;
  }

  /** By AppId, ObjectId, SID or Exchange's own GUID; not by its display name. */
  findServicePrincipal(identity: string): ServicePrincipal | undefined {
    const wanted = identity.toLowerCase();
    return this.servicePrincipals.find(({ appId, objectId, sid, guid: own }) =>
      [appId, objectId, sid.toLowerCase(), own].includes(wanted),
    );
  }

  /** `user`: a registered service principal, or the address of a mailbox. False when the right was there already. */
  addMailboxPermission(request: {
    mailbox: string;
    user: string;
    accessRights: readonly MailboxRight[];
    deny?: boolean;
  }): boolean {
    const { permissions } = this.mailbox(request.mailbox);
    const trustee = this.trustee(request.user);
    const deny = request.deny ?? false;
    const present = permissions.find((entry) => entry.trustee === trustee && entry.deny === deny);
    const added = request.accessRights.filter((right) => !present?.accessRights.includes(right));
    if (added.length === 0) return false;
    if (present) {
      present.accessRights.push(...added);
      present.since = this.now();
      return true;
    }
    if (permissions.length >= PERMISSIONS_MAX) {
      throw new ExchangeAdminError(
        'exchange.too-many-permissions',
        `${request.mailbox} has ${PERMISSIONS_MAX} permission entries already`,
        { remedy: 'Remove-MailboxPermission takes away those that nobody needs.' },
      );
    }
    permissions.push({ trustee, accessRights: added, deny, since: this.now() });
    return true;
  }

  /** Without `accessRights` all of them. False when there was nothing to take away. */
  removeMailboxPermission(request: {
    mailbox: string;
    user: string;
    accessRights?: readonly MailboxRight[];
    deny?: boolean;
  }): boolean {
    const mailbox = this.mailbox(request.mailbox);
    const trustee = this.trustee(request.user);
    const deny = request.deny ?? false;
    const present = mailbox.permissions.find((entry) => entry.trustee === trustee && entry.deny === deny);
    const kept = (present?.accessRights ?? []).filter((right) => !(request.accessRights?.includes(right) ?? true));
    const isChanged = present !== undefined && kept.length < present.accessRights.length;
    if (present) present.accessRights = kept;
    mailbox.permissions = mailbox.permissions.filter(({ accessRights }) => accessRights.length > 0);
    return isChanged;
  }

  /** Who has which rights on a mailbox. */
  getMailboxPermissions(address: string): readonly MailboxPermission[] {
    return this.mailbox(address).permissions;
  }

  /** SendAs, `Add-RecipientPermission -Trustee`. False when it was there already. */
  addRecipientPermission(request: { mailbox: string; trustee: string }): boolean {
    const mailbox = this.mailbox(request.mailbox);
    const trustee = this.trustee(request.trustee);
    if (mailbox.sendAs.some((entry) => entry.trustee === trustee)) return false;
    mailbox.sendAs.push({ trustee, since: this.now() });
    return true;
  }

  removeRecipientPermission(request: { mailbox: string; trustee: string }): boolean {
    const mailbox = this.mailbox(request.mailbox);
    const trustee = this.trustee(request.trustee);
    const before = mailbox.sendAs.length;
    mailbox.sendAs = mailbox.sendAs.filter((entry) => entry.trustee !== trustee);
    return mailbox.sendAs.length < before;
  }

  setTransportConfig(settings: {
    smtpClientAuthenticationDisabled?: boolean;
    allowLegacyTlsClients?: boolean;
    maxRecipientEnvelopeLimit?: number | 'Unlimited';
  }): void {
    this.smtpClientAuthenticationDisabled =
      settings.smtpClientAuthenticationDisabled ?? this.smtpClientAuthenticationDisabled;
    this.allowLegacyTlsClients = settings.allowLegacyTlsClients ?? this.allowLegacyTlsClients;
    this.maxRecipientEnvelopeLimit = settings.maxRecipientEnvelopeLimit ?? this.maxRecipientEnvelopeLimit;
  }

  /** Judges a password with the organization's own means. */
  verifyPassword(user: string, password: string): PasswordVerdict {
    return this.options.verifyPassword?.(user, password) ?? 'wrong';
  }

  setCasMailbox(address: string, settings: { smtpClientAuthenticationDisabled: boolean | null }): void {
    this.mailbox(address).smtpClientAuthenticationDisabled = settings.smtpClientAuthenticationDisabled;
  }

  newManagementScope(scope: ManagementScope): ManagementScope {
    if (this.managementScopes.some(({ name }) => name.toLowerCase() === scope.name.toLowerCase())) {
      throw new ExchangeAdminError('exchange.management-scope-exists', `there is a scope "${scope.name}" already`, {
        remedy: 'New-ManagementScope with another name.',
      });
    }
    parseRecipientFilter(scope.recipientRestrictionFilter);
    this.managementScopes.push({ ...scope });
    return scope;
  }

  newRoleAssignment(request: {
    role: string;
    app: string;
    customResourceScope?: string;
    name?: string;
  }): RoleAssignment {
    const { objectId } = this.servicePrincipal(request.app);
    const { customResourceScope } = request;
    if (
      customResourceScope !== undefined &&
      !this.managementScopes.some(({ name }) => name.toLowerCase() === customResourceScope.toLowerCase())
    ) {
      throw new ExchangeAdminError('exchange.management-scope-not-found', `no scope "${customResourceScope}"`, {
        remedy: 'New-ManagementScope -Name … -RecipientRestrictionFilter … creates it.',
      });
    }
    const name = request.name ?? `${request.role}-${objectId}`;
    if (this.roleAssignments.some((other) => other.name.toLowerCase() === name.toLowerCase())) {
      throw new ExchangeAdminError('exchange.role-assignment-exists', `there is an assignment "${name}" already`, {
        remedy: 'New-ManagementRoleAssignment with another -Name.',
      });
    }
    const assignment: RoleAssignment = { name, role: request.role, app: objectId, since: this.now() };
    if (customResourceScope !== undefined) assignment.customResourceScope = customResourceScope;
    this.roleAssignments.push(assignment);
    return assignment;
  }

  /** Everything that `restore` needs, as JSON; nothing secret is among it. */
  exportState(): OrganizationState {
    return structuredClone({
      tenantId: this.tenantId,
      domain: this.domain,
      acceptedDomains: this.acceptedDomains,
      smtpClientAuthenticationDisabled: this.smtpClientAuthenticationDisabled,
      allowLegacyTlsClients: this.allowLegacyTlsClients,
      maxRecipientEnvelopeLimit: this.maxRecipientEnvelopeLimit,
      basicAuthentication: this.basicAuthentication,
      securityDefaults: this.securityDefaults,
      sendingBlock: this.sendingBlock ?? null,
      mailboxes: this.getMailboxes().map((mailbox) => mailbox),
      otherRecipients: [...this.otherRecipients],
      servicePrincipals: this.servicePrincipals,
      managementScopes: this.managementScopes,
      roleAssignments: this.roleAssignments,
    });
  }

  /** Puts an exported state in the place of the present one; the domain stays. */
  restore(exported: OrganizationState): void {
    const state = structuredClone(exported);
    this.tenantId = state.tenantId;
    this.acceptedDomains.splice(0, Infinity, ...state.acceptedDomains);
    this.setTransportConfig(state);
    this.basicAuthentication = state.basicAuthentication;
    this.securityDefaults = state.securityDefaults;
    this.sendingBlock = state.sendingBlock ?? undefined;
    this.mailboxes.clear();
    for (const mailbox of state.mailboxes) this.mailboxes.set(mailbox.address, mailbox);
    this.otherRecipients.clear();
    for (const address of state.otherRecipients) this.otherRecipients.add(address);
    this.servicePrincipals = state.servicePrincipals;
    this.managementScopes.splice(0, Infinity, ...state.managementScopes);
    this.roleAssignments.splice(0, Infinity, ...state.roleAssignments);
  }

  private now(): number {
    return this.options.clock?.now() ?? 0;
  }

  /** A service principal's object ID, or a mailbox's address. */
  private trustee(identity: string): string {
    return this.findMailbox(identity)?.address ?? this.servicePrincipal(identity).objectId;
  }

  private mailbox(address: string): Mailbox {
    const mailbox = this.findMailbox(address);
    if (mailbox) return mailbox;
    throw new ExchangeAdminError('exchange.mailbox-not-found', `there is no mailbox ${address}`, {
      remedy: 'Get-Mailbox shows the mailboxes there are; New-Mailbox creates one.',
    });
  }

  private servicePrincipal(identity: string): ServicePrincipal {
    const principal = this.findServicePrincipal(identity);
    if (principal) return principal;
    throw new ExchangeAdminError(
      'exchange.service-principal-not-found',
      `no service principal with AppId or ObjectId ${identity} is registered`,
      { remedy: 'Get-ServicePrincipal shows what is registered; New-ServicePrincipal -AppId -ObjectId registers one.' },
    );
  }
}

function guid(text: string, parameter: string): string {
  if (GUID.test(text)) return text.toLowerCase();
  throw new ExchangeAdminError('exchange.guid-malformed', `${parameter} is not a GUID`, {
    remedy: `New-ServicePrincipal ${parameter} takes a GUID as Microsoft Entra shows it.`,
  });
}

import { grantRights, revokeRights } from './mailbox-permissions.ts';
import { ExchangeAdminError } from './exchange.error.ts';
import type { OrganizationState } from './exchange-state.ts';
import { SEND_BYTES_MAX, receivesMailFor, type Mailbox, type MailboxRight } from './mailbox.ts';
import {
  type AcceptedDomain,
  type BasicAuthentication,
  type ExchangeOrganizationOptions,
  type MailboxDetails,
  type PasswordVerdict,
  type SendingBlock,
} from './organization-options.ts';
import { addAssignment, addScope, type ManagementScope, type RoleAssignment } from './role-based-access.ts';
import { identityOf, type ServicePrincipal } from './service-principal.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

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
  /**
   * `newServicePrincipal` refuses IDs that the directory does not have, as the service was reported to do in 2026; in
   * 2022 it stored anything (fact sheet microsoft 5.5).
   */
  strictIds = false;
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
    if (this.strictIds && this.options.isInDirectory?.({ appId, objectId }) === false) {
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
    const { accessRights, deny = false } = request;
    const entry = { trustee: this.trustee(request.user), accessRights: [...accessRights], deny, since: this.now() };
    return grantRights(this.mailbox(request.mailbox), entry);
  }

  /** Without `accessRights` all of them. False when there was nothing to take away. */
  removeMailboxPermission(request: {
    mailbox: string;
    user: string;
    accessRights?: readonly MailboxRight[];
    deny?: boolean;
  }): boolean {
    const { accessRights, deny = false } = request;
    return revokeRights(this.mailbox(request.mailbox), { trustee: this.trustee(request.user), accessRights, deny });
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
    addScope(this.managementScopes, scope);
    return scope;
  }

  /** `app`: a registered service principal. */
  newRoleAssignment(request: {
    role: string;
    app: string;
    customResourceScope?: string;
    name?: string;
  }): RoleAssignment {
    const app = this.servicePrincipal(request.app).objectId;
    const name = request.name ?? `${request.role}-${app}`;
    const assignment = { ...request, name, app, since: this.now() };
    addAssignment(this.roleAssignments, assignment, this.managementScopes);
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
      strictIds: this.strictIds,
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
    this.strictIds = state.strictIds;
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

import type { Random } from '#libs/simulation';
import { ExchangeAdminError } from './exchange.error.ts';

export interface Mailbox {
  /** Primary SMTP address, lower case. */
  address: string;
  displayName: string;
  /** `$null` inherits the organization's setting; `false` overrides it. */
  smtpClientAuthenticationDisabled: boolean | null;
  /** Object IDs of the service principals with FullAccess. */
  fullAccess: Set<string>;
  /** Object IDs of the service principals with SendAs. */
  sendAs: Set<string>;
}

/** An application as Exchange knows it, which is what it was told: nobody checks the object ID against Entra. */
export interface ServicePrincipal {
  appId: string;
  objectId: string;
  displayName: string;
}

export interface ExchangeOrganizationOptions {
  tenantId: string;
  /** The accepted domain of its mailboxes. */
  domain: string;
  /** Names its mailbox server. */
  random: Random;
  /**
   * When given, `newServicePrincipal` refuses a pair that it does not know, as the service was reported to do in 2026;
   * in 2022 it stored anything (fact sheet microsoft 5.5). Default: anything.
   */
  strictIds?: (principal: { appId: string; objectId: string }) => boolean;
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Exchange Online of one tenant: mailboxes, registered service principals, rights, transport settings. Operations that
 * fail throw `ExchangeAdminError` with the cmdlet to run as remedy.
 */
export class ExchangeOrganization {
  tenantId: string;
  readonly domain: string;
  /** Where its mailboxes live, as replies name it: `FR3P281MB0123.DEUP281.PROD.OUTLOOK.COM`. */
  readonly serverHost: string;
  smtpClientAuthenticationDisabled = false;
  private readonly strictIds: ExchangeOrganizationOptions['strictIds'];
  private readonly mailboxes = new Map<string, Mailbox>();
  private servicePrincipals: ServicePrincipal[] = [];

  constructor(options: ExchangeOrganizationOptions) {
    this.tenantId = options.tenantId.toLowerCase();
    this.domain = options.domain.toLowerCase();
    this.strictIds = options.strictIds;
    this.serverHost = `FR3P281MB${String(options.random.integer(1, 9_999)).padStart(4, '0')}.DEUP281.PROD.OUTLOOK.COM`;
  }

  createMailbox({ address, displayName }: { address: string; displayName: string }): Mailbox {
    const key = address.toLowerCase();
    if (!key.endsWith(`@${this.domain}`)) {
      throw new ExchangeAdminError('exchange.domain-not-accepted', `${address} is not in the domain ${this.domain}`, {
        remedy: `New-Mailbox with an address that ends in @${this.domain}.`,
      });
    }
    if (this.mailboxes.has(key)) {
      throw new ExchangeAdminError('exchange.mailbox-exists', `there is a mailbox ${address} already`, {
        remedy: 'Get-Mailbox shows the mailboxes there are; choose another address.',
      });
    }
    const mailbox: Mailbox = {
      address: key,
      displayName,
      smtpClientAuthenticationDisabled: null,
      fullAccess: new Set(),
      sendAs: new Set(),
    };
    this.mailboxes.set(key, mailbox);
    return mailbox;
  }

  removeMailbox(address: string): void {
    this.mailboxes.delete(this.mailbox(address).address);
  }

  findMailbox(address: string): Mailbox | undefined {
    return this.mailboxes.get(address.toLowerCase());
  }

  newServicePrincipal(request: { appId: string; objectId: string; displayName?: string }): ServicePrincipal {
    const principal: ServicePrincipal = {
      appId: guid(request.appId, '-AppId'),
      objectId: guid(request.objectId, '-ObjectId'),
      displayName: request.displayName ?? '',
    };
    const present = this.findServicePrincipal(principal.appId) ?? this.findServicePrincipal(principal.objectId);
    if (present) {
      throw new ExchangeAdminError(
        'exchange.service-principal-exists',
        `a service principal with AppId ${present.appId} and ObjectId ${present.objectId} is registered already`,
        { remedy: `Remove-ServicePrincipal -Identity ${present.objectId}, then New-ServicePrincipal again.` },
      );
    }
    if (this.strictIds && !this.strictIds(principal)) {
      throw new ExchangeAdminError(
        'exchange.service-principal-not-in-directory',
        `the directory has no enterprise application with AppId ${principal.appId} and ObjectId ${principal.objectId}`,
        {
          remedy: 'New-ServicePrincipal with the Object ID that Enterprise applications shows, not App registrations.',
        },
      );
    }
    this.servicePrincipals.push(principal);
    return principal;
  }

  /**
   * Simplified: rights are kept under the ObjectId, so a service principal that is registered again with the same one
   * has them back; the real ones hang on its SID.
   */
  removeServicePrincipal(appIdOrObjectId: string): void {
    const principal = this.servicePrincipal(appIdOrObjectId);
    this.servicePrincipals = this.servicePrincipals.filter((other) => other !== principal);
  }

  getServicePrincipals(): readonly ServicePrincipal[] {
    return this.servicePrincipals;
  }

  findServicePrincipal(appIdOrObjectId: string): ServicePrincipal | undefined {
    const wanted = appIdOrObjectId.toLowerCase();
    return this.servicePrincipals.find(({ appId, objectId }) => appId === wanted || objectId === wanted);
  }

  /** `user`: AppId or ObjectId of a registered service principal. */
  addMailboxPermission(request: { mailbox: string; user: string; accessRights: readonly 'FullAccess'[] }): void {
    const mailbox = this.mailbox(request.mailbox);
    if (request.accessRights.includes('FullAccess'))
      mailbox.fullAccess.add(this.servicePrincipal(request.user).objectId);
  }

  /** Taking away a right that is not there changes nothing. */
  removeMailboxPermission(request: { mailbox: string; user: string }): void {
    this.mailbox(request.mailbox).fullAccess.delete(this.servicePrincipal(request.user).objectId);
  }

  /** SendAs, `Add-RecipientPermission -Trustee`. */
  addRecipientPermission(request: { mailbox: string; trustee: string }): void {
    this.mailbox(request.mailbox).sendAs.add(this.servicePrincipal(request.trustee).objectId);
  }

  removeRecipientPermission(request: { mailbox: string; trustee: string }): void {
    this.mailbox(request.mailbox).sendAs.delete(this.servicePrincipal(request.trustee).objectId);
  }

  setTransportConfig(settings: { smtpClientAuthenticationDisabled: boolean }): void {
    this.smtpClientAuthenticationDisabled = settings.smtpClientAuthenticationDisabled;
  }

  setCasMailbox(address: string, settings: { smtpClientAuthenticationDisabled: boolean | null }): void {
    this.mailbox(address).smtpClientAuthenticationDisabled = settings.smtpClientAuthenticationDisabled;
  }

  private mailbox(address: string): Mailbox {
    const mailbox = this.findMailbox(address);
    if (mailbox) return mailbox;
    throw new ExchangeAdminError('exchange.mailbox-not-found', `there is no mailbox ${address}`, {
      remedy: 'Get-Mailbox shows the mailboxes there are; New-Mailbox creates one.',
    });
  }

  private servicePrincipal(appIdOrObjectId: string): ServicePrincipal {
    const principal = this.findServicePrincipal(appIdOrObjectId);
    if (principal) return principal;
    throw new ExchangeAdminError(
      'exchange.service-principal-not-found',
      `no service principal with AppId or ObjectId ${appIdOrObjectId} is registered`,
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

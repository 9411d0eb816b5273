import { createHash, X509Certificate } from 'node:crypto';
import type { Random } from '#libs/simulation';
import { applyChanges, type DirectoryCore } from './directory-core.ts';
import type { AppRegistration, ClientSecret, KeyCredential, RequiredResourceAccess } from './entra-state.ts';
import { EntraDirectoryError } from './entra.error.ts';

export interface ApplicationRequest {
  /** GUIDs in lower case that it is to have; default: drawn. */
  clientId?: string | undefined;
  objectId?: string | undefined;
  displayName: string;
  signInAudience?: AppRegistration['signInAudience'];
  identifierUris?: readonly string[];
  requiredResourceAccess?: readonly RequiredResourceAccess[];
}

export interface ApplicationChanges extends Partial<Omit<ApplicationRequest, 'clientId' | 'objectId'>> {
  disabledByMicrosoft?: boolean;
  trustedCertificateSubjects?: readonly string[];
}

export interface SecretRequest {
  displayName: string | null;
  /** Epoch milliseconds. */
  startsAt: number;
  endsAt: number;
  /** What it is to be instead of what chance would make it: the real directory takes no wishes. */
  secretId?: string | undefined;
  value?: string | undefined;
}

/** What is shown when a secret is created, and its value never again. */
export interface CreatedSecret {
  secretId: string;
  value: string;
  hint: string;
}

/** Letters that a secret value is made of, besides the `Q~` that tells Entra's secrets from others. */
const SECRET_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-';
const SECRET_LENGTH = 40;

/** The app registrations of the tenants, their secrets and certificates. All IDs may be client or object IDs. */
export class Applications {
  constructor(private readonly core: DirectoryCore) {}

  /** The registration alone: no service principal, no permission (fact sheet microsoft 5.1). */
  create(tenantId: string, request: ApplicationRequest): AppRegistration {
    const tenant = this.core.tenant(tenantId);
    const chance = this.core.draw();
    const [clientId, objectId] = [chance.uuid(), chance.uuid()];
    const application: AppRegistration = {
      clientId: request.clientId ?? clientId,
      objectId: request.objectId ?? objectId,
      displayName: request.displayName,
      createdAt: this.core.clock.now(),
      signInAudience: request.signInAudience ?? 'AzureADMyOrg',
      identifierUris: [...(request.identifierUris ?? [])],
      disabledByMicrosoft: false,
      secrets: [],
      keyCredentials: [],
      trustedCertificateSubjects: [],
      requiredResourceAccess: structuredClone([...(request.requiredResourceAccess ?? [])]),
    };
    tenant.applications.push(application);
    this.changed(tenant.tenantId, application, 'created');
    return application;
  }

  update(tenantId: string, id: string, changes: ApplicationChanges): AppRegistration {
    const application = this.core.application(tenantId, id);
    applyChanges(application, changes);
    this.changed(tenantId, application, 'changed');
    return application;
  }

  /** With its service principal in this tenant, and what was granted to that. */
  delete(tenantId: string, id: string): void {
    const application = this.core.application(tenantId, id);
    const tenant = this.core.tenant(tenantId);
    tenant.applications = tenant.applications.filter((present) => present !== application);
    const gone = tenant.servicePrincipals.find(({ appId }) => appId === application.clientId)?.objectId;
    if (gone !== undefined) removeServicePrincipal(this.core, tenant.tenantId, gone);
    this.changed(tenant.tenantId, application, 'deleted');
  }

  /** The only occasion on which the secret's value can be seen. */
  addSecret(tenantId: string, id: string, request: SecretRequest): CreatedSecret {
    const application = this.core.application(tenantId, id);
    if (request.endsAt <= request.startsAt) {
      throw new EntraDirectoryError(
        'entra.secret-period',
        `secret "${request.displayName ?? ''}" would end before it starts`,
        { remedy: 'Choose an end date after the start date.' },
      );
    }
    const chance = this.core.draw();
    const drawn = drawSecretValue(chance);
    const { displayName, startsAt, endsAt, value = drawn, secretId = chance.uuid() } = request;
    const secret: ClientSecret = {
      displayName,
      startsAt,
      endsAt,
      secretId,
      hint: value.slice(0, 3),
      valueSha256: hashOfSecret(value),
      addedAt: this.core.clock.now(),
      removedAt: null,
    };
    application.secrets.push(secret);
    this.core.changed({ what: 'secret', action: 'created', tenantId, id: secret.secretId });
    return { secretId: secret.secretId, value, hint: secret.hint };
  }

  /** Gone from every list at once; the token endpoint goes on accepting it for `secretRemovalLagMs`. */
  removeSecret(tenantId: string, id: string, secretId: string): void {
    const application = this.core.application(tenantId, id);
    const secret = application.secrets.find((present) => present.secretId === secretId && present.removedAt === null);
    if (!secret) {
      throw new EntraDirectoryError('entra.secret-unknown', `application ${id} has no secret ${secretId}`, {
        remedy: 'Take the Secret ID from App registrations > Certificates & secrets.',
      });
    }
    secret.removedAt = this.core.clock.now();
    this.core.changed({ what: 'secret', action: 'deleted', tenantId, id: secretId });
  }

  /** Uploads a certificate whose private key then signs client assertions; it counts while it is valid. */
  addCertificate(
    tenantId: string,
    id: string,
    {
      certificatePem,
      displayName = null,
      keyId,
    }: { certificatePem: string; displayName?: string | null; keyId?: string | undefined },
  ): KeyCredential {
    const application = this.core.application(tenantId, id);
    const certificate = parseCertificate(certificatePem);
    const drawn = this.core.draw().uuid();
    const credential: KeyCredential = {
      keyId: keyId ?? drawn,
      displayName: displayName ?? certificate.subject.split('\n').join(', '),
      certificatePem: certificate.toString(),
      startsAt: Date.parse(certificate.validFrom),
      endsAt: Date.parse(certificate.validTo),
      addedAt: this.core.clock.now(),
      revoked: false,
    };
    application.keyCredentials.push(credential);
    this.core.changed({ what: 'secret', action: 'created', tenantId, id: credential.keyId });
    return credential;
  }

  removeCertificate(tenantId: string, id: string, keyId: string): void {
    const application = this.core.application(tenantId, id);
    this.certificate(application, keyId);
    application.keyCredentials = application.keyCredentials.filter((present) => present.keyId !== keyId);
    this.core.changed({ what: 'secret', action: 'deleted', tenantId, id: keyId });
  }

  /** Its CA puts the certificate on the revocation list. */
  revokeCertificate(tenantId: string, id: string, keyId: string): void {
    this.certificate(this.core.application(tenantId, id), keyId).revoked = true;
    this.core.changed({ what: 'secret', action: 'changed', tenantId, id: keyId });
  }

  private certificate(application: AppRegistration, keyId: string): KeyCredential {
    const credential = application.keyCredentials.find((present) => present.keyId === keyId);
    if (credential) return credential;
    throw new EntraDirectoryError(
      'entra.certificate-unknown',
      `application ${application.clientId} has no certificate ${keyId}`,
      { remedy: 'Take the Certificate ID from App registrations > Certificates & secrets > Certificates.' },
    );
  }

  private changed(tenantId: string, { objectId }: AppRegistration, action: 'created' | 'changed' | 'deleted'): void {
    this.core.changed({ what: 'application', action, tenantId, id: objectId });
  }
}

/** Takes a service principal away with everything that was granted to it or at it. */
export function removeServicePrincipal(core: DirectoryCore, tenantId: string, objectId: string): void {
  const tenant = core.tenant(tenantId);
  tenant.servicePrincipals = tenant.servicePrincipals.filter((present) => present.objectId !== objectId);
  tenant.appRoleAssignments = tenant.appRoleAssignments.filter(
    ({ principalId, resourceId }) => principalId !== objectId && resourceId !== objectId,
  );
  tenant.oauth2Grants = tenant.oauth2Grants.filter(
    ({ clientId, resourceId }) => clientId !== objectId && resourceId !== objectId,
  );
  core.changed({ what: 'service-principal', action: 'deleted', tenantId: tenant.tenantId, id: objectId });
}

export function hashOfSecret(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new EntraDirectoryError('entra.certificate-malformed', 'Key credential value is not a certificate.', {
      remedy: 'Upload the certificate in PEM or DER form, without its private key.',
      cause,
    });
  }
}

/** Form as issued since 2021: `Abc8Q~` and 34 further characters (fact sheet microsoft 5.1). */
function drawSecretValue(chance: Random): string {
  const letters = (count: number, upTo: number): string =>
    Array.from({ length: count }, () => SECRET_LETTERS[chance.integer(0, upTo)]).join('');
  return `${letters(3, 61)}8Q~${letters(SECRET_LENGTH - 6, SECRET_LETTERS.length - 1)}`;
}

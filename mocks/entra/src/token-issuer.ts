import { InvariantError } from '#libs/diagnosis';
import type { Clock, Random } from '#libs/simulation';
import type { JWK } from 'jose';
import { Provider, type Adapter, type Configuration } from 'oidc-provider';
import type { EntraDirectory } from './entra-directory.ts';
import { EntraDirectoryError } from './entra.error.ts';
import { generateSigningKey, publishKey, type PublishedKey } from './signing-certificate.ts';
import type { TokenGrant } from './token-judgement.ts';

/** How far back `iat` and `nbf` lie (fact sheet microsoft 3). */
const BACKDATED_S = 300;

const ISSUER = 'https://login.microsoftonline.com';

/** `wids` of an application without an Entra role (fact sheet microsoft 5.2, inferred). */
const NO_DIRECTORY_ROLE = '0997a1d0-0d1d-4acb-b408-d5ca73121e90';

export interface IssuedToken {
  accessToken: string;
  /** Epoch seconds. */
  expiresAt: number;
  /** What the client is told: one second less than the token lives from now (fact sheet microsoft 1.2). */
  expiresInS: number;
}

export interface TokenIssuerOptions {
  directory: EntraDirectory;
  /** RSA private key that signs first. */
  signingKey: JWK;
  /** When the certificate was issued that publishes it: another instant is another `kid`. Default: now. */
  signingKeyValidFrom?: number | undefined;
  clock: Clock;
}

/** Signs access tokens with oidc-provider, in the v1 format that Exchange is given. The newest key signs. */
export class TokenIssuer {
  private readonly clock: Clock;
  private readonly directory: EntraDirectory;
  private readonly firstKey: { key: JWK; validFrom: number | undefined };
  private readonly claims = new WeakMap<object, Record<string, unknown>>();
  private signer: { provider: Provider; keyId: string } | undefined;
  private published: readonly PublishedKey[] = [];

  constructor({ directory, signingKey, signingKeyValidFrom, clock }: TokenIssuerOptions) {
    if (signingKey.kty !== 'RSA' || !signingKey.d) throw new InvariantError('Entra signs with an RSA private key');
    this.clock = clock;
    this.directory = directory;
    this.firstKey = { key: signingKey, validFrom: signingKeyValidFrom };
  }

  /** What anybody may know of the keys, oldest first; none before `prepare`. */
  get publicKeys(): readonly PublishedKey[] {
    return this.published;
  }

  /** Publishes the first key. Doing it again changes nothing. */
  async prepare(): Promise<void> {
    if (!this.signer) await this.signWith(this.firstKey.key, this.firstKey.validFrom);
  }

  /** Signs with this key from now on, by default with a fresh one; the keys before it still verify. Gives its `kid`. */
  async rotate(key?: JWK): Promise<string> {
    return this.clock.hold(async () => this.signWith(key ?? (await generateSigningKey())));
  }

  private signWith(key: JWK, validFrom = this.clock.now()): Promise<string> {
    return this.clock.hold(async () => {
      const { kid: _kid, ...signingKey } = key;
      const published = await publishKey(signingKey, validFrom);
      const keyId = published.kid;
      const jwk = { ...signingKey, kid: keyId, use: 'sig', alg: 'RS256' };
      this.signer = { provider: new Provider(ISSUER, this.configure(jwk)), keyId };
      this.published = [...this.published.filter(({ kid }) => kid !== keyId), published];
      return keyId;
    });
  }

  /** Takes an old key out of the JWKS: tokens signed with it are good for nothing any more. */
  retire(keyId: string): void {
    const isOld = this.published.some(({ kid }) => kid === keyId) && keyId !== this.signer?.keyId;
    if (!isOld) {
      throw new EntraDirectoryError('entra.signing-key', 'only a published key that no longer signs can be retired', {
        remedy: 'Rotate the signing key first, then retire the one before.',
      });
    }
    this.published = this.published.filter(({ kid }) => kid !== keyId);
  }

  async issue(grant: TokenGrant, random: Random): Promise<IssuedToken> {
    const { signer } = this;
    if (!signer) throw new InvariantError('a token is asked for before the signing key was prepared');
    const { provider } = signer;
    const nowS = Math.floor(this.clock.now() / 1000);
    const expiresAt = nowS + grant.lifetimeS;
    const accessToken = await this.clock.hold(async () => {
      const client = await provider.Client.find(grant.registration.clientId);
      if (!client) throw new InvariantError('a granted application is no client of the provider');
      const token = new provider.ClientCredentials({
        client,
        resourceServer: new provider.ResourceServer(grant.audience, { scope: '', accessTokenFormat: 'jwt' }),
      });
      this.claims.set(token, claimsOf(grant, nowS - BACKDATED_S, expiresAt, random));
      return token.save();
    });
    return { accessToken, expiresAt, expiresInS: grant.lifetimeS - 1 };
  }

  private configure(signingKey: JWK): Configuration {
    const { kid: keyId } = signingKey;
    return {
      jwks: { keys: [signingKey] },
      adapter: (name) => (name === 'Client' ? clientsOf(this.directory) : NOTHING_STORED),
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: { enabled: true },
      },
      ttl: { ClientCredentials: 3_600 },
      cookies: { keys: ['no cookie is ever signed: tokens are issued without HTTP'] },
      formats: {
        customizers: {
          // Simplified: the header has no `nonce`, so anybody can verify the signature.
          jwt: (_context, token, parts) => {
            parts.header = { typ: 'JWT', x5t: keyId };
            parts.payload = this.claimsFor(token);
          },
        },
      },
    };
  }

  private claimsFor(token: object): Record<string, unknown> {
    const claims = this.claims.get(token);
    if (!claims) throw new InvariantError('oidc-provider signs a token that nobody asked for');
    return claims;
  }
}

/** Claims and their form: fact sheet microsoft 3. `roles` is absent when nothing has been consented to. */
function claimsOf(
  { tenant, registration, servicePrincipal, audience, roles, credential }: TokenGrant,
  issuedAt: number,
  expiresAt: number,
  random: Random,
): Record<string, unknown> {
  const issuer = `https://sts.windows.net/${tenant.tenantId}/`;
  const opaque = (bytes: number): string => random.bytes(bytes).toString('base64url');
  return {
    aud: audience,
    iss: issuer,
    iat: issuedAt,
    nbf: issuedAt,
    exp: expiresAt,
    aio: opaque(48),
    app_displayname: registration.displayName,
    appid: registration.clientId,
    appidacr: credential === 'secret' ? '1' : '2',
    idp: issuer,
    idtyp: 'app',
    oid: servicePrincipal.objectId,
    rh: `1.${opaque(40)}.`,
    ...(roles.length > 0 ? { roles } : {}),
    sid: random.uuid(),
    sub: servicePrincipal.objectId,
    tid: tenant.tenantId,
    uti: opaque(16),
    ver: '1.0',
    wids: servicePrincipal.directoryRoles.length > 0 ? servicePrincipal.directoryRoles : [NO_DIRECTORY_ROLE],
  };
}

/** Clients of the provider are the applications of the directory. It need not know a secret: we have judged it. */
function clientsOf(directory: EntraDirectory): Adapter {
  return {
    ...NOTHING_STORED,
    find: async (id) => {
      const known = directory.tenants.some((tenant) => directory.findClient(tenant, id).registration !== undefined);
      if (!known) return undefined;
      return {
        client_id: id,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_post',
        client_secret: 'the directory judges secrets',
        id_token_signed_response_alg: 'RS256',
      };
    },
  };
}

/** Tokens are self-contained: the provider has nothing to keep. */
const NOTHING_STORED: Adapter = {
  upsert: async () => undefined,
  find: async () => undefined,
  findByUserCode: async () => undefined,
  findByUid: async () => undefined,
  consume: async () => undefined,
  destroy: async () => undefined,
  revokeByGrantId: async () => undefined,
};

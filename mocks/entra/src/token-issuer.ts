import { InvariantError } from '#libs/diagnosis';
import type { Clock, Random } from '#libs/simulation';
import type { JWK } from 'jose';
import { Provider, type Adapter, type Configuration } from 'oidc-provider';
import type { EntraDirectory } from './entra-directory.ts';
import type { TokenGrant } from './token-checks.ts';

/** How far back `iat` and `nbf` lie, and how long a token lives after them (fact sheet microsoft 3). */
const BACKDATED_S = 300;
const LIFETIME_S = 3_900;

/** What the client is told: one second less than the token lives from now (fact sheet microsoft 1.2). */
export const EXPIRES_IN_S = LIFETIME_S - BACKDATED_S - 1;

const ISSUER = 'https://login.microsoftonline.com';

export interface IssuedToken {
  accessToken: string;
  /** Epoch seconds. */
  expiresAt: number;
}

export interface TokenIssuerOptions {
  directory: EntraDirectory;
  /** RSA private key; its `kid` names it. */
  signingKey: JWK;
  clock: Clock;
}

/** Signs access tokens with oidc-provider, in the v1 format that Exchange is given. */
export class TokenIssuer {
  private readonly provider: Provider;
  private readonly clock: Clock;
  private readonly keyId: string;
  private readonly claims = new WeakMap<object, Record<string, unknown>>();
  /** What anybody may know of the signing key. */
  readonly publicKey: JWK;

  constructor({ directory, signingKey, clock }: TokenIssuerOptions) {
    const { kty, n, e, kid } = signingKey;
    if (kty !== 'RSA' || !n || !e || !kid) throw new InvariantError('the signing key of Entra is not a named RSA key');
    this.clock = clock;
    this.keyId = kid;
    this.publicKey = { kty, use: 'sig', kid, x5t: kid, n, e };
    this.provider = new Provider(ISSUER, this.configure(directory, { ...signingKey, use: 'sig', alg: 'RS256' }));
  }

  async issue(grant: TokenGrant, random: Random): Promise<IssuedToken> {
    const issuedAt = Math.floor(this.clock.now() / 1000) - BACKDATED_S;
    const expiresAt = issuedAt + LIFETIME_S;
    const { provider } = this;
    const accessToken = await this.clock.hold(async () => {
      const client = await provider.Client.find(grant.application.clientId);
      if (!client) throw new InvariantError('a granted application is no client of the provider');
      const token = new provider.ClientCredentials({
        client,
        resourceServer: new provider.ResourceServer(grant.audience, { scope: '', accessTokenFormat: 'jwt' }),
      });
      this.claims.set(token, claimsOf(grant, issuedAt, expiresAt, random));
      return token.save();
    });
    return { accessToken, expiresAt };
  }

  private configure(directory: EntraDirectory, signingKey: JWK): Configuration {
    return {
      jwks: { keys: [signingKey] },
      adapter: (name) => (name === 'Client' ? clientsOf(directory) : NOTHING_STORED),
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: { enabled: true },
      },
      ttl: { ClientCredentials: LIFETIME_S - BACKDATED_S },
      cookies: { keys: ['no cookie is ever signed: tokens are issued without HTTP'] },
      formats: {
        customizers: {
          // Simplified: the header has no `nonce`, so anybody can verify the signature.
          jwt: (_context, token, parts) => {
            parts.header = { typ: 'JWT', x5t: this.keyId };
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
  { tenant, application, audience, roles }: TokenGrant,
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
    app_displayname: application.displayName,
    appid: application.clientId,
    appidacr: '1',
    idp: issuer,
    idtyp: 'app',
    oid: application.servicePrincipalObjectId,
    rh: `1.${opaque(40)}.`,
    ...(roles.length > 0 ? { roles } : {}),
    sub: application.servicePrincipalObjectId,
    tid: tenant.tenantId,
    uti: opaque(16),
    ver: '1.0',
  };
}

/** Clients of the provider are the applications of the directory. It need not know a secret: we have judged it. */
function clientsOf(directory: EntraDirectory): Adapter {
  return {
    ...NOTHING_STORED,
    find: async (id) => {
      const known = directory.tenants.some((tenant) => directory.findApplication(tenant, id) !== undefined);
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

import { exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type JSONWebKeySet } from 'jose';
import { RealClock } from '#libs/simulation';
import { mayCall, TokenGate } from './access.ts';

const TENANT = '11111111-1111-4111-8111-111111111111';
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';

/** Keys that can be changed, and tokens signed with the newest of them. */
async function aGate() {
  const clock = new RealClock();
  const jwks: JSONWebKeySet = { keys: [] };
  let asked = 0;
  let isReachable = true;
  const gate = new TokenGate(async () => {
    asked += 1;
    if (!isReachable) throw new Error('no way to the keys');
    return structuredClone(jwks);
  }, clock);
  const rotate = async (kid: string) => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
    jwks.keys.push({ ...(await exportJWK(publicKey)), kid });
    return async (claims: object = {}, header: { alg?: string; kid?: string | undefined } = {}) => {
      const { alg = 'RS256' } = header;
      const nowS = Math.floor(clock.now() / 1_000);
      return new SignJWT({
        aud: 'https://graph.microsoft.com',
        iss: `https://sts.windows.net/${TENANT}/`,
        tid: TENANT,
        nbf: nowS - 300,
        exp: nowS + 3_600,
        roles: ['User.Read.All'],
        ...claims,
      })
        .setProtectedHeader({ alg, kid, ...header })
        .sign(await importJWK(await exportJWK(privateKey), alg));
    };
  };
  const admit = async (token: string) => gate.admit(`Bearer ${token}`);
  return { admit, rotate, asked: () => asked, cutOff: () => (isReachable = false), clock };
}

describe('tokens at the door of Graph', () => {
  it('are verified with keys that are asked for once, and again for a key not seen before', async () => {
    const { admit, rotate, asked } = await aGate();
    const first = await rotate('one');
    expect(await admit(await first())).toMatchObject({ tenantId: TENANT, roles: ['User.Read.All'] });
    expect(await admit(await first())).toMatchObject({ tenantId: TENANT });
    expect(asked()).toBe(1);
    const second = await rotate('two');
    expect(await admit(await second())).toMatchObject({ tenantId: TENANT });
    expect(asked()).toBe(2);
  });

  it.each<[string, object, object, string]>([
    ['of another issuer', { iss: 'https://sts.windows.net/22222222-2222-4222-8222-222222222222/' }, {}, 'signature'],
    ['for Exchange', { aud: 'https://outlook.office.com' }, {}, 'audience'],
    ['that names a key nobody has', {}, { kid: 'three' }, 'signature'],
    ['signed in another way', {}, { alg: 'PS256' }, 'CompactToken'],
    ['without a key', {}, { kid: undefined }, 'CompactToken'],
    ['without tenant', { tid: undefined }, {}, 'CompactToken'],
    ['without expiry', { exp: undefined }, {}, 'expired'],
    ['without a beginning', { nbf: undefined }, {}, 'expired'],
  ])('are refused when they are %s', async (_what, claims, header, message) => {
    const { admit, rotate } = await aGate();
    const sign = await rotate('one');
    expect(await admit(await sign(claims, header))).toMatchObject({
      status: 401,
      code: 'InvalidAuthenticationToken',
      message: expect.stringContaining(message),
    });
  });

  it('are refused until they are valid', async () => {
    const { admit, rotate, clock } = await aGate();
    const sign = await rotate('one');
    const inAMinute = Math.floor(clock.now() / 1_000) + 60;
    expect(await admit(await sign({ nbf: inAMinute }))).toMatchObject({ status: 401 });
  });

  it('are refused unsigned', async () => {
    const { admit } = await aGate();
    expect(await admit(new UnsecuredJWT({ tid: TENANT }).encode())).toMatchObject({ status: 401 });
  });

  it('leave the question open when the keys cannot be had', async () => {
    const { admit, rotate, cutOff } = await aGate();
    const sign = await rotate('one');
    cutOff();
    expect(await admit(await sign())).toMatchObject({ status: 503 });
  });
});

describe('who may call a route', () => {
  it.each([
    [['User.Read.All'], [], true],
    [['Mail.Send'], [], false],
    [[], [GLOBAL_ADMINISTRATOR], true],
    [[], [], false],
  ])('with roles %j and Entra roles %j: %s', (roles, directoryRoles, expected) => {
    expect(mayCall({ tenantId: TENANT, roles, directoryRoles }, ['User.Read.All', 'User.ReadWrite.All'])).toBe(
      expected,
    );
  });
});

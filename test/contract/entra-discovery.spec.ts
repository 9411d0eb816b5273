import { httpRequest, inMicrosoftLab } from './microsoft-lab.ts';

describe('discovery', () => {
  it('serves the metadata of a tenant, whole', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { headers, body } = await httpRequest(lab, '/lab.example/v2.0/.well-known/openid-configuration');
      expect(headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'max-age=86400, private',
        'access-control-allow-origin': '*',
      });
      expect(JSON.parse(body)).toMatchObject({
        token_endpoint_auth_methods_supported: [
          'client_secret_post',
          'private_key_jwt',
          'client_secret_basic',
          'self_signed_tls_client_auth',
        ],
        jwks_uri: 'https://login.microsoftonline.com/lab.example/discovery/v2.0/keys',
        issuer: `https://login.microsoftonline.com/${lab.tenantId}/v2.0`,
        userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
        device_authorization_endpoint: 'https://login.microsoftonline.com/lab.example/oauth2/v2.0/devicecode',
        tenant_region_scope: 'EU',
        tls_client_certificate_bound_access_tokens: true,
        msgraph_host: 'graph.microsoft.com',
        rbac_url: 'https://pas.windows.net',
      });
    });
  });

  it.each(['common', 'organizations'])('serves /%s with a placeholder for the tenant', async (segment) => {
    await inMicrosoftLab({}, async (lab) => {
      const { body } = await httpRequest(lab, `/${segment}/v2.0/.well-known/openid-configuration`);
      expect(JSON.parse(body)).toMatchObject({
        issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
        token_endpoint: `https://login.microsoftonline.com/${segment}/oauth2/v2.0/token`,
        tenant_region_scope: null,
      });
    });
  });

  it('lists the clouds, with the headers of instance discovery', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const authorize = encodeURIComponent('https://login.windows.net/lab.example/oauth2/v2.0/authorize');
      const path = `/common/discovery/instance?api-version=1.1&authorization_endpoint=${authorize}`;
      const { headers, body } = await httpRequest(lab, path);
      expect(headers).toMatchObject({
        'cache-control': 'max-age=86400, private',
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, OPTIONS',
      });
      expect(JSON.parse(body)).toMatchObject({
        tenant_discovery_endpoint: 'https://login.windows.net/lab.example/v2.0/.well-known/openid-configuration',
        'api-version': '1.1',
        metadata: [
          {
            preferred_network: 'login.microsoftonline.com',
            preferred_cache: 'login.windows.net',
            aliases: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
          },
          { preferred_network: 'login.partner.microsoftonline.cn' },
          { preferred_network: 'login.microsoftonline.de' },
          { preferred_network: 'login.microsoftonline.us' },
          { preferred_network: 'login-us.microsoftonline.com' },
        ],
      });
    });
  });

  it.each([
    ['/nowhere.example/v2.0/.well-known/openid-configuration', 90002],
    ['/not%20a%20tenant/v2.0/.well-known/openid-configuration', 900023],
    ['/nowhere.example/discovery/v2.0/keys', 90002],
  ])('refuses %s as invalid_tenant', async (path, code) => {
    await inMicrosoftLab({}, async (lab) => {
      const { status, body } = await httpRequest(lab, path);
      expect([status, JSON.parse(body)]).toMatchObject([400, { error: 'invalid_tenant', error_codes: [code] }]);
    });
  });
});

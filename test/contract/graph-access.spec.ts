import { callGraph, graphToken, inGraphLab } from './graph-lab.ts';
import { A_USER, createUser } from './graph-users.ts';
import { httpRequest, tokenForm } from './microsoft-lab.ts';

describe('who may call Graph', () => {
  it.each([
    ['no token', '', 'Access token is empty.'],
    ['no JWT', 'not-a-token', 'CompactToken parsing failed with error code: 80049217'],
  ])('refuses %s', async (_what, token, message) => {
    await inGraphLab(async (lab) => {
      const answer = await callGraph(lab, 'GET', '/users', undefined, { token });
      expect(answer.status).toBe(401);
      expect(answer.body.error).toMatchObject({ code: 'InvalidAuthenticationToken', message });
    });
  });

  it('refuses a token for Exchange', async () => {
    await inGraphLab(async (lab) => {
      const path = `/${lab.tenantId}/oauth2/v2.0/token`;
      const { body } = await httpRequest(lab, path, { method: 'POST', body: tokenForm(lab) });
      const answer = await callGraph(lab, 'GET', '/users', undefined, { token: JSON.parse(body).access_token });
      expect([answer.status, answer.body.error.message]).toEqual([
        401,
        'Access token validation failure. Invalid audience.',
      ]);
    });
  });

  it('refuses a token whose claims were changed', async () => {
    await inGraphLab(async (lab) => {
      const [header = '', payload = '', signature = ''] = lab.administratorToken.split('.');
      const claims = {
        ...JSON.parse(Buffer.from(payload, 'base64url').toString()),
        roles: ['Directory.ReadWrite.All'],
      };
      const forged = Buffer.from(JSON.stringify(claims)).toString('base64url');
      const answer = await callGraph(lab, 'GET', '/users', undefined, { token: `${header}.${forged}.${signature}` });
      expect([answer.status, answer.body.error.message]).toEqual([
        401,
        'Access token validation failure. Invalid signature.',
      ]);
    });
  });

  it('refuses a token once it has expired, not a second before', async () => {
    await inGraphLab(async (lab) => {
      const [, payload = ''] = lab.administratorToken.split('.');
      const expiresAt = JSON.parse(Buffer.from(payload, 'base64url').toString()).exp * 1_000;
      await callGraph(lab, 'GET', '/users'); // fetches the keys, which takes its time
      await lab.clock.sleep(expiresAt - lab.clock.now() - 1_000);
      expect((await callGraph(lab, 'GET', '/users')).status).toBe(200);
      await lab.clock.sleep(1_000);
      const answer = await callGraph(lab, 'GET', '/users');
      expect([answer.status, answer.body.error.message]).toEqual([
        401,
        'Access token has expired or is not yet valid.',
      ]);
    });
  });

  it('lets an application do what its roles name, and nothing else', async () => {
    await inGraphLab(async (lab) => {
      const { directory, tenantId, application, secret } = lab;
      directory.addPermission(tenantId, application.clientId, 'User.Read.All');
      directory.grantAdminConsent(tenantId, application.clientId);
      const token = await graphToken(lab, { clientId: application.clientId, value: secret.value });
      expect((await callGraph(lab, 'GET', '/users', undefined, { token })).status).toBe(200);
      const denied = await callGraph(lab, 'POST', '/users', A_USER, { token });
      expect([denied.status, denied.body.error.code]).toEqual([403, 'Authorization_RequestDenied']);
      expect((await callGraph(lab, 'GET', '/applications', undefined, { token })).status).toBe(403);
    });
  });

  it('shows each tenant its own objects', async () => {
    await inGraphLab(async (lab) => {
      const other = lab.directory.createTenant({ displayName: 'Other', verifiedDomains: ['other.example'] });
      const administrator = lab.directory.createAdministrator(other.tenantId);
      const token = await graphToken(lab, administrator, other.tenantId);
      await createUser(lab);
      expect((await callGraph(lab, 'GET', '/users', undefined, { token })).body.value).toEqual([]);
      const path = `/applications/${lab.application.objectId}`;
      expect((await callGraph(lab, 'GET', path, undefined, { token })).status).toBe(404);
    });
  });
});

import { callGraph, inGraphLab } from './graph-lab.ts';
import { A_USER, contextOf, createUser, E5_DEVELOPER } from './graph-users.ts';
import { httpRequest, tokenForm } from './microsoft-lab.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const EXCHANGE_APP_ID = '00000002-0000-0ff1-ce00-000000000000';

describe('setting a tenant up over Graph', () => {
  it('leads from nothing to a token with the role for SMTP', async () => {
    await inGraphLab(async (lab) => {
      const user = await createUser(lab);
      const license = { addLicenses: [{ disabledPlans: [], skuId: E5_DEVELOPER }], removeLicenses: [] };
      expect((await callGraph(lab, 'POST', `/users/${user.id}/assignLicense`, license)).status).toBe(200);
      expect(lab.directory.users.hasMailboxPlan(lab.tenantId, user.id)).toBe(true);

      const found = await callGraph(lab, 'GET', `/servicePrincipals?$filter=appId eq '${EXCHANGE_APP_ID}'`);
      const [exchange] = found.body.value;
      const role = exchange.appRoles.find(({ value }: { value: string }) => value === 'SMTP.SendAsApp');
      const application = await callGraph(lab, 'POST', '/applications', {
        displayName: 'ISE mail over Graph',
        requiredResourceAccess: [{ resourceAppId: EXCHANGE_APP_ID, resourceAccess: [{ id: role.id, type: 'Role' }] }],
      });
      const { id, appId } = application.body;
      const password = await callGraph(lab, 'POST', `/applications/${id}/addPassword`, {
        passwordCredential: { displayName: 'first' },
      });
      const request = tokenForm(lab, { client_id: appId, client_secret: password.body.secretText });
      const ask = async () => {
        const path = `/${lab.tenantId}/oauth2/v2.0/token`;
        return JSON.parse((await httpRequest(lab, path, { method: 'POST', body: request })).body);
      };
      expect(await ask()).toMatchObject({ error_codes: [7000229] });

      const principal = await callGraph(lab, 'POST', '/servicePrincipals', { appId });
      const [, withoutConsent = ''] = (await ask()).access_token.split('.');
      expect(JSON.parse(Buffer.from(withoutConsent, 'base64url').toString())).not.toHaveProperty('roles');

      const consent = { principalId: principal.body.id, resourceId: exchange.id, appRoleId: role.id };
      const assigned = await callGraph(lab, 'POST', `/servicePrincipals/${exchange.id}/appRoleAssignedTo`, consent);
      expect(assigned).toMatchObject({
        status: 201,
        body: { principalDisplayName: 'ISE mail over Graph', resourceDisplayName: 'Office 365 Exchange Online' },
      });
      const [, payload = ''] = (await ask()).access_token.split('.');
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
        roles: ['SMTP.SendAsApp'],
        oid: principal.body.id,
      });
    });
  });

  it('creates a user in Graph’s shape', async () => {
    await inGraphLab(async (lab) => {
      const answer = await callGraph(lab, 'POST', '/users', A_USER);
      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({
        '@odata.context': contextOf('users/$entity'),
        businessPhones: [],
        displayName: 'No Reply',
        givenName: null,
        jobTitle: null,
        mail: null,
        mobilePhone: null,
        officeLocation: null,
        preferredLanguage: null,
        surname: null,
        userPrincipalName: 'no-reply@lab.example',
        id: expect.stringMatching(GUID),
      });
      expect(answer.headers).toMatchObject({
        location: `https://graph.microsoft.com/v1.0/users/${answer.body.id}`,
        'request-id': expect.stringMatching(GUID),
        'x-ms-ags-diagnostic': expect.stringContaining('ServerInfo'),
      });
    });
  });

  it('changes and deletes a user, by ID or by name', async () => {
    await inGraphLab(async (lab) => {
      const { id } = await createUser(lab);
      expect((await callGraph(lab, 'PATCH', '/users/no-reply@lab.example', { jobTitle: 'Robot' })).status).toBe(204);
      expect((await callGraph(lab, 'GET', `/users/${id}?$select=jobTitle,usageLocation`)).body).toEqual({
        '@odata.context': contextOf('users(jobTitle,usageLocation)/$entity'),
        jobTitle: 'Robot',
        usageLocation: 'DE',
      });
      expect((await callGraph(lab, 'DELETE', `/users/${id}`)).status).toBe(204);
      expect((await callGraph(lab, 'GET', `/users/${id}`)).status).toBe(404);
    });
  });

  it('counts the seats that licences take, and gives them back', async () => {
    await inGraphLab(async (lab) => {
      const { id } = await createUser(lab);
      const consumed = async () => (await callGraph(lab, 'GET', '/subscribedSkus')).body.value[0].consumedUnits;
      expect(await consumed()).toBe(0);
      await callGraph(lab, 'POST', `/users/${id}/assignLicense`, {
        addLicenses: [{ skuId: E5_DEVELOPER }],
        removeLicenses: [],
      });
      expect(await consumed()).toBe(1);
      const details = await callGraph(lab, 'GET', `/users/${id}/licenseDetails`);
      expect(details.body.value).toMatchObject([{ skuPartNumber: 'DEVELOPERPACK_E5' }]);
      await callGraph(lab, 'POST', `/users/${id}/assignLicense`, { addLicenses: [], removeLicenses: [E5_DEVELOPER] });
      expect(await consumed()).toBe(0);
    });
  });

  it('shows a secret once, and afterwards its first three characters', async () => {
    await inGraphLab(async (lab) => {
      const { objectId, clientId } = lab.application;
      const body = { passwordCredential: { displayName: 'second', endDateTime: '2026-03-02T05:00:00Z' } };
      const added = await callGraph(lab, 'POST', `/applications/${objectId}/addPassword`, body);
      expect(added).toMatchObject({
        status: 200,
        body: {
          '@odata.context': contextOf('microsoft.graph.passwordCredential'),
          customKeyIdentifier: null,
          displayName: 'second',
          endDateTime: '2026-03-02T05:00:00Z',
          hint: added.body.secretText.slice(0, 3),
          keyId: expect.stringMatching(GUID),
          secretText: expect.stringMatching(/^[A-Za-z0-9]{3}8Q~.{34}$/),
          startDateTime: expect.stringMatching(/^2026-02-02T05:00:\d\dZ$/),
        },
      });
      const read = await callGraph(lab, 'GET', `/applications(appId='${clientId}')`);
      expect(read.body.passwordCredentials[1]).toMatchObject({ keyId: added.body.keyId, secretText: null });
      expect(read.text).not.toContain(added.body.secretText);
      expect(lab.journal.toJsonLines()).not.toContain(added.body.secretText);

      const removed = await callGraph(lab, 'POST', `/applications/${objectId}/removePassword`, {
        keyId: added.body.keyId,
      });
      expect(removed.status).toBe(204);
      const after = await callGraph(lab, 'GET', `/applications/${objectId}`);
      expect(after.body.passwordCredentials).toHaveLength(1);
    });
  });

  it('adds a certificate with PATCH, and takes it away again', async () => {
    await inGraphLab(async (lab) => {
      const path = `/applications/${lab.application.objectId}`;
      const key = lab.tokenEndpointRoot.replaceAll(/-----[A-Z ]+-----|\s/g, '');
      const added = await callGraph(lab, 'PATCH', path, {
        keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key, displayName: 'CN=lab' }],
      });
      expect(added).toMatchObject({ status: 204, text: '' });
      const [credential] = (await callGraph(lab, 'GET', path)).body.keyCredentials;
      expect(credential).toMatchObject({ displayName: 'CN=lab', key: null, type: 'AsymmetricX509Cert' });
      await callGraph(lab, 'PATCH', path, { keyCredentials: [{ keyId: credential.keyId }] });
      expect((await callGraph(lab, 'GET', path)).body.keyCredentials).toHaveLength(1);
      await callGraph(lab, 'PATCH', path, { keyCredentials: [] });
      expect((await callGraph(lab, 'GET', path)).body.keyCredentials).toEqual([]);
    });
  });

  it('disables an enterprise application, found by its client ID', async () => {
    await inGraphLab(async (lab) => {
      const path = `/servicePrincipals(appId='${lab.application.clientId}')`;
      expect((await callGraph(lab, 'PATCH', path, { accountEnabled: false })).status).toBe(204);
      const answer = await httpRequest(lab, `/${lab.tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        body: tokenForm(lab),
      });
      expect(JSON.parse(answer.body)).toMatchObject({ error_codes: [7000112] });
    });
  });

  it('lists and withdraws consent to an application permission', async () => {
    await inGraphLab(async (lab) => {
      const path = `/servicePrincipals/${lab.application.servicePrincipalObjectId}/appRoleAssignments`;
      const { body } = await callGraph(lab, 'GET', path);
      expect(body.value).toMatchObject([{ appRoleId: '7146a1f0-8703-45b3-9eae-527a64c00995' }]);
      expect((await callGraph(lab, 'DELETE', `${path}/${body.value[0].id}`)).status).toBe(204);
      expect((await callGraph(lab, 'GET', path)).body.value).toEqual([]);
    });
  });

  it('grants, changes and withdraws delegated permissions', async () => {
    await inGraphLab(async (lab) => {
      const { body } = await callGraph(lab, 'GET', '/oauth2PermissionGrants');
      const [present] = body.value.filter(
        ({ clientId }: { clientId: string }) => clientId === lab.application.servicePrincipalObjectId,
      );
      expect(present).toMatchObject({ consentType: 'AllPrincipals', principalId: null, scope: 'User.Read' });
      const path = `/oauth2PermissionGrants/${present.id}`;
      expect((await callGraph(lab, 'PATCH', path, { scope: 'User.Read openid' })).status).toBe(204);
      expect((await callGraph(lab, 'GET', path)).body.scope).toBe('User.Read openid');
      expect((await callGraph(lab, 'DELETE', path)).status).toBe(204);
      const { clientId, resourceId, consentType, scope } = present;
      const again = await callGraph(lab, 'POST', '/oauth2PermissionGrants', {
        clientId,
        resourceId,
        consentType,
        scope,
      });
      expect(again.status).toBe(201);
    });
  });

  it('adds a domain, which counts once it is verified', async () => {
    await inGraphLab(async (lab) => {
      await callGraph(lab, 'POST', '/domains', { id: 'Second.Example' });
      expect((await callGraph(lab, 'GET', '/domains/second.example')).body.isVerified).toBe(false);
      expect(lab.directory.findTenant('second.example')).toBeUndefined();
      expect((await callGraph(lab, 'POST', '/domains/second.example/verify')).body.isVerified).toBe(true);
      expect((await callGraph(lab, 'GET', '/organization')).body.value[0].verifiedDomains).toMatchObject([
        { name: 'lab.example', isDefault: true },
        { name: 'second.example', isDefault: false },
      ]);
    });
  });

  it('gives the same journal, byte for byte, for the same seed', async () => {
    const run = (): Promise<string> =>
      inGraphLab(async (lab) => {
        await createUser(lab);
        await callGraph(lab, 'GET', '/users');
        await callGraph(lab, 'POST', `/applications/${lab.application.objectId}/addPassword`, {});
        return lab.journal.sha256();
      });
    expect(await run()).toBe(await run());
  });
});

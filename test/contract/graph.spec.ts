import { callGraph, graphToken, inGraphLab, type GraphLab } from './graph-lab.ts';
import { httpRequest, lastOf, tokenForm } from './microsoft-lab.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const EXCHANGE_APP_ID = '00000002-0000-0ff1-ce00-000000000000';
const E5_DEVELOPER = 'c42b9cae-ea4f-4ab7-9717-81576235ccac';
const NOBODY = '22222222-2222-4222-8222-222222222222';

const A_USER = {
  accountEnabled: true,
  displayName: 'No Reply',
  mailNickname: 'no-reply',
  userPrincipalName: 'no-reply@lab.example',
  passwordProfile: { forceChangePasswordNextSignIn: false, password: 'correct-Horse-1' },
  usageLocation: 'DE',
};

const context = (set: string): string => `https://graph.microsoft.com/v1.0/$metadata#${set}`;

async function createUser(lab: GraphLab, changes: object = {}): Promise<{ id: string }> {
  const { status, body } = await callGraph(lab, 'POST', '/users', { ...A_USER, ...changes });
  expect(status).toBe(201);
  return body;
}

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
        '@odata.context': context('users/$entity'),
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
        '@odata.context': context('users(jobTitle,usageLocation)/$entity'),
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
          '@odata.context': context('microsoft.graph.passwordCredential'),
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

describe('reading lists from Graph', () => {
  it('pages through a list, and counts it for whoever takes counts that lag behind', async () => {
    await inGraphLab(async (lab) => {
      for (const name of ['anna', 'bert', 'carl']) {
        await createUser(lab, { userPrincipalName: `${name}@lab.example`, mailNickname: name });
      }
      const eventual = { headers: { ConsistencyLevel: 'eventual' } };
      const first = await callGraph(
        lab,
        'GET',
        '/users?$top=2&$count=true&$select=userPrincipalName',
        undefined,
        eventual,
      );
      expect(first.body).toMatchObject({
        '@odata.context': context('users(userPrincipalName)'),
        '@odata.count': 3,
        value: [{ userPrincipalName: 'anna@lab.example' }, { userPrincipalName: 'bert@lab.example' }],
      });
      const second = await callGraph(lab, 'GET', first.body['@odata.nextLink']);
      expect(second.body.value).toEqual([{ userPrincipalName: 'carl@lab.example' }]);
      expect(second.body).not.toHaveProperty('@odata.nextLink');
      expect((await callGraph(lab, 'GET', '/users?$count=true')).body).not.toHaveProperty('@odata.count');
      expect((await callGraph(lab, 'GET', '/users/$count', undefined, eventual)).text).toBe('3');
      expect((await callGraph(lab, 'GET', '/users/$count')).status).toBe(400);
    });
  });

  it.each([
    ["userPrincipalName eq 'BERT@lab.example'", ['bert']],
    ["startswith(displayName,'b')", ['bert']],
    ["mailNickname eq 'anna' or mailNickname eq 'bert'", ['anna', 'bert']],
    ["accountEnabled eq true and startswith(mailNickname,'a')", ['anna']],
    ['accountEnabled eq false', []],
    ["(mailNickname eq 'anna' or mailNickname eq 'bert') and displayName eq 'Bert'", ['bert']],
    ['mail eq null', ['anna', 'bert']],
    ["displayName eq 'O''Neill'", []],
  ])('filters by %s', async (filter, expected) => {
    await inGraphLab(async (lab) => {
      for (const name of ['Anna', 'Bert']) {
        const mailNickname = name.toLowerCase();
        await createUser(lab, { displayName: name, mailNickname, userPrincipalName: `${mailNickname}@lab.example` });
      }
      const { status, body } = await callGraph(lab, 'GET', `/users?$filter=${filter}&$select=mailNickname`);
      expect(status).toBe(200);
      expect(body.value.map(({ mailNickname }: { mailNickname: string }) => mailNickname)).toEqual(expected);
    });
  });

  it.each([
    ['/users?$filter=nonsense eq 1', 'Request_BadRequest', "Could not find a property named 'nonsense'"],
    ["/users?$filter=displayName gt 'a'", 'Request_BadRequest', 'Invalid filter clause'],
    ["/users?$filter=displayName eq 'a' displayName", 'Request_BadRequest', 'Invalid filter clause'],
    ['/users?$filter=', 'Request_BadRequest', 'Invalid filter clause'],
    ['/users?$select=nonsense', 'Request_BadRequest', 'Parsing OData Select and Expand failed'],
    ['/users?$top=0', 'Request_UnsupportedQuery', 'Invalid page size specified'],
    ['/users?$top=1000', 'Request_UnsupportedQuery', 'Invalid page size specified'],
    ['/users?$skiptoken=x', 'Request_BadRequest', '$skiptoken'],
    ['/users?$orderby=displayName', 'Request_UnsupportedQuery', "Unsupported query option '$orderby'"],
  ])('refuses %s', async (path, code, message) => {
    await inGraphLab(async (lab) => {
      const { status, body } = await callGraph(lab, 'GET', path);
      expect(status).toBe(400);
      expect(body.error).toMatchObject({ code, message: expect.stringContaining(message) });
    });
  });
});

describe('errors of Graph', () => {
  it('have Graph’s envelope, with the IDs of the request', async () => {
    await inGraphLab(async (lab) => {
      const headers = { 'client-request-id': '3f2504e0-4f89-41d3-9a0c-0305e82c3301' };
      const answer = await callGraph(lab, 'GET', `/users/${NOBODY}`, undefined, { headers });
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual({
        error: {
          code: 'Request_ResourceNotFound',
          message: `Resource '${NOBODY}' does not exist or one of its queried reference-property objects are not present.`,
          innerError: {
            date: new Date(lab.clock.now()).toISOString().slice(0, 19),
            'request-id': answer.headers['request-id'],
            'client-request-id': '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
          },
        },
      });
      expect(lastOf(lab, 'graph.request')).toMatchObject({
        tenantId: lab.tenantId,
        method: 'GET',
        route: '/v1.0/users/{id}',
        status: 404,
      });
    });
  });

  it.each<[string, (lab: GraphLab) => Promise<[string, string, object?]>, number, string, string]>([
    [
      'a duplicate name',
      async (lab) => {
        await createUser(lab);
        return ['POST', '/users', A_USER];
      },
      400,
      'Request_BadRequest',
      'Another object with the same value for property userPrincipalName already exists.',
    ],
    [
      'a weak password',
      async () => ['POST', '/users', { ...A_USER, passwordProfile: { password: 'short' } }],
      400,
      'Request_BadRequest',
      'The specified password does not comply with password complexity requirements. Please provide a different password.',
    ],
    [
      'a domain of somebody else',
      async () => ['POST', '/users', { ...A_USER, userPrincipalName: 'x@elsewhere.example' }],
      400,
      'Request_BadRequest',
      'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.',
    ],
    [
      'a licence without usage location',
      async (lab) => {
        const { id } = await createUser(lab, { usageLocation: null });
        return ['POST', `/users/${id}/assignLicense`, { addLicenses: [{ skuId: E5_DEVELOPER }], removeLicenses: [] }];
      },
      400,
      'Request_BadRequest',
      'License assignment cannot be done for user with invalid usage location.',
    ],
    [
      'a licence without seats left',
      async (lab) => {
        for (const sku of lab.directory.findTenant(lab.tenantId)?.subscribedSkus ?? []) sku.seats = 0;
        const { id } = await createUser(lab);
        return ['POST', `/users/${id}/assignLicense`, { addLicenses: [{ skuId: E5_DEVELOPER }], removeLicenses: [] }];
      },
      400,
      'Request_BadRequest',
      `Subscription with SKU ${E5_DEVELOPER} does not have any available licenses.`,
    ],
    [
      'consent for the second time',
      async (lab) => {
        const path = `/servicePrincipals/${lab.application.servicePrincipalObjectId}/appRoleAssignments`;
        const [{ principalId, resourceId, appRoleId }] = (await callGraph(lab, 'GET', path)).body.value;
        return ['POST', path, { principalId, resourceId, appRoleId }];
      },
      400,
      'Request_BadRequest',
      'Permission being assigned already exists on the object',
    ],
    [
      'a second service principal',
      async (lab) => ['POST', '/servicePrincipals', { appId: lab.application.clientId }],
      409,
      'Request_MultipleObjectsWithSameKeyValue',
      'already in use',
    ],
    [
      'the client ID where the object ID belongs',
      async (lab) => ['GET', `/applications/${lab.application.clientId}`],
      404,
      'Request_ResourceNotFound',
      'does not exist',
    ],
    [
      'a service principal of no application',
      async () => ['POST', '/servicePrincipals', { appId: NOBODY }],
      400,
      'Request_BadRequest',
      'does not reference a valid application object',
    ],
    [
      'a secret that is not there',
      async (lab) => ['POST', `/applications/${lab.application.objectId}/removePassword`, { keyId: NOBODY }],
      400,
      'Request_BadRequest',
      'No password credential found with keyId.',
    ],
    [
      'a certificate that is none',
      async (lab) => ['PATCH', `/applications/${lab.application.objectId}`, { keyCredentials: [{ key: 'AAAA' }] }],
      400,
      'Request_BadRequest',
      'is not a certificate',
    ],
    [
      'a property left out',
      async () => ['POST', '/applications', {}],
      400,
      'Request_BadRequest',
      "A value is required for property 'displayName' of resource 'Application'.",
    ],
    [
      'an unknown property',
      async () => ['POST', '/applications', { displayName: 'x', colour: 'red' }],
      400,
      'Request_BadRequest',
      "The property 'colour' does not exist on type 'microsoft.graph.application'.",
    ],
    [
      'a value of the wrong type',
      async () => ['POST', '/users', { ...A_USER, accountEnabled: 'yes' }],
      400,
      'Request_BadRequest',
      "Invalid value specified for property 'accountEnabled' of resource 'User'.",
    ],
  ])('answer %s', async (_what, arrange, status, code, message) => {
    await inGraphLab(async (lab) => {
      const [method, path, body] = await arrange(lab);
      const answer = await callGraph(lab, method, path, body);
      expect({ status: answer.status, ...answer.body.error }).toMatchObject({
        status,
        code,
        message: expect.stringContaining(message),
      });
    });
  });

  it('tell an unknown route loudly', async () => {
    await inGraphLab(async (lab) => {
      const { status, body } = await callGraph(lab, 'GET', '/planner/tasks');
      expect([status, body.error.message]).toEqual([404, "Resource not found for the segment 'planner'."]);
      expect(lab.journal.records.at(-1)).toMatchObject({ kind: 'graph.unknown-route', path: '/v1.0/planner/tasks' });
    });
  });

  it('answer 429 with a time to wait once a tenant asks too often', async () => {
    await inGraphLab(async (lab) => {
      const graphThrottling = { requestsMax: 1, windowMs: 60_000, retryAfterS: 30 };
      lab.directory.changePolicies(lab.tenantId, { graphThrottling });
      expect((await callGraph(lab, 'GET', '/users')).status).toBe(200);
      const second = await callGraph(lab, 'GET', '/users');
      expect([second.status, second.headers['retry-after'], second.body.error.code]).toEqual([
        429,
        '30',
        'TooManyRequests',
      ]);
      await lab.clock.sleep(60_000);
      expect((await callGraph(lab, 'GET', '/users')).status).toBe(200);
    });
  });
});

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

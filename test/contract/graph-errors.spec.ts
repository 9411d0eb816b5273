import { callGraph, graphToken, inGraphLab, type GraphLab } from './graph-lab.ts';
import { A_USER, createUser, E5_DEVELOPER } from './graph-users.ts';
import { lastOf } from './microsoft-lab.ts';

const NOBODY = '22222222-2222-4222-8222-222222222222';

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

  it('answer 429 with a time to wait once a tenant asks too often, and to it alone', async () => {
    await inGraphLab(async (lab) => {
      const graphThrottling = { requestsMax: 1, windowMs: 60_000, retryAfterS: 30 };
      const other = lab.directory.createTenant({ displayName: 'Other', verifiedDomains: ['other.example'] });
      for (const { tenantId } of [lab, other]) lab.directory.changePolicies(tenantId, { graphThrottling });
      const token = await graphToken(lab, lab.directory.createAdministrator(other.tenantId), other.tenantId);
      expect((await callGraph(lab, 'GET', '/users')).status).toBe(200);
      expect((await callGraph(lab, 'GET', '/users', undefined, { token })).status).toBe(200);
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

import { EXCHANGE_SCOPE, httpRequest, inMicrosoftLab, tokenForm, type MicrosoftLab } from './microsoft-lab.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const EXCHANGE = '00000002-0000-0ff1-ce00-000000000000';
const NOBODY = '22222222-2222-4222-8222-222222222222';
const HOUR_MS = 3_600_000;

/** What deviates from a request that succeeds, in a tenant that is healthy. */
interface Deviation {
  tenant?: string;
  method?: string;
  form?: Record<string, string>;
  /** Fields that are left out. */
  without?: string[];
}

interface Vector {
  status: number;
  error: string;
  code: number;
  /** The sentence between the number and the trailers; `<app>` and `<tenant>` stand for the lab's IDs. */
  text: string;
  /** Default true. */
  errorUri?: boolean;
}

async function ask(lab: MicrosoftLab, { tenant, method = 'POST', form = {}, without = [] }: Deviation = {}) {
  const fields = new URLSearchParams(tokenForm(lab, form));
  for (const name of without) fields.delete(name);
  const path = `/${encodeURIComponent(tenant ?? lab.tenantId)}/oauth2/v2.0/token`;
  return httpRequest(lab, path, { method, headers: FORM, body: method === 'GET' ? '' : fields.toString() });
}

/** Fact sheet microsoft 1.5, row by row. */
const VECTORS: [string, (lab: MicrosoftLab) => Deviation, Vector][] = [
  [
    'a wrong secret',
    () => ({ form: { client_secret: 'wrong' } }),
    {
      status: 401,
      error: 'invalid_client',
      code: 7000215,
      text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '<app>'.",
    },
  ],
  [
    'the secret ID instead of its value',
    (lab) => ({ form: { client_secret: lab.secret.secretId } }),
    {
      status: 401,
      error: 'invalid_client',
      code: 7000215,
      text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '<app>'.",
    },
  ],
  [
    'an expired secret',
    (lab) => {
      const period = { displayName: 'old', startsAt: lab.clock.now() - HOUR_MS, endsAt: lab.clock.now() };
      const { value } = lab.directory.addSecret(lab.tenantId, lab.application.clientId, period);
      return { form: { client_secret: value } };
    },
    {
      status: 401,
      error: 'invalid_client',
      code: 7000222,
      text: "The provided client secret keys for app '<app>' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
    },
  ],
  [
    'no secret',
    () => ({ without: ['client_secret'] }),
    {
      status: 401,
      error: 'invalid_client',
      code: 7000218,
      text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    },
  ],
  [
    'an application that is not in the tenant',
    () => ({ form: { client_id: NOBODY } }),
    {
      status: 400,
      error: 'unauthorized_client',
      code: 700016,
      text: `Application with identifier '${NOBODY}' was not found in the directory 'Lab'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    },
  ],
  [
    'an application of another tenant',
    (lab) => {
      const other = lab.directory.createTenant({ displayName: 'Other', verifiedDomains: ['other.example'] });
      return { tenant: other.tenantId };
    },
    {
      status: 400,
      error: 'unauthorized_client',
      code: 700016,
      text: "Application with identifier '<app>' was not found in the directory 'Other'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
    },
  ],
  [
    'a client ID of zeros',
    () => ({ form: { client_id: '00000000-0000-0000-0000-000000000000' } }),
    {
      status: 400,
      error: 'unauthorized_client',
      code: 700038,
      text: '00000000-0000-0000-0000-000000000000 is not a valid application identifier.',
      errorUri: false,
    },
  ],
  [
    'an unknown tenant',
    () => ({ tenant: 'nowhere.example' }),
    {
      status: 400,
      error: 'invalid_request',
      code: 90002,
      text: "Tenant 'nowhere.example' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
    },
  ],
  [
    'a tenant that is no name',
    () => ({ tenant: 'not a tenant' }),
    {
      status: 400,
      error: 'invalid_request',
      code: 900023,
      text: "Specified tenant identifier 'not a tenant' is neither a valid DNS name, nor a valid external domain.",
    },
  ],
  [
    'a malformed scope',
    () => ({ form: { scope: 'https://outlook.office.com"/.default' } }),
    {
      status: 400,
      error: 'invalid_scope',
      code: 70011,
      text: "The provided value for the input parameter 'scope' is not valid. The scope https://outlook.office.com\"/.default is not valid.",
    },
  ],
  [
    'a scope without /.default',
    () => ({ form: { scope: 'https://outlook.office.com/SMTP.Send' } }),
    {
      status: 400,
      error: 'invalid_scope',
      code: 1002012,
      text: 'The provided value for scope https://outlook.office.com/SMTP.Send is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
    },
  ],
  [
    'an unknown resource',
    () => ({ form: { scope: 'https://mail.lab.example/.default' } }),
    {
      status: 400,
      error: 'invalid_resource',
      code: 500011,
      text: 'The resource principal named https://mail.lab.example was not found in the tenant named <tenant>. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.',
    },
  ],
  [
    'a tenant without Exchange Online',
    (lab) => {
      lab.directory.servicePrincipals.delete(lab.tenantId, EXCHANGE);
      return {};
    },
    {
      status: 400,
      error: 'invalid_resource',
      code: 500011,
      text: 'The resource principal named https://outlook.office.com was not found in the tenant named <tenant>. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.',
    },
  ],
  [
    'a resource that is disabled',
    (lab) => {
      lab.directory.servicePrincipals.update(lab.tenantId, EXCHANGE, { accountEnabled: false });
      return {};
    },
    {
      status: 400,
      error: 'invalid_resource',
      code: 500014,
      text: "The service principal for resource 'https://outlook.office.com' is disabled. This indicate that a subscription within the tenant has lapsed, or that the administrator for this tenant has disabled the application, preventing tokens from being issued for it.",
    },
  ],
  [
    'two resources',
    () => ({ form: { scope: `${EXCHANGE_SCOPE} https://graph.microsoft.com/.default` } }),
    {
      status: 400,
      error: 'invalid_scope',
      code: 700022,
      text: `The provided value for the input parameter scope '${EXCHANGE_SCOPE} https://graph.microsoft.com/.default' is not valid because it contains more than one resource.`,
    },
  ],
  ...['grant_type', 'client_id', 'scope'].map((name): [string, () => Deviation, Vector] => [
    `no ${name}`,
    () => ({ without: [name] }),
    {
      status: 400,
      error: 'invalid_request',
      code: 900144,
      text: `The request body must contain the following parameter: '${name}'.`,
    },
  ]),
  [
    'an assertion without its type',
    () => ({ without: ['client_secret'], form: { client_assertion: 'a.b.c' } }),
    {
      status: 400,
      error: 'invalid_request',
      code: 900144,
      text: "The request body must contain the following parameter: 'client_assertion_type'.",
    },
  ],
  [
    'another grant type',
    () => ({ form: { grant_type: 'password' } }),
    {
      status: 400,
      error: 'unsupported_grant_type',
      code: 70003,
      text: "The app requested an unsupported grant type 'password'.",
      errorUri: false,
    },
  ],
  ...['common', 'organizations'].map((tenant): [string, () => Deviation, Vector] => [
    `/${tenant}`,
    () => ({ tenant }),
    {
      status: 400,
      error: 'invalid_request',
      code: 9001023,
      text: 'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
    },
  ]),
  [
    'GET',
    () => ({ method: 'GET' }),
    {
      status: 400,
      error: 'invalid_request',
      code: 900561,
      text: 'The endpoint only accepts POST requests. Received a GET request.',
    },
  ],
  [
    'an enterprise application that is disabled',
    (lab) => {
      lab.directory.setApplicationEnabled(lab.tenantId, lab.application.clientId, false);
      return {};
    },
    { status: 400, error: 'unauthorized_client', code: 7000112, text: "Application '<app>'(ISE mail) is disabled." },
  ],
  [
    'an application that Microsoft disabled',
    (lab) => {
      lab.directory.applications.update(lab.tenantId, lab.application.clientId, { disabledByMicrosoft: true });
      return {};
    },
    { status: 400, error: 'unauthorized_client', code: 7000112, text: "Application '<app>'(ISE mail) is disabled." },
  ],
  [
    'an application without service principal',
    (lab) => {
      lab.directory.servicePrincipals.delete(lab.tenantId, lab.application.clientId);
      return {};
    },
    {
      status: 400,
      error: 'unauthorized_client',
      code: 7000229,
      text: 'The client application <app> is missing service principal in the tenant <tenant>.',
    },
  ],
  [
    'a resource that demands assignment',
    (lab) => {
      lab.directory.servicePrincipals.update(lab.tenantId, EXCHANGE, { appRoleAssignmentRequired: true });
      lab.directory.revokeAdminConsent(lab.tenantId, lab.application.clientId);
      return {};
    },
    {
      status: 400,
      error: 'invalid_grant',
      code: 501051,
      text: `Application '<app>'(ISE mail) is not assigned to a role for the application '${EXCHANGE}'(Office 365 Exchange Online).`,
    },
  ],
  [
    'a Conditional Access policy that blocks the application',
    (lab) => {
      const blockedByConditionalAccess = [lab.application.clientId];
      lab.directory.changePolicies(lab.tenantId, { blockedByConditionalAccess });
      return {};
    },
    {
      status: 400,
      error: 'invalid_grant',
      code: 53003,
      text: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    },
  ],
  [
    'a tenant that is throttled',
    (lab) => {
      const throttling = { requestsMax: 0, windowMs: 60_000, retryAfterS: 60, answer: 'aadsts90055' } as const;
      lab.directory.changePolicies(lab.tenantId, { throttling });
      return {};
    },
    { status: 400, error: 'temporarily_unavailable', code: 90055, text: 'There are too many incoming requests.' },
  ],
  [
    'a client that asks in a loop',
    (lab) => {
      lab.directory.changePolicies(lab.tenantId, { loopDetection: { requestsMax: 0, windowMs: 60_000 } });
      return {};
    },
    {
      status: 400,
      error: 'invalid_grant',
      code: 50196,
      text: 'The server terminated an operation because it encountered a loop while processing a request.',
    },
  ],
  ...(
    [
      [90033, 503, 'temporarily_unavailable', 'A transient error has occurred. Please try again.'],
      [90024, 504, 'temporarily_unavailable', 'A transient error has occurred. Please try again.'],
      [90006, 500, 'server_error', 'The service is temporarily unavailable.'],
    ] as const
  ).map(([aadsts, status, error, text]): [string, (lab: MicrosoftLab) => Deviation, Vector] => [
    `a token service with AADSTS${aadsts}`,
    (lab) => {
      lab.directory.changeSettings({ serviceHealth: { status: 'degraded', aadsts } });
      return {};
    },
    { status, error, code: aadsts, text },
  ]),
  [
    'a secret that is too new',
    (lab) => {
      lab.directory.changeSettings({ secretReplicationLagMs: HOUR_MS });
      return {};
    },
    {
      status: 401,
      error: 'invalid_client',
      code: 7000215,
      text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '<app>'.",
    },
  ],
  [
    'an application that is too new',
    (lab) => {
      lab.directory.changeSettings({ newApplicationLagMs: HOUR_MS });
      return {};
    },
    {
      status: 400,
      error: 'unauthorized_client',
      code: 700016,
      text: "Application with identifier '<app>' was not found in the directory 'Lab'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
    },
  ],
];

describe('refusals of the token endpoint, to the byte', () => {
  it.each(VECTORS)('answers %s', async (_what, arrange, vector) => {
    await inMicrosoftLab({}, async (lab) => {
      const answer = await ask(lab, arrange(lab));
      const body = JSON.parse(answer.body);
      const text = vector.text.replace('<app>', lab.application.clientId).replace('<tenant>', lab.tenantId);
      const timestamp = `${new Date(lab.clock.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`;
      expect(answer.status).toBe(vector.status);
      expect(answer.body).toBe(
        JSON.stringify({
          error: vector.error,
          error_description:
            `AADSTS${vector.code}: ${text} Trace ID: ${body.trace_id} ` +
            `Correlation ID: ${body.correlation_id} Timestamp: ${timestamp}`,
          error_codes: [vector.code],
          timestamp,
          trace_id: body.trace_id,
          correlation_id: body.correlation_id,
          ...(vector.errorUri === false
            ? {}
            : { error_uri: `https://login.microsoftonline.com/error?code=${vector.code}` }),
        }),
      );
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store, no-cache',
        pragma: 'no-cache',
        'content-type': 'application/json; charset=utf-8',
        expires: '-1',
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'x-content-type-options': 'nosniff',
        p3p: 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
        'x-ms-request-id': body.trace_id,
        'x-ms-ests-server': expect.stringMatching(/^2\.1\.\d+\.\d+ - \w+ ProdSlices$/),
        'x-xss-protection': '0',
        'set-cookie': expect.stringMatching(
          /^fpc=[\w-]+; expires=[^;]+; path=\/; secure; HttpOnly; SameSite=None,x-ms-gateway-slice=estsfd; .*,stsservicecookie=estsfd; /,
        ),
      });
      expect(body.trace_id).toMatch(/00$/);
      expect(answer.headers).not.toHaveProperty('x-ms-clitelem');
      expect(answer.headers).not.toHaveProperty('client-request-id');
    });
  });

  it('answers a throttled tenant in plain text, and serves it again when the window is over', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const throttling = { requestsMax: 1, windowMs: 60_000, retryAfterS: 60, answer: 'plain-text' } as const;
      lab.directory.changePolicies(lab.tenantId, { throttling });
      expect((await ask(lab)).status).toBe(200);
      const refused = await ask(lab);
      expect(refused).toMatchObject({
        status: 429,
        body: 'Too Many Requests',
        headers: { 'retry-after': '60', 'content-type': 'text/plain' },
      });
      expect(lab.journal.records.at(-1)).toMatchObject({
        kind: 'entra.token-refused',
        status: 429,
        reason: 'throttled',
      });
      await lab.clock.sleep(60_000);
      expect((await ask(lab)).status).toBe(200);
    });
  });

  it.each([502, 503, 504] as const)('answers %i with a page when the service is down', async (httpStatus) => {
    await inMicrosoftLab({}, async (lab) => {
      lab.directory.changeSettings({ serviceHealth: { status: 'down', httpStatus } });
      const answer = await ask(lab);
      expect(answer.status).toBe(httpStatus);
      expect(answer.headers['content-type']).toMatch(/^text\/html/);
      expect(answer.body).toMatch(/^<!DOCTYPE html>/);
    });
  });

  it('goes on accepting a removed secret for as long as the removal takes', async () => {
    await inMicrosoftLab({}, async (lab) => {
      lab.directory.changeSettings({ secretRemovalLagMs: 10_000 });
      lab.directory.removeSecret(lab.tenantId, lab.application.clientId, lab.secret.secretId);
      expect((await ask(lab)).status).toBe(200);
      await lab.clock.sleep(10_000);
      expect((await ask(lab)).status).toBe(401);
    });
  });

  it('tells telemetry and correlation back to a client that sent them', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
      const headers = { ...FORM, 'client-request-id': id, 'return-client-request-id': 'true' };
      const telemetry = { 'x-client-current-telemetry': '5|771,2,,,|,' };
      const post = (form: Record<string, string>) =>
        httpRequest(lab, `/${lab.tenantId}/oauth2/v2.0/token`, { method: 'POST', headers, body: tokenForm(lab, form) });
      const granted = await post(telemetry);
      expect(granted.headers).toMatchObject({ 'x-ms-clitelem': '1,0,0,,', 'client-request-id': id });
      const refused = await post({ ...telemetry, client_secret: 'wrong' });
      expect(refused.headers).toMatchObject({ 'x-ms-clitelem': '1,7000215,0,,', 'client-request-id': id });
      expect(JSON.parse(refused.body).correlation_id).toBe(id);
    });
  });

  it('takes what older clients send: blanks, commas and pipes as they are, names in capitals, unknown fields', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { clientId } = lab.application;
      const body =
        `CLIENT_ID=${clientId}&client_secret=${encodeURIComponent(lab.secret.value)}&scope=${EXCHANGE_SCOPE}` +
        '&grant_type=client_credentials&x-client-current-telemetry=2|771,1,,,|,&client_info=1&colour=deep red';
      const answer = await httpRequest(lab, `/${lab.tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        headers: FORM,
        body,
      });
      expect(answer.status).toBe(200);
      expect(Object.keys(JSON.parse(answer.body))).toEqual([
        'token_type',
        'expires_in',
        'ext_expires_in',
        'access_token',
      ]);
    });
  });
});

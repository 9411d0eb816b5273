import { EXCHANGE_SCOPE, type MicrosoftLab } from './microsoft-lab.ts';

const EXCHANGE = '00000002-0000-0ff1-ce00-000000000000';
const NOBODY = '22222222-2222-4222-8222-222222222222';
const HOUR_MS = 3_600_000;

/** What deviates from a request that succeeds, in a tenant that is healthy. */
export interface Deviation {
  tenant?: string;
  method?: string;
  form?: Record<string, string>;
  /** Fields that are left out. */
  without?: string[];
}

export interface Vector {
  status: number;
  error: string;
  code: number;
  /** The sentence between the number and the trailers; `<app>` and `<tenant>` stand for the lab's IDs. */
  text: string;
  /** Default true. */
  errorUri?: boolean;
}

export type VectorRow = [what: string, arrange: (lab: MicrosoftLab) => Deviation, vector: Vector];

/** Tenant, client, credential, scope and resource (fact sheet microsoft 1.5). */
export const REQUEST_VECTORS: VectorRow[] = [
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
  ...['common', 'organizations', 'consumers'].map((tenant): [string, () => Deviation, Vector] => [
    `/${tenant}`,
    () => ({ tenant }),
    {
      status: 400,
      error: 'invalid_request',
      code: 9001023,
      text: 'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
    },
  ]),
];

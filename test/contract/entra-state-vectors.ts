import type { Deviation, Vector, VectorRow } from './entra-request-vectors.ts';
import type { MicrosoftLab } from './microsoft-lab.ts';

const EXCHANGE = '00000002-0000-0ff1-ce00-000000000000';
const HOUR_MS = 3_600_000;

/** Method, state of the application, policies of the tenant and health of the service (fact sheet microsoft 1.5). */
export const STATE_VECTORS: VectorRow[] = [
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

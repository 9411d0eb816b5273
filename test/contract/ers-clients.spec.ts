import { createGuest, guestBody, SPONSOR, sponsorConfig, sponsorPortalId } from './ers-guest-lab.ts';
import { request, type ApiAnswer } from './ers-lab.ts';
import { ADMIN, inNodeLab, type NodeLab } from './node-lab.ts';
import { SDK_CLIENTS } from './sdk-clients.ts';

/** What stands in the paths and bodies of the table. */
interface Known {
  guest: string;
  pending: string;
  portal: string;
  user: string;
  type: string;
  smtp: string;
  certificate: string;
  task: string;
}

interface Row {
  /** Of the Python SDK; the Go SDK has it in capitals. */
  name: string;
  as?: 'sponsor';
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: (known: Known) => string;
  body?: (known: Known) => unknown;
  status: number;
  /** What the client reads of the answer. */
  reads?: (answer: ApiAnswer) => unknown;
}

const reason = { OperationAdditionalData: { additionalData: [{ name: 'reason', value: 'x' }] } };
const user = {
  InternalUser: { name: 'sdk', password: 'Lab-User-1', changePassword: false, enabled: true, email: 'sdk@lab.example' },
};
const total = ({ json }: ApiAnswer): unknown => json.SearchResult.total;
const updated = ({ json }: ApiAnswer): unknown => json.UpdatedFieldsList.updatedField;
const version = ({ json }: ApiAnswer): unknown => json.VersionInfo.currentServerVersion;
const response = ({ json }: ApiAnswer): unknown => json.version && json.response;

/** In this order: what one row makes, later ones use. */
const ROWS: readonly Row[] = [
  {
    name: 'version_and_patch.get_ise_version_and_patch',
    method: 'GET',
    path: () => '/ers/config/op/systemconfig/iseversion',
    status: 200,
    reads: ({ json }) => json.OperationResult.resultValue[0].name,
  },
  {
    name: 'node_details.get_node_details',
    method: 'GET',
    path: () => '/ers/config/node/?page=1&size=20',
    status: 200,
    reads: total,
  },
  {
    name: 'node_details.get_node_detail_by_name',
    method: 'GET',
    path: () => '/ers/config/node/name/ise1',
    status: 200,
    reads: ({ json }) => json.Node.fqdn,
  },
  {
    name: 'psn_node_details_with_radius_service.get_session_service_node',
    method: 'GET',
    path: () => '/ers/config/sessionservicenode',
    status: 200,
    reads: total,
  },
  {
    name: 'internal_user.create_internal_user',
    method: 'POST',
    path: () => '/ers/config/internaluser/',
    body: () => user,
    status: 201,
    reads: ({ headers }) => headers['location'],
  },
  {
    name: 'internal_user.get_internal_user',
    method: 'GET',
    path: () => '/ers/config/internaluser/?filter=name.EQ.sdk&filterType=and',
    status: 200,
    reads: total,
  },
  {
    name: 'internal_user.internal_user_by_name',
    method: 'GET',
    path: () => '/ers/config/internaluser/name/sdk',
    status: 200,
    reads: ({ json }) => json.InternalUser.id,
  },
  {
    name: 'internal_user.update_internal_user_by_name',
    method: 'PUT',
    path: () => '/ers/config/internaluser/name/sdk',
    body: () => ({ InternalUser: { name: 'sdk', firstName: 'Sam' } }),
    status: 200,
    reads: updated,
  },
  {
    name: 'internal_user.update_internal_user_by_id',
    method: 'PUT',
    path: ({ user: id }) => `/ers/config/internaluser/${id}`,
    body: ({ user: id }) => ({ InternalUser: { id, name: 'sdk', lastName: 'Klein' } }),
    status: 200,
    reads: updated,
  },
  {
    name: 'internal_user.get_version',
    method: 'GET',
    path: () => '/ers/config/internaluser/versioninfo',
    status: 200,
    reads: version,
  },
  {
    name: 'internal_user.delete_internal_user_by_id',
    method: 'DELETE',
    path: ({ user: id }) => `/ers/config/internaluser/${id}`,
    status: 204,
  },
  {
    name: 'admin_user.get_admin_users',
    method: 'GET',
    path: () => '/ers/config/adminuser',
    status: 200,
    reads: (answer) => total(answer) === 0,
  },
  {
    name: 'guest_type.get_guest_type',
    method: 'GET',
    path: () => '/ers/config/guesttype?filter=name.STARTSW.Contractor',
    status: 200,
    reads: total,
  },
  {
    name: 'guest_type.create_guest_type',
    method: 'POST',
    path: () => '/ers/config/guesttype',
    body: () => ({
      GuestType: {
        name: 'Sdk',
        accessTime: { maxAccountDuration: 30, durationTimeUnit: 'DAYS', defaultDuration: 3 },
        loginOptions: {
          limitSimultaneousLogins: true,
          maxSimultaneousLogins: 3,
          failureAction: 'Disconnect_Oldest_Connection',
          maxRegisteredDevices: 5,
          allowGuestPortalBypass: false,
        },
        expirationNotification: {
          enableNotification: true,
          advanceNotificationDuration: 4,
          advanceNotificationUnits: 'HOURS',
          sendEmailNotification: true,
          emailText: 'Soon.',
          sendSmsNotification: false,
        },
        sponsorGroups: ['ALL_ACCOUNTS (default)'],
      },
    }),
    status: 201,
    reads: ({ headers }) => headers['location'],
  },
  {
    name: 'guest_type.get_guest_type_by_id',
    method: 'GET',
    path: ({ type }) => `/ers/config/guesttype/${type}`,
    status: 200,
    reads: ({ json }) => json.GuestType.accessTime.maxAccountDuration,
  },
  {
    name: 'guest_type.update_guest_type_email',
    method: 'PUT',
    path: ({ type }) => `/ers/config/guesttype/email/${type}`,
    body: () => ({
      OperationAdditionalData: { additionalData: [{ name: 'emailAddress', value: 'admin@lab.example' }] },
    }),
    status: 204,
  },
  {
    name: 'guest_location.get_guest_location',
    method: 'GET',
    path: () => '/ers/config/guestlocation',
    status: 200,
    reads: total,
  },
  {
    name: 'sponsor_group.get_sponsor_group',
    method: 'GET',
    path: () => '/ers/config/sponsorgroup',
    status: 200,
    reads: total,
  },
  {
    name: 'sponsor_portal.get_sponsor_portal',
    method: 'GET',
    path: () => '/ers/config/sponsorportal',
    status: 200,
    reads: total,
  },
  {
    name: 'sponsor_portal.get_sponsor_portal_by_id',
    method: 'GET',
    path: ({ portal }) => `/ers/config/sponsorportal/${portal}`,
    status: 200,
    reads: ({ json }) => json.SponsorPortal.settings.portalSettings.httpsPort,
  },
  {
    name: 'self_registered_portal.get_self_registered_portals',
    method: 'GET',
    path: () => '/ers/config/selfregportal',
    status: 200,
    reads: total,
  },
  { name: 'portal.get_portals', method: 'GET', path: () => '/ers/config/portal', status: 200, reads: total },
  {
    name: 'guest_smtp_notification_configuration.get_guest_smtp_notification_settings',
    method: 'GET',
    path: () => '/ers/config/guestsmtpnotificationsettings',
    status: 200,
    reads: total,
  },
  {
    name: 'guest_smtp_notification_configuration.update_guest_smtp_notification_settings_by_id',
    method: 'PUT',
    path: ({ smtp }) => `/ers/config/guestsmtpnotificationsettings/${smtp}`,
    body: ({ smtp }) => ({
      ERSGuestSmtpNotificationSettings: {
        id: smtp,
        smtpServer: 'relay.lab.example',
        smtpPort: '25',
        connectionTimeout: '60',
        useTLSorSSLEncryption: false,
        usePasswordAuthentication: false,
        notificationEnabled: true,
        useDefaultFromAddress: true,
        defaultFromAddress: 'ise@lab.example',
      },
    }),
    status: 200,
    reads: updated,
  },
  {
    name: 'guest_user.create_guest_user',
    as: 'sponsor',
    method: 'POST',
    path: () => '/ers/config/guestuser',
    body: ({ portal }) => guestBody(portal, { userName: 'sdk-guest' }, { name: 'guestUser' }),
    status: 201,
    reads: ({ headers }) => headers['location'],
  },
  {
    name: 'guest_user.get_guest_users',
    as: 'sponsor',
    method: 'GET',
    path: () => '/ers/config/guestuser?page=1&size=1&sortasc=name',
    status: 200,
    reads: ({ json }) => json.SearchResult.nextPage.href,
  },
  {
    name: 'guest_user.get_guest_user_by_name',
    as: 'sponsor',
    method: 'GET',
    path: () => '/ers/config/guestuser/name/sdk-guest',
    status: 200,
    reads: ({ json }) => json.GuestUser.guestInfo.password,
  },
  {
    name: 'guest_user.update_guest_user_by_name',
    as: 'sponsor',
    method: 'PUT',
    path: () => '/ers/config/guestuser/name/sdk-guest',
    body: () => ({ GuestUser: { guestInfo: { company: 'Acme' } } }),
    status: 200,
    reads: updated,
  },
  {
    name: 'guest_user.update_guest_user_by_id',
    as: 'sponsor',
    method: 'PUT',
    path: ({ guest }) => `/ers/config/guestuser/${guest}`,
    body: ({ guest }) => ({ GuestUser: { id: guest, guestInfo: { company: 'Umbra' } } }),
    status: 200,
    reads: updated,
  },
  {
    name: 'guest_user.update_guest_user_email',
    as: 'sponsor',
    method: 'PUT',
    path: ({ guest, portal }) => `/ers/config/guestuser/email/${guest}/portalId/${portal}`,
    body: () => ({ OperationAdditionalData: { additionalData: [{ name: 'senderEmail', value: 'anna@lab.example' }] } }),
    status: 204,
  },
  {
    name: 'guest_user.suspend_guest_user_by_id',
    as: 'sponsor',
    method: 'PUT',
    path: ({ guest }) => `/ers/config/guestuser/suspend/${guest}`,
    body: () => reason,
    status: 204,
  },
  {
    name: 'guest_user.reinstate_guest_user_by_id',
    as: 'sponsor',
    method: 'PUT',
    path: ({ guest }) => `/ers/config/guestuser/reinstate/${guest}`,
    body: () => ({}),
    status: 204,
  },
  {
    name: 'guest_user.suspend_guest_user_by_name',
    as: 'sponsor',
    method: 'PUT',
    path: () => '/ers/config/guestuser/suspend/name/sdk-guest',
    body: () => ({}),
    status: 204,
  },
  {
    name: 'guest_user.reinstate_guest_user_by_name',
    as: 'sponsor',
    method: 'PUT',
    path: () => '/ers/config/guestuser/reinstate/name/sdk-guest',
    status: 204,
  },
  {
    name: 'guest_user.reset_guest_user_password_by_id',
    as: 'sponsor',
    method: 'PUT',
    path: ({ guest }) => `/ers/config/guestuser/resetpassword/${guest}`,
    status: 200,
    reads: ({ json }) => json.OperationResult.resultValue[0].value,
  },
  {
    name: 'guest_user.approve_guest_user_by_id',
    as: 'sponsor',
    method: 'PUT',
    path: ({ pending }) => `/ers/config/guestuser/approve/${pending}`,
    status: 204,
  },
  {
    name: 'guest_user.deny_guest_user_by_id',
    as: 'sponsor',
    method: 'PUT',
    path: ({ pending }) => `/ers/config/guestuser/deny/${pending}`,
    status: 204,
  },
  {
    name: 'guest_user.bulk_request_for_guest_user',
    as: 'sponsor',
    method: 'PUT',
    path: () => '/ers/config/guestuser/bulk/submit',
    body: ({ pending }) => ({
      GuestUserBulkRequest: {
        operationType: 'delete',
        resourceMediaType: 'vnd.com.cisco.ise.identity.guestuser.2.0+xml',
        idList: [pending],
      },
    }),
    status: 202,
    reads: ({ headers }) => headers['location'],
  },
  {
    name: 'guest_user.get_version',
    as: 'sponsor',
    method: 'GET',
    path: () => '/ers/config/guestuser/versioninfo',
    status: 200,
    reads: version,
  },
  {
    name: 'guest_user.delete_guest_user_by_name',
    as: 'sponsor',
    method: 'DELETE',
    path: () => '/ers/config/guestuser/name/sdk-guest',
    status: 204,
  },
  {
    name: 'node_deployment.get_deployment_nodes',
    method: 'GET',
    path: () => '/api/v1/deployment/node',
    status: 200,
    reads: response,
  },
  {
    name: 'node_deployment.get_node_details',
    method: 'GET',
    path: () => '/api/v1/deployment/node/ise1',
    status: 200,
    reads: response,
  },
  {
    name: 'tasks.get_task_status',
    method: 'GET',
    path: () => '/api/v1/task',
    status: 200,
    reads: ({ json }) => Array.isArray(json),
  },
  {
    name: 'proxy.get_proxy_connection',
    method: 'GET',
    path: () => '/api/v1/system-settings/proxy',
    status: 200,
    reads: response,
  },
  {
    name: 'proxy.update_proxy_connection',
    method: 'PUT',
    path: () => '/api/v1/system-settings/proxy',
    body: () => ({ fqdn: 'proxy.lab.example', port: 3128, bypassHosts: '', passwordRequired: false }),
    status: 200,
    reads: response,
  },
  {
    name: 'certificates.get_trusted_certificates',
    method: 'GET',
    path: () => '/api/v1/certs/trusted-certificate?page=1&size=20',
    status: 200,
    reads: response,
  },
  {
    name: 'certificates.get_trusted_certificate_by_id',
    method: 'GET',
    path: ({ certificate }) => `/api/v1/certs/trusted-certificate/${certificate}`,
    status: 200,
    reads: response,
  },
  {
    name: 'certificates.update_trusted_certificate',
    method: 'PUT',
    path: ({ certificate }) => `/api/v1/certs/trusted-certificate/${certificate}`,
    body: () => ({
      name: 'renamed',
      trustForIseAuth: true,
      trustForClientAuth: false,
      downloadCRL: false,
      enableOCSPValidation: false,
      status: 'Enabled',
    }),
    status: 200,
    reads: response,
  },
  {
    name: 'certificates.delete_trusted_certificate_by_id',
    method: 'DELETE',
    path: ({ certificate }) => `/api/v1/certs/trusted-certificate/${certificate}`,
    status: 200,
    reads: response,
  },
];

async function known(lab: NodeLab): Promise<Known> {
  const listed = async (path: string): Promise<{ id: string; name: string }[]> =>
    (await request(lab, 'GET', path)).json.SearchResult.resources;
  const [smtp] = await listed('/ers/config/guestsmtpnotificationsettings');
  const certificates = (await request(lab, 'GET', '/api/v1/certs/trusted-certificate')).json.response;
  const guest = await createGuest(lab, { userName: 'other-guest' });
  await createGuest(lab, { userName: 'pending-guest' });
  const pending = lab.node('ise1').context.settings.guest('pending-guest');
  const { context } = lab.node('ise1');
  const changed = { ...pending, state: 'Pending Approval', approval: {} };
  context.store.apply(context.store.nextChange([['guest/pending-guest', changed]], lab.clock.now()));
  return {
    guest,
    pending: pending?.id ?? '',
    portal: await sponsorPortalId(lab),
    user: '',
    type: '',
    smtp: smtp?.id ?? '',
    certificate: certificates[0].id,
    task: '',
  };
}

describe.each(Object.entries(SDK_CLIENTS))('requests as %s sends them', (_client, headers) => {
  it('are answered as it expects, every one of the recorded table', async () => {
    await inNodeLab({ config: sponsorConfig() }, async (lab) => {
      const seen = await known(lab);
      for (const row of ROWS) {
        const credentials = row.as === 'sponsor' ? SPONSOR : ADMIN;
        const answer = await request(lab, row.method, row.path(seen), { headers, credentials, body: row.body?.(seen) });
        expect([row.name, answer.status, answer.status < 300 ? '' : answer.text]).toEqual([row.name, row.status, '']);
        if (row.reads) expect([row.name, Boolean(row.reads(answer))]).toEqual([row.name, true]);
        const made = answer.headers['location']?.split('/').at(-1) ?? '';
        if (row.name === 'internal_user.create_internal_user') seen.user = made;
        if (row.name === 'guest_type.create_guest_type') seen.type = made;
      }
    });
  });
});

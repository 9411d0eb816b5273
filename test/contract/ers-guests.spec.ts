import { CONFIG_KEYS } from '#apps/ise-node';
import { sixNodeDeployment } from '#libs/deployment';
import {
  GUEST_LIFE_CYCLE,
  GUEST_STATES,
  lifeCycleState,
  type GuestAccount,
  type GuestOperation,
  type GuestState,
} from '#libs/guests';
import { asSponsor, createGuest, guestBody, SPONSOR, sponsorConfig, sponsorPortalId } from './ers-guest-lab.ts';
import { ers, type ApiAnswer } from './ers-lab.ts';
import { START } from './microsoft-lab.ts';
import { inNodeLab, recordsOf, type NodeLab, type NodeLabSettings } from './node-lab.ts';

const DAY_MS = 86_400_000;

const inGuestLab = (test: (lab: NodeLab) => Promise<void>, settings: NodeLabSettings = {}) =>
  inNodeLab({ ...settings, config: [...sponsorConfig(), ...(settings.config ?? [])] }, test);
const titleOf = ({ json }: ApiAnswer): string => json.ERSResponse.messages[0].title;
const data = (values: Record<string, string>) => ({
  body: {
    OperationAdditionalData: { additionalData: Object.entries(values).map(([name, value]) => ({ name, value })) },
  },
});

describe('guest users over ERS', () => {
  it('are created, read, changed and deleted by a sponsor', async () => {
    await inGuestLab(async (lab) => {
      const id = await createGuest(lab, { phoneNumber: '+4930123' }, { customFields: { badge: '7' } });
      const { json } = await asSponsor(lab, 'GET', `/${id}`);
      const { guestInfo, name } = json.GuestUser;
      expect(json.GuestUser).toMatchObject({
        id,
        guestType: 'Contractor (default)',
        status: 'AWAITING_INITIAL_LOGIN',
        sponsorUserName: 'anna',
        portalId: await sponsorPortalId(lab),
        guestInfo: {
          firstName: 'Gina',
          userName: name,
          phoneNumber: '+4930123',
          enabled: true,
          notificationLanguage: 'English',
        },
        guestAccessInfo: {
          validDays: 10,
          fromDate: '02/02/2026 00:00',
          toDate: '02/12/2026 12:00',
          location: 'San Jose',
        },
        customFields: { badge: '7' },
        link: { rel: 'self', href: expect.stringContaining(`/ers/config/guestuser/${id}`) },
      });
      expect(guestInfo.password).toMatch(/^\d{4}$/);
      expect((await asSponsor(lab, 'GET', `/name/${name}`)).json).toEqual(json);

      const whole = { ...json.GuestUser, guestInfo: { ...guestInfo, lastName: 'Gast' } };
      const put = await asSponsor(lab, 'PUT', `/${id}`, { body: { GuestUser: whole } });
      expect(put.json.UpdatedFieldsList.updatedField).toEqual([
        { field: 'guestInfo.lastName', oldValue: 'Guest', newValue: 'Gast' },
      ]);
      const patch = { GuestUser: { guestAccessInfo: { toDate: '02/14/2026 12:00', validDays: 12 } } };
      const patched = await asSponsor(lab, 'PATCH', `/name/${name}`, { body: patch });
      expect(patched.json.UpdatedFieldsList.updatedField.map(({ field }: { field: string }) => field)).toEqual([
        'guestAccessInfo.validDays',
        'guestAccessInfo.toDate',
      ]);
      expect((await asSponsor(lab, 'DELETE', `/name/${name}`)).status).toBe(204);
      expect((await asSponsor(lab, 'GET', `/${id}`)).status).toBe(404);
    });
  });

  it('are created from the XML of older clients', async () => {
    await inGuestLab(async (lab) => {
      const type = 'application/vnd.com.cisco.ise.identity.guestuser.2.0+xml';
      const body = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ns2:guestuser xmlns:ns2="identity.ers.ise.cisco.com"><customFields></customFields>
          <guestAccessInfo><fromDate>02/02/2026 08:15</fromDate><toDate>02/03/2026 08:15</toDate>
            <validDays>1</validDays><location>San Jose</location></guestAccessInfo>
          <guestInfo><company>Acme &amp; Co</company><emailAddress>gina@visitor.example</emailAddress>
            <firstName>Gina</firstName><notificationLanguage>English</notificationLanguage><userName>gina</userName></guestInfo>
          <guestType>Daily (default)</guestType><portalId>${await sponsorPortalId(lab)}</portalId>
        </ns2:guestuser>`;
      const headers = { accept: type, 'content-type': type };
      expect(await asSponsor(lab, 'POST', '', { body, headers })).toMatchObject({ status: 201, text: '' });
      const { text } = await asSponsor(lab, 'GET', '/name/gina', { headers: { accept: 'application/xml' } });
      expect(text).toMatch(/^<\?xml version="1.0"[^>]*\?><ns4:guestuser id="[^"]+" name="gina" /);
      expect(text).toContain('<company>Acme &amp; Co</company>');
      expect(text).toContain('<validDays>1</validDays>');
    });
  });

  it.each([
    ['administrators', { userName: 'admin', password: 'node-Lab-1' }, 'Unauthorized'],
    ['a wrong password', { ...SPONSOR, password: 'x' }, 'Unauthorized'],
    [
      'a sponsor without canAccessViaRest',
      { ...SPONSOR, userName: 'otto' },
      'Sponsor does not have permission to access REST Apis',
    ],
  ])('answer 401 to %s', async (_what, credentials, title) => {
    await inGuestLab(async (lab) => {
      const refused = await asSponsor(lab, 'GET', '', { credentials });
      expect([refused.status, titleOf(refused)]).toEqual([401, title]);
    });
  });

  it('keep sponsors away from every other resource', async () => {
    await inGuestLab(async (lab) => {
      for (const resource of ['internaluser', 'adminuser', 'node', 'sponsorgroup', 'guestsmtpnotificationsettings']) {
        expect((await ers(lab, 'GET', resource, { credentials: SPONSOR })).status).toBe(401);
      }
    });
  });

  it.each([
    [
      'no times',
      { guestAccessInfo: { validDays: 1 } },
      'Mandatory fields missing: [guestAccessInfo.fromDate, guestAccessInfo.toDate]',
    ],
    [
      'times in another form',
      { guestAccessInfo: { validDays: 1, fromDate: '2026-02-02', toDate: '2026-02-03' } },
      'must be times such as',
    ],
    [
      'a day that does not exist',
      { guestAccessInfo: { validDays: 1, fromDate: '02/30/2026 00:00', toDate: '03/01/2026 00:00' } },
      'must be times',
    ],
    [
      'days that do not fit',
      { guestAccessInfo: { validDays: 5, fromDate: '02/02/2026 00:00', toDate: '02/04/2026 00:00' } },
      'validDays is 5',
    ],
    [
      'an end before the beginning',
      { guestAccessInfo: { validDays: 1, fromDate: '02/02/2026 12:00', toDate: '02/02/2026 11:00' } },
      'must end after',
    ],
    ['too long a time', { guestType: 'Daily (default)' }, 'last 5 days at most'],
    ['an unknown type', { guestType: 'Contactor (default)' }, 'Contractor (default)'],
    ['an unknown portal', { portalId: 'nowhere' }, 'not the id of a sponsor portal'],
    ['no address', { guestInfo: { emailAddress: 'nobody' } }, 'e-mail address is not valid'],
    ['a password that the policy refuses', { guestInfo: { password: 'secret' } }, 'assword'],
    ['an unknown field', { guestInfo: { firstname: 'x' } }, 'unknown firstname'],
    ['a text for a number', { guestAccessInfo: { validDays: '10' } }, 'guestAccessInfo.validDays: '],
  ])('refuse %s', async (_what, more, title) => {
    await inGuestLab(async (lab) => {
      const answer = await asSponsor(lab, 'POST', '', { body: guestBody(await sponsorPortalId(lab), {}, more) });
      expect(answer.status).toBe(400);
      expect(answer.text).toContain(title);
      expect(recordsOf(lab, 'guest.created')).toEqual([]);
    });
  });

  it('are filtered as sponsors ask for them, by the fields inside too', async () => {
    await inGuestLab(async (lab) => {
      await createGuest(lab, { userName: 'gina', lastName: 'Adams' });
      await createGuest(lab, { userName: 'hugo', lastName: 'Baker', emailAddress: 'hugo@visitor.example' });
      const names = async (query: string): Promise<string[]> =>
        (await asSponsor(lab, 'GET', `?${query}`)).json.SearchResult.resources.map(
          ({ name }: { name: string }) => name,
        );
      expect(await names('sortdsc=lastName')).toEqual(['hugo', 'gina']);
      expect(await names('filter=lastName.EQ.adams')).toEqual(['gina']);
      expect(await names('filter=emailAddress.STARTSW.hugo')).toEqual(['hugo']);
      expect(await names('filter=status.CONTAINS.AWAITING')).toEqual(['gina', 'hugo']);
      expect(await names('filter=toDate.CONTAINS.12-FEB-26&filter=sponsor.EQ.anna')).toEqual(['gina', 'hugo']);
      expect(await names('filter=toDate.CONTAINS.MAR')).toEqual([]);
    });
  });

  it('show passwords and allow changes as the sponsor group says', async () => {
    const permissions = {
      canAccessViaRest: true,
      canViewGuestPasswords: false,
      canDeleteGuestAccounts: false,
      canExtendGuestAccounts: false,
    };
    await inNodeLab({ config: sponsorConfig(permissions) }, async (lab) => {
      const id = await createGuest(lab);
      const { json } = await asSponsor(lab, 'GET', `/${id}`);
      expect(json.GuestUser.guestInfo.password).toBe('****');
      expect((await asSponsor(lab, 'PUT', `/${id}`, { body: json })).status).toBe(200);
      expect((await asSponsor(lab, 'DELETE', `/${id}`)).status).toBe(403);
      const longer = { GuestUser: { guestAccessInfo: { toDate: '02/14/2026 12:00', validDays: 12 } } };
      expect((await asSponsor(lab, 'PATCH', `/${id}`, { body: longer })).status).toBe(403);
    });
  });
});

describe('operations on guest users', () => {
  it('suspend with a reason, reinstate, and reset the password, by id and by name', async () => {
    await inGuestLab(async (lab) => {
      const id = await createGuest(lab, { userName: 'gina' });
      const shown = async () => (await asSponsor(lab, 'GET', `/${id}`)).json.GuestUser;
      expect((await asSponsor(lab, 'PUT', `/suspend/${id}`, data({ reason: 'left early' }))).status).toBe(204);
      expect(await shown()).toMatchObject({
        status: 'SUSPENDED',
        statusReason: 'left early',
        guestInfo: { enabled: false },
      });
      expect((await asSponsor(lab, 'PUT', '/reinstate/name/gina')).status).toBe(204);
      expect(await shown()).toMatchObject({ status: 'AWAITING_INITIAL_LOGIN', statusReason: '' });
      const xml = `<ns2:operationAdditionalData xmlns:ns2="ers.ise.cisco.com"><requestAdditionalAttributes>
        <additionalAttribute name="reason" value="in XML"/></requestAdditionalAttributes></ns2:operationAdditionalData>`;
      const headers = { 'content-type': 'application/xml' };
      expect((await asSponsor(lab, 'PUT', '/suspend/name/gina', { body: xml, headers })).status).toBe(204);
      expect((await shown()).statusReason).toBe('in XML');
      const reset = await asSponsor(lab, 'PUT', `/resetpassword/${id}`);
      expect([reset.status, reset.json]).toEqual([
        200,
        { OperationResult: { resultValue: [{ name: 'password', value: expect.stringMatching(/^\d{4}$/) }] } },
      ]);
      expect((await shown()).guestInfo.password).toBe(reset.json.OperationResult.resultValue[0].value);
    });
  });

  it('mail the credentials from a PSN, with the address that was asked for, and tell no password to the journal', async () => {
    await inGuestLab(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        const id = await createGuest(lab, { password: '4711' }, {}, 'pan1');
        const portalId = await sponsorPortalId(lab, 'pan1');
        const mailed = await asSponsor(lab, 'PUT', `/email/${id}/portalId/${portalId}`, {}, 'pan1');
        expect([mailed.status, mailed.text]).toEqual([204, '']);
        await lab.clock.sleep(10_000);
        expect(recordsOf(lab, 'mail.composed')).toMatchObject([
          { node: 'psn1', to: ['gina@visitor.example'], from: lab.form.emailAddress },
        ]);
        expect(recordsOf(lab, 'mail.accepted')).toMatchObject([{ node: 'psn1' }]);
        expect(JSON.stringify(lab.journal.records)).not.toContain('4711');
      },
      { deployment: sixNodeDeployment() },
    );
  });

  it('refuse mail to a guest without an address, SMS, and portals that are none', async () => {
    await inGuestLab(async (lab) => {
      const portalId = await sponsorPortalId(lab);
      const id = await createGuest(lab, { emailAddress: '' });
      expect(titleOf(await asSponsor(lab, 'PUT', `/email/${id}/portalId/${portalId}`))).toBe(
        'The guest has no e-mail address',
      );
      expect(titleOf(await asSponsor(lab, 'PUT', `/email/${id}/portalId/none`))).toContain(
        'not the id of a sponsor portal',
      );
      expect((await asSponsor(lab, 'PUT', `/sms/${id}/portalId/${portalId}`)).status).toBe(403);
    });
    await inNodeLab({ config: sponsorConfig({ canSendSmsNotifications: true }) }, async (lab) => {
      const id = await createGuest(lab);
      const sms = await asSponsor(lab, 'PUT', `/sms/${id}/portalId/${await sponsorPortalId(lab)}`);
      expect([sms.status, titleOf(sms)]).toEqual([400, 'No SMS gateway is configured']);
    });
  });

  it('change the password of the sponsor, who goes on with the new one', async () => {
    await inGuestLab(async (lab) => {
      const path = `/changeSponsorPassword/${await sponsorPortalId(lab)}`;
      const change = (currentPassword: string, newPassword: string) =>
        asSponsor(lab, 'PUT', path, data({ currentPassword, newPassword }));
      expect((await change('wrong', 'Lab-Sponsor-2')).status).toBe(400);
      expect((await change(SPONSOR.password, 'short')).status).toBe(400);
      expect((await change(SPONSOR.password, 'Lab-Sponsor-2')).status).toBe(204);
      expect((await asSponsor(lab, 'GET', '')).status).toBe(401);
      const credentials = { ...SPONSOR, password: 'Lab-Sponsor-2' };
      expect((await asSponsor(lab, 'GET', '', { credentials })).status).toBe(200);
      expect(JSON.stringify(lab.journal.records)).not.toContain('Lab-Sponsor');
    });
  });
});

describe('bulk requests', () => {
  it('create guests and delete them, and tell what became of each', async () => {
    await inGuestLab(async (lab) => {
      const portalId = await sponsorPortalId(lab);
      const resourcesList = [
        guestBody(portalId, { userName: 'gina' }),
        guestBody(portalId, { userName: 'gina' }),
        guestBody(portalId, { userName: 'hugo' }).GuestUser,
        { name: 'nonsense' },
      ];
      const request = {
        operationType: 'create',
        resourceMediaType: 'vnd.com.cisco.ise.identity.guestuser.2.0+xml',
        resourcesList,
      };
      const submitted = await asSponsor(lab, 'PUT', '/bulk/submit', { body: { GuestUserBulkRequest: request } });
      expect([submitted.status, submitted.text]).toEqual([202, '']);
      const statusPath = `/bulk/${submitted.headers['location']?.split('/bulk/').at(-1)}`;
      const { BulkStatus } = (await asSponsor(lab, 'GET', statusPath)).json;
      expect(BulkStatus).toMatchObject({
        bulkId: expect.stringMatching(/^\d{13}$/),
        mediaType: 'vnd.com.cisco.ise.identity.guestuser.2.0+xml',
        executionStatus: 'COMPLETED',
        operationType: 'create',
        startTime: expect.stringMatching(/^\w{3} \w{3} \d{2} \d{2}:\d{2}:\d{2} UTC 2026$/),
        resourcesCount: 4,
        successCount: 2,
        failCount: 2,
        resourcesStatus: [
          { name: 'gina', resourceExecutionStatus: 'SUCCESS' },
          { resourceExecutionStatus: 'FAIL', status: expect.stringContaining('gina') },
          { name: 'hugo', resourceExecutionStatus: 'SUCCESS' },
          { resourceExecutionStatus: 'FAIL', status: expect.stringContaining('Mandatory fields missing') },
        ],
      });
      const ids: string[] = BulkStatus.resourcesStatus
        .map(({ id }: { id: string }) => id)
        .filter((id: string) => id !== '');
      const xml = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <ns4:guestUserBulkRequest operationType="delete" resourceMediaType="vnd.com.cisco.ise.identity.guestuser.2.0+xml"
          xmlns:ns6="sxp.ers.ise.cisco.com" xmlns:ers="ers.ise.cisco.com" xmlns:xs="http://www.w3.org/2001/XMLSchema"
          xmlns:ns4="identity.ers.ise.cisco.com"><idList>${ids.map((id) => `<id>${id}</id>`).join('')}</idList></ns4:guestUserBulkRequest>`;
      const headers = { accept: 'application/xml', 'content-type': 'application/xml' };
      const deleted = await asSponsor(lab, 'PUT', '/bulk/submit', { body: xml, headers });
      expect(deleted.status).toBe(202);
      const status = await asSponsor(lab, 'GET', `/bulk/${deleted.headers['location']?.split('/bulk/').at(-1)}`, {
        headers,
      });
      expect(status.text).toContain('executionStatus="COMPLETED"');
      expect(status.text).toContain('successCount="2"');
      expect((await asSponsor(lab, 'GET', '')).json.SearchResult.total).toBe(0);
    });
  });

  it('are bounded, and refused as a whole when they can not be read', async () => {
    await inGuestLab(async (lab) => {
      const submit = async (request: object) =>
        (await asSponsor(lab, 'PUT', '/bulk/submit', { body: { GuestUserBulkRequest: request } })).status;
      expect(await submit({ operationType: 'destroy', idList: ['1'] })).toBe(400);
      expect(await submit({ operationType: 'delete', idList: [] })).toBe(400);
      expect(await submit({ operationType: 'delete', idList: Array.from({ length: 501 }, String) })).toBe(400);
      expect(await submit({ operationType: 'delete', idList: ['1'], more: [] })).toBe(400);
      expect((await asSponsor(lab, 'PUT', '/bulk/submit')).status).toBe(400);
      expect((await asSponsor(lab, 'GET', '/bulk/123')).status).toBe(404);
    });
  });
});

describe('the life cycle over ERS', () => {
  /** How each operation is asked for. */
  const REQUESTS: Readonly<Partial<Record<GuestOperation, (lab: NodeLab, id: string) => Promise<ApiAnswer>>>> = {
    edit: (lab, id) => asSponsor(lab, 'PATCH', `/${id}`, { body: { GuestUser: { guestInfo: { company: 'Acme' } } } }),
    resend: async (lab, id) => asSponsor(lab, 'PUT', `/email/${id}/portalId/${await sponsorPortalId(lab)}`),
    resetPassword: (lab, id) => asSponsor(lab, 'PUT', `/resetpassword/${id}`),
    suspend: (lab, id) => asSponsor(lab, 'PUT', `/suspend/${id}`, data({ reason: 'x' })),
    reinstate: (lab, id) => asSponsor(lab, 'PUT', `/reinstate/${id}`),
    approve: (lab, id) => asSponsor(lab, 'PUT', `/approve/${id}`),
    deny: (lab, id) => asSponsor(lab, 'PUT', `/deny/${id}`),
    delete: (lab, id) => asSponsor(lab, 'DELETE', `/${id}`),
  };
  const accountIn = (state: GuestState): GuestAccount => ({
    id: '11111111-1111-4111-8111-111111111111',
    username: 'gina',
    password: '4711',
    firstName: 'Gina',
    lastName: 'Guest',
    emailAddress: 'gina@visitor.example',
    guestType: 'Contractor (default)',
    sponsor: 'anna',
    validFrom: START - DAY_MS,
    validTo: state === 'Expired' ? START - 1 : START + 30 * DAY_MS,
    createdAt: START - DAY_MS,
    state: state === 'Approved' || state === 'Expired' ? 'Created' : state,
    ...(state === 'Active' ? { firstLoginAt: START - 1 } : {}),
    ...(state === 'Approved' ? { approval: { decision: 'approved' as const } } : {}),
    ...(state === 'Pending Approval' ? { approval: {} } : {}),
    ...(state === 'Denied' ? { approval: { decision: 'denied' as const } } : {}),
  });
  const cells = Object.entries(REQUESTS).flatMap(([operation]) =>
    GUEST_STATES.map((state) => [operation as GuestOperation, state] as const),
  );

  it.each(cells)('%s from %s is what the table says', async (operation, state) => {
    const account = accountIn(state);
    await inGuestLab(
      async (lab) => {
        const stored = () => lab.node('ise1').context.settings.guest('gina');
        const before = stored();
        expect(before && lifeCycleState(before, lab.clock.now())).toBe(state);
        const answer = await REQUESTS[operation]?.(lab, account.id);
        const cell = GUEST_LIFE_CYCLE[operation][state];
        if (cell.kind === 'refused') {
          expect([answer?.status, answer && titleOf(answer)]).toEqual([
            400,
            cell.refusal.text.replace('The account', 'The account gina'),
          ]);
          expect(stored()).toEqual(before);
          return;
        }
        expect([200, 204]).toContain(answer?.status);
        const after = stored();
        expect(cell.next).toContain(after === undefined ? 'deleted' : lifeCycleState(after, lab.clock.now()));
      },
      { config: [[CONFIG_KEYS.guest('gina'), account]] },
    );
  });
});

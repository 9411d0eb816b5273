import { ALARM_CATALOGUE } from '#libs/alarms';
import { sixNodeDeployment } from '#libs/deployment';
import type { ApiCall } from './ers-lab.ts';
import { inNodeLab, recordsOf, type NodeLab } from './node-lab.ts';
import { api, refusal } from './openapi-lab.ts';

const MINUTE_MS = 60_000;
const SIX = { deployment: sixNodeDeployment(), debugLog: 'INFO' } as const;
const NAME = 'High Load Average';

const alarms = (lab: NodeLab, method: string, path = '', call: ApiCall = {}, node = 'ise1') =>
  api(lab, method, `alarms${path}`, call, node);
const ruleNamed = async (lab: NodeLab, name = NAME) =>
  (await alarms(lab, 'GET')).json.rulesRes.find((rule: { name: string }) => rule.name === name);
const raise = (lab: NodeLab, node: string, name: string, details = '') =>
  lab.call(node, 'POST', 'alarms', { body: { name, details } });
const effective = (lab: NodeLab) => lab.node('ise1').context.settings.alarms.perAlarm[NAME];

describe('alarm rules over OpenAPI, as ISE 3.6 has them', () => {
  it('are those of the catalogue', async () => {
    await inNodeLab({}, async (lab) => {
      const { status, json } = await alarms(lab, 'GET');
      expect([status, json.version, json.rulesRes.length]).toEqual([200, '1.0.0', ALARM_CATALOGUE.length]);
      const rule = await ruleNamed(lab);
      expect(rule).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: NAME,
        category: 'System Health',
        description: expect.any(String),
        severity: 2,
        suggestedAction: expect.any(String),
        status: 'Enabled',
        dashboardNotification: true,
        emailNotification: true,
        senderMailAddress: '',
        receiverEmailAddress: '',
        emailText: '',
        emailFrequencyEnabled: false,
        emailFrequency: 0,
        emailFrequencyUnit: 'Minutes',
        enabledSyslog: false,
        suppression: { suppressFor: 0 },
        isUserDefined: false,
        webhookNotification: false,
        webhookFrequencyEnabled: false,
        webhookReceiver: [],
      });
      expect((await alarms(lab, 'GET', `/${rule.id}`)).json).toEqual({ alarmRule: rule, version: '1.0.0' });
      expect(refusal(await alarms(lab, 'GET', '/primingData'))).toEqual([404, 'Alarm Id not found']);
    });
  });

  it('are changed one at a time: what was read is written back with changes', async () => {
    await inNodeLab({}, async (lab) => {
      const rule = await ruleNamed(lab);
      const changes = {
        status: 'Muted',
        senderMailAddress: 'noc@lab.example',
        receiverEmailAddress: 'ops@lab.example, chief@lab.example',
        emailText: 'Look at the graphs.',
        emailFrequencyEnabled: true,
        emailFrequency: 2,
        emailFrequencyUnit: 'Hours',
        suppression: { suppressFor: 30 },
      };
      const put = await alarms(lab, 'PUT', `/${rule.id}`, { body: { ...rule, ...changes } });
      const shown = { ...rule, ...changes, emailFrequency: 120, emailFrequencyUnit: 'Minutes' };
      expect([put.status, put.json]).toEqual([200, { alarmRule: shown, version: '1.0.0' }]);
      expect(effective(lab)).toMatchObject({
        enabled: true,
        muted: true,
        addresses: ['ops@lab.example', 'chief@lab.example'],
        suppressForMinutes: 30,
        emailFrequencyMinutes: 120,
      });
      const back = await alarms(lab, 'PUT', `/${rule.id}`, { body: rule });
      expect(back.json.alarmRule).toEqual(rule);
      expect(effective(lab)).not.toHaveProperty('sender');
    });
  });

  it('are changed several at once, or not at all', async () => {
    await inNodeLab({}, async (lab) => {
      const [first, second] = [await ruleNamed(lab), await ruleNamed(lab, 'Process Down')];
      const body = [
        { id: first.id, status: 'Disabled' },
        {
          id: second.id,
          emailNotification: { recipientEmail: 'ops@lab.example', emailFrequency: 90, emailFrequencyUnit: 'Seconds' },
        },
      ];
      const unknown = [...body, { id: 'none', status: 'Disabled' }];
      expect(refusal(await alarms(lab, 'PUT', '', { body: unknown }))).toEqual([404, 'Alarm Id not found']);
      expect((await ruleNamed(lab)).status).toBe('Enabled');
      const { status, json } = await alarms(lab, 'PUT', '', { body });
      expect([status, json]).toMatchObject([
        200,
        {
          version: '1.0.0',
          alarmList: [
            { id: first.id, status: 'Disabled', dashboardNotification: { status: true } },
            {
              id: second.id,
              status: 'Enabled',
              emailNotification: {
                recipientEmail: ['ops@lab.example'],
                emailFrequency: 2,
                emailFrequencyEnabled: true,
              },
            },
          ],
        },
      ]);
      expect(await ruleNamed(lab)).toMatchObject({ status: 'Disabled' });
    });
  });

  it.each([
    [{ receiverEmailAddress: 'ops' }, 'addresses.0: '],
    [{ status: 'Off' }, 'status: '],
    [{ severity: 1 }, 'severity: cannot be changed'],
    [{ name: 'Another' }, 'name: cannot be changed'],
    [{ enabledSyslog: true }, 'enabledSyslog: '],
    [{ webhookReceiver: ['w'] }, 'webhookReceiver: '],
    [{ thresholdValue: 5 }, 'thresholdValue'],
    [{ emailFrequencyEnabled: true }, 'emailFrequency: at least 1'],
    [{ emailFrequencyEnabled: true, emailFrequency: undefined }, 'emailFrequency: required'],
    [{ emailFrequencyEnabled: true, emailFrequency: 31, emailFrequencyUnit: 'Days' }, 'emailFrequencyMinutes: '],
    [{ suppression: { suppressFor: -1 } }, 'suppressForMinutes: '],
  ])('are refused with %j', async (changes, message) => {
    await inNodeLab({}, async (lab) => {
      const rule = await ruleNamed(lab);
      const refused = await alarms(lab, 'PUT', `/${rule.id}`, { body: { ...rule, ...changes } });
      expect(refusal(refused)).toEqual([400, expect.stringContaining(message)]);
      expect(effective(lab)).toBeUndefined();
    });
  });

  it('are written on the primary PAN; own ones are neither made nor deleted', async () => {
    await inNodeLab(SIX, async (lab) => {
      const [rule] = (await alarms(lab, 'GET', '', {}, 'psn1')).json.rulesRes;
      expect(refusal(await alarms(lab, 'PUT', `/${rule.id}`, { body: rule }, 'mnt1'))).toEqual([
        400,
        'Only the primary PAN (pan1) writes',
      ]);
      for (const method of ['POST', 'DELETE']) expect((await alarms(lab, method, '', {}, 'pan1')).status).toBe(405);
    });
  });
});

describe('alarm instances over OpenAPI, as ISE 3.6 has them', () => {
  it('are told by every node, with counts, pages and what became of the mail', async () => {
    await inNodeLab(SIX, async (lab) => {
      await raise(lab, 'psn1', NAME, 'load 40');
      await lab.clock.sleep(MINUTE_MS);
      await raise(lab, 'psn2', 'Process Down');
      await lab.clock.sleep(MINUTE_MS);
      for (const node of ['pan1', 'psn1', 'mnt2']) {
        const { status, json } = await alarms(lab, 'GET', '/instances/2/1', {}, node);
        expect([node, status, json]).toEqual([
          node,
          200,
          {
            instances: [
              {
                instanceId: expect.any(String),
                alarmId: (await alarms(lab, 'GET', '', {}, node)).json.rulesRes.find(
                  ({ name }: { name: string }) => name === NAME,
                ).id,
                alarmName: NAME,
                severity: 'Warning',
                description: expect.any(String),
                suggestedActions: expect.any(String),
                alarmDetails: 'load 40',
                details: 'Occurrences: 1. Mail: not-mailed (no recipients).',
                detailsLink: '',
                iseNode: 'psn1',
                loggedAt: expect.stringMatching(/^2026-02-02T05:00:0\d\.\d{3}Z$/),
                timeInterval: '',
              },
            ],
            pageNumber: 2,
            pageSize: 1,
            totalPages: 2,
            totalRecords: 2,
            criticalSeverity: 1,
            warningSeverity: 1,
            infoSeverity: 0,
            version: '1.0.0',
          },
        ]);
      }
    });
  });

  it('are narrowed down by headers, and by alarm', async () => {
    await inNodeLab(SIX, async (lab) => {
      await raise(lab, 'psn1', NAME, 'load 40');
      await lab.clock.sleep(10 * MINUTE_MS);
      await raise(lab, 'psn2', 'Process Down');
      await lab.clock.sleep(MINUTE_MS);
      const names = async (headers: Record<string, string>, path = '/instances/1/50'): Promise<string[]> =>
        (await alarms(lab, 'GET', path, { headers }, 'pan1')).json.instances.map(
          ({ alarmName }: { alarmName: string }) => alarmName,
        );
      expect(await names({})).toEqual(['Process Down', NAME]);
      expect(await names({ severity: 'Critical' })).toEqual(['Process Down']);
      expect(await names({ iseNode: 'psn1' })).toEqual([NAME]);
      expect(await names({ keyword: 'LOAD 4' })).toEqual([NAME]);
      expect(await names({ from: '2026-02-02T05:05:00Z' })).toEqual(['Process Down']);
      expect(await names({ to: '2026-02-02T06:05:00+01:00' })).toEqual([NAME]);
      expect(await names({}, '/instances/3/50')).toEqual([]);
      const { json } = await alarms(lab, 'GET', '/summary/groupByAlarms', {}, 'pan1');
      const [, { alarmId }] = json;
      expect(await names({}, `/${alarmId}/instances/1/50`)).toEqual([NAME]);
      expect(await names({ iseNode: 'psn2' }, `/${alarmId}/instances/1/50`)).toEqual([]);
      const [{ instanceId }] = (await alarms(lab, 'GET', `/${alarmId}/instances/1/1`, {}, 'pan1')).json.instances;
      expect((await alarms(lab, 'GET', `/instances/${instanceId}`, {}, 'pan1')).json).toMatchObject({
        instance: { instanceId, alarmName: NAME },
        version: '1.0.0',
      });
    });
  });

  it('are summed up by alarm', async () => {
    await inNodeLab(SIX, async (lab) => {
      for (const node of ['psn2', 'psn1', 'psn1']) await raise(lab, node, NAME);
      await lab.clock.sleep(MINUTE_MS);
      expect((await alarms(lab, 'GET', '/summary/groupByAlarms', {}, 'pan1')).json).toEqual([
        {
          alarmId: expect.any(String),
          alarmName: NAME,
          description: expect.any(String),
          severity: 'Warning',
          suggestedAction: expect.any(String),
          iseNodes: ['psn1', 'psn2'],
          lastOccurredTime: expect.stringMatching(/^2026-02-02T05:00:/),
          occurrences: 3,
        },
      ]);
      const headers = { from: '2026-02-02T05:10:00Z' };
      expect((await alarms(lab, 'GET', '/summary/groupByAlarms', { headers }, 'pan1')).json).toEqual([]);
    });
  });

  it('are acknowledged by instance and by alarm, on both MnT, once', async () => {
    await inNodeLab(SIX, async (lab) => {
      for (const name of [NAME, NAME, 'Process Down']) await raise(lab, 'psn1', name);
      await lab.clock.sleep(MINUTE_MS);
      const { instances } = (await alarms(lab, 'GET', '/instances/1/50', {}, 'pan1')).json;
      const [one] = instances;
      const acknowledge = async (by: string, body: object) =>
        (await alarms(lab, 'PUT', `/instances/acknowledge/${by}`, { body }, 'pan1')).json;
      const byInstance = { instanceIds: [one.instanceId, 'none'] };
      expect(await acknowledge('acknowledgeByInstanceIds', byInstance)).toEqual({
        acknowledgedCount: 1,
        version: '1.0.0',
      });
      const alarmIds = instances.map(({ alarmId }: { alarmId: string }) => alarmId);
      expect((await acknowledge('acknowledgeByAlarmIDs', { alarmIds })).acknowledgedCount).toBe(2);
      expect((await acknowledge('acknowledgeByAlarmIDs', { alarmIds })).acknowledgedCount).toBe(0);
      await lab.clock.sleep(MINUTE_MS);
      expect((await lab.call('mnt2', 'GET', 'mnt/alarms?acknowledged=false')).body).toEqual([]);
      expect(recordsOf(lab, 'alarm.acknowledged')).toMatchObject(Array(3).fill({ by: 'admin', raisedOn: 'psn1' }));
    });
  });

  it('are told by the standby MnT when the active one is lost, and by nobody when both are', async () => {
    await inNodeLab(SIX, async (lab) => {
      await raise(lab, 'psn1', NAME);
      await lab.clock.sleep(MINUTE_MS);
      lab.kill('mnt1');
      expect((await alarms(lab, 'GET', '/instances/1/50', {}, 'pan1')).json.totalRecords).toBe(1);
      lab.kill('mnt2');
      expect(refusal(await alarms(lab, 'GET', '/instances/1/50', {}, 'pan1'))).toEqual([
        503,
        'No Monitoring node could be reached',
      ]);
    });
  });

  it.each([
    ['/instances/0/50', {}, 400, 'page: '],
    ['/instances/1/1001', {}, 400, 'size: '],
    ['/instances/x/50', {}, 400, 'page: '],
    ['/instances/1/50', { severity: 'High' }, 400, 'severity: '],
    ['/instances/1/50', { from: 'yesterday' }, 400, 'from: '],
    ['/none/instances/1/50', {}, 404, 'Alarm Id not found'],
    ['/instances/none', {}, 404, 'no alarm instance'],
  ])('are not told for %s with %j', async (path, headers, status, message) => {
    await inNodeLab({}, async (lab) => {
      expect(refusal(await alarms(lab, 'GET', path, { headers }))).toEqual([status, expect.stringContaining(message)]);
    });
  });

  it.each([
    ['acknowledgeByInstanceIds', { alarmIds: [] }],
    ['acknowledgeByAlarmIDs', { alarmIds: 'all' }],
    ['acknowledgeByAlarmIDs', undefined],
  ])('are not acknowledged by %s with %j', async (by, body) => {
    await inNodeLab({}, async (lab) => {
      const refused = await alarms(lab, 'PUT', `/instances/acknowledge/${by}`, { body });
      expect(refusal(refused)).toEqual([400, expect.any(String)]);
    });
  });
});

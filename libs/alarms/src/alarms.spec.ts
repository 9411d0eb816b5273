import {
  ALARM_CATALOGUE,
  alarmDefinition,
  alarmRecipients,
  alarmSender,
  DEFAULT_ALARM_SETTINGS,
  MAIL_UNDELIVERABLE,
  raiseAlarm,
  UnknownAlarmError,
  type AlarmSubscriber,
} from './index.ts';

describe('the alarm catalogue', () => {
  it('names each alarm once and explains it', () => {
    const names = ALARM_CATALOGUE.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const alarm of ALARM_CATALOGUE) {
      expect(alarm.description).toMatch(/\.\)?$/);
      expect(alarm.suggestedAction).toMatch(/\.$/);
    }
  });

  it('labels the one alarm that ISE does not have', () => {
    expect(ALARM_CATALOGUE.filter(({ ours }) => ours).map(({ name }) => name)).toEqual([MAIL_UNDELIVERABLE]);
  });

  it('has the two secret alarms under the names of the alarm list', () => {
    expect(alarmDefinition('SMTP OAuth Client Secret about to be expired').severity).toBe('Warning');
    expect(alarmDefinition('SMTP OAuth Client Secret has expired').severity).toBe('Critical');
  });

  it('refuses a name it does not have', () => {
    expect(() => alarmDefinition('High load')).toThrow(UnknownAlarmError);
  });
});

describe('raiseAlarm', () => {
  it('takes the severity from the catalogue', () => {
    expect(
      raiseAlarm({ id: 'psn1-5-1', name: 'Process Down', node: 'psn1', subject: '', raisedAt: 5, details: 'x' }),
    ).toEqual({
      id: 'psn1-5-1',
      name: 'Process Down',
      subject: '',
      severity: 'Critical',
      node: 'psn1',
      raisedAt: 5,
      details: 'x',
    });
  });
});

describe('alarmRecipients', () => {
  const alarm = { name: 'Process Down' };
  const admin = (emailAddress: string | undefined, change: Partial<AlarmSubscriber> = {}): AlarmSubscriber => ({
    emailAddress,
    includeSystemAlarmsInEmails: true,
    enabled: true,
    ...change,
  });

  it('are the enabled administrators with the tick and the addresses of this alarm, sorted, each once', () => {
    const admins = [
      admin('zoe@lab.example'),
      admin('ops@lab.example'),
      admin('unticked@lab.example', { includeSystemAlarmsInEmails: false }),
      admin('disabled@lab.example', { enabled: false }),
      admin(undefined),
    ];
    const perAlarm = {
      'Process Down': { enabled: true, addresses: ['Ops@lab.example', 'anna@lab.example'] },
      'Backup Failed': { enabled: true, addresses: ['other@lab.example'] },
    };
    expect(alarmRecipients(alarm, { perAlarm }, admins)).toEqual([
      'anna@lab.example',
      'ops@lab.example',
      'zoe@lab.example',
    ]);
  });

  it('are the administrators alone for an alarm nobody configured', () => {
    expect(alarmRecipients(alarm, DEFAULT_ALARM_SETTINGS, [admin('zoe@lab.example')])).toEqual(['zoe@lab.example']);
  });

  it('are none for an alarm that is switched off', () => {
    const perAlarm = { 'Process Down': { enabled: false, addresses: ['a@lab.example'] } };
    expect(alarmRecipients(alarm, { perAlarm }, [admin('zoe@lab.example')])).toEqual([]);
  });
});

describe('alarmSender', () => {
  it('is the one set, else ise@ and the host', () => {
    expect(alarmSender({ sender: 'mailbox@lab.example', perAlarm: {} }, 'mnt1.lab.example')).toBe(
      'mailbox@lab.example',
    );
    expect(alarmSender(DEFAULT_ALARM_SETTINGS, 'mnt1.lab.example')).toBe('ise@mnt1.lab.example');
  });
});

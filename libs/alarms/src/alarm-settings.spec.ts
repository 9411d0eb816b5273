import {
  ALARM_CATALOGUE,
  alarmRule,
  alarmSender,
  alarmSettingsSchema,
  CONFIGURATION_CHANGED,
  DEFAULT_ALARM_SETTINGS,
  MAIL_UNDELIVERABLE,
  reasonNotToMail,
  UnknownAlarmError,
} from './index.ts';

const RECIPIENTS = ['ops@lab.example'];

describe('the rule of an alarm', () => {
  it('is what the catalogue says while nothing is set', () => {
    expect(alarmRule('Process Down', DEFAULT_ALARM_SETTINGS)).toEqual({
      enabled: true,
      muted: false,
      emailNotification: true,
      addresses: [],
      sender: undefined,
      emailText: undefined,
      suppressForMinutes: 0,
      emailFrequencyMinutes: 0,
    });
    expect(alarmRule(CONFIGURATION_CHANGED, DEFAULT_ALARM_SETTINGS).emailNotification).toBe(false);
    expect(alarmRule(MAIL_UNDELIVERABLE, DEFAULT_ALARM_SETTINGS).suppressForMinutes).toBe(60);
  });

  it('takes what is set, a zero and a no included', () => {
    const perAlarm = { [MAIL_UNDELIVERABLE]: { suppressForMinutes: 0, enabled: false } };
    expect(alarmRule(MAIL_UNDELIVERABLE, { perAlarm })).toMatchObject({ suppressForMinutes: 0, enabled: false });
  });

  it('is none for a name that is not in the catalogue, be it one of JavaScript', () => {
    expect(() => alarmRule('constructor', DEFAULT_ALARM_SETTINGS)).toThrow(UnknownAlarmError);
    expect(alarmSettingsSchema.safeParse({ perAlarm: { constructor: {} } }).success).toBe(false);
  });

  it('may be set for each alarm there is', () => {
    const perAlarm = Object.fromEntries(ALARM_CATALOGUE.map(({ name }) => [name, { muted: true }]));
    expect(alarmSettingsSchema.parse({ perAlarm }).perAlarm).toEqual(perAlarm);
  });
});

describe('an alarm', () => {
  const mailed = alarmRule('Process Down', DEFAULT_ALARM_SETTINGS);

  it('is mailed to whom it concerns', () => {
    expect(reasonNotToMail(mailed, RECIPIENTS, 0)).toBeUndefined();
    expect(reasonNotToMail(mailed, [], 0)).toBe('no recipients');
  });

  it('is not mailed while it is muted, or its mail is off', () => {
    expect(reasonNotToMail({ ...mailed, muted: true }, RECIPIENTS, 0)).toBe('muted');
    expect(reasonNotToMail({ ...mailed, emailNotification: false }, RECIPIENTS, 0)).toBe('mail is switched off');
  });

  it('is mailed once in the time set, and again at its end', () => {
    const rule = { ...mailed, emailFrequencyMinutes: 10 };
    expect(reasonNotToMail(rule, RECIPIENTS, 600_000 - 1, 0)).toBe('mailed a short time ago');
    expect(reasonNotToMail(rule, RECIPIENTS, 600_000, 0)).toBeUndefined();
  });

  it('has its own sender before that of all', () => {
    const settings = { sender: 'all@lab.example', perAlarm: {} };
    expect(alarmSender(settings, 'mnt1.lab.example', { sender: 'own@lab.example' })).toBe('own@lab.example');
    expect(alarmSender(settings, 'mnt1.lab.example', {})).toBe('all@lab.example');
  });
});

import { proxyFor, proxySettingsSchema, retrySettingsSchema, secretAlarmSettingsSchema } from './system-settings.ts';

const TOKEN_HOST = 'login.microsoftonline.com';

describe('proxyFor', () => {
  it('prescribes no proxy while none is entered', () => {
    expect(proxyFor(proxySettingsSchema.parse({}), TOKEN_HOST)).toBeUndefined();
  });

  it('prescribes the proxy, with credentials only where there are some', () => {
    const settings = proxySettingsSchema.parse({ host: 'proxy.lab.example' });
    expect(proxyFor(settings, TOKEN_HOST)).toEqual({ host: 'proxy.lab.example', port: 3128 });
    expect(proxyFor({ ...settings, userName: 'ise', password: 'p' }, TOKEN_HOST)).toEqual({
      host: 'proxy.lab.example',
      port: 3128,
      userName: 'ise',
      password: 'p',
    });
  });

  it.each([
    ['login.microsoftonline.com', true],
    ['.microsoftonline.com', true],
    ['microsoftonline.com', false],
    ['online.com', false],
    ['.office365.com', false],
  ])('with %s among the bypassed hosts: bypassed is %s', (entry, bypassed) => {
    const settings = proxySettingsSchema.parse({ host: 'proxy.lab.example', bypassHosts: [entry] });
    expect(proxyFor(settings, TOKEN_HOST) === undefined).toBe(bypassed);
  });
});

describe('system settings', () => {
  it('have bounds', () => {
    const retry = (changes: object): boolean => retrySettingsSchema.safeParse(changes).success;
    expect([retry({ attemptsMax: 1 }), retry({ attemptsMax: 20 })]).toEqual([true, true]);
    expect([retry({ attemptsMax: 0 }), retry({ attemptsMax: 21 }), retry({ firstDelayMs: 999 })]).toEqual([
      false,
      false,
      false,
    ]);
    expect(secretAlarmSettingsSchema.safeParse({ thresholdsDays: [0] }).success).toBe(false);
    expect(proxySettingsSchema.safeParse({ host: 'p', port: 65_536 }).success).toBe(false);
    expect(proxySettingsSchema.safeParse({ hosts: 'p' }).success).toBe(false);
  });

  it.each([
    ['proxy.lab.example', true],
    ['proxy_1', true],
    ['10.20.0.5', true],
    ['2001:db8::5', true],
    ['http://proxy.lab.example', false],
    ['proxy.lab.example:3128', false],
    ['a b', false],
    ['proxy\r\nX: y', false],
  ])('take a name or an address for the proxy: %j is one: %s', (host, isOne) => {
    expect(proxySettingsSchema.safeParse({ host }).success).toBe(isOne);
  });
});

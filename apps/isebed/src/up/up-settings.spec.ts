import { readPace, readUpSettings, paceText } from './up-settings.ts';

describe('settings of isebed up', () => {
  function settings(flags: Record<string, string | true> = {}, environment: Record<string, string> = {}) {
    const read = readUpSettings(flags, environment);
    return read.kind === 'settings' ? read.settings : read.faults;
  }

  it('have defaults on loopback', () => {
    expect(settings()).toEqual({
      data: undefined,
      pace: 1,
      json: false,
      showSecrets: false,
      host: '127.0.0.1',
      httpsPort: 8443,
      smtpPort: 1587,
      apiPort: 8025,
      nodePortBase: 9443,
      nodeProtocol: 'https',
      deployment: 'six-nodes',
      limits: 'real',
    });
  });

  it('come from the flag before the environment before the default', () => {
    const environment = { ISEBED_HTTPS_PORT: '1', ISEBED_SMTP_PORT: '2', ISEBED_TIME: 'x60', ISEBED_JSON: 'true' };
    expect(settings({ httpsPort: '3' }, environment)).toMatchObject({
      httpsPort: 3,
      smtpPort: 2,
      apiPort: 8025,
      pace: 60,
      json: true,
    });
  });

  it('treat an empty variable as one that is not set', () => {
    expect(settings({}, { ISEBED_API_PORT: '' })).toMatchObject({ apiPort: 8025 });
  });

  it('name all faults at once, by flag or variable', () => {
    expect(settings({ apiPort: '65536' }, { ISEBED_SMTP_PORT: 'smtp' })).toEqual([
      'ISEBED_SMTP_PORT: "smtp" is not a port from 1 to 65535, or 0 for a free one',
      '--api-port: "65536" is not a port from 1 to 65535, or 0 for a free one',
    ]);
  });

  it('refuse a port that falls into the range of the nodes, but for those that there are', () => {
    expect(settings({ smtpPort: '9448' })).toEqual(['--node-port-base: port 9448 is taken by --smtp-port']);
    expect(settings({ smtpPort: '9449' })).toMatchObject({ smtpPort: 9449 });
    expect(settings({ smtpPort: '9448', deployment: 'standalone' })).toMatchObject({ smtpPort: 9448 });
  });

  it.each([
    ['real', 1],
    ['paused', 0],
    ['x0.1', 0.1],
    ['x3600', 3_600],
    ['x0.09', undefined],
    ['x3601', undefined],
    ['60', undefined],
    ['x', undefined],
  ])('read the pace %s as %s', (text, pace) => {
    expect(readPace(text)).toBe(pace);
    if (pace !== undefined) expect(paceText(pace)).toBe(text);
  });
});

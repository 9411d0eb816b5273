import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
      journalMax: 100_000,
      messagesMax: 10_000,
      apiPassword: undefined,
      adminPassword: undefined,
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

  it('refuse a range of node ports that goes beyond the last port', () => {
    expect(settings({ nodePortBase: '65531' })).toEqual([
      '--node-port-base: 6 nodes need ports up to 65536, and the last is 65535',
    ]);
    expect(settings({ nodePortBase: '65530' })).toMatchObject({ nodePortBase: 65_530 });
  });

  it('take the bound of the journal from 100 to ten million', () => {
    expect(settings({ journalMax: '100' })).toMatchObject({ journalMax: 100 });
    expect(settings({ journalMax: '10000000' })).toMatchObject({ journalMax: 10_000_000 });
    const accepted = 'is not a whole number from 100 to 10000000';
    expect(settings({ journalMax: '99' })).toEqual([`--journal-max: "99" ${accepted}`]);
    expect(settings({ journalMax: '10000001' })).toEqual([`--journal-max: "10000001" ${accepted}`]);
  });

  it('take the bound of mails from 100 to a million', () => {
    expect(settings({ messagesMax: '1000000' })).toMatchObject({ messagesMax: 1_000_000 });
    expect(settings({ messagesMax: '1000001' })).toEqual([
      '--messages-max: "1000001" is not a whole number from 100 to 1000000',
    ]);
  });

  describe('of passwords', () => {
    let folder: string;
    beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'isebed-passwords-'))));
    afterAll(() => rmSync(folder, { recursive: true }));
    const fileWith = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };

    it('are read from a file, which wins over the variable that holds one itself', () => {
      const file = fileWith('api', 'correct horse\n');
      expect(settings({ apiPasswordFile: file }, { ISEBED_API_PASSWORD: 'another horse' })).toMatchObject({
        apiPassword: 'correct horse',
        adminPassword: undefined,
      });
      expect(settings({}, { ISEBED_API_PASSWORD: 'another horse', ISEBED_API_PASSWORD_FILE: '' })).toMatchObject({
        apiPassword: 'another horse',
      });
    });

    it('are refused when they are short, or no file, without ever being shown', () => {
      const file = fileWith('short', '11 letters.');
      expect(settings({ apiPasswordFile: file, adminPasswordFile: join(folder, 'none') })).toEqual([
        expect.stringContaining(`--api-password-file: "${file}" is not a file that holds a password of 12 to 200`),
        expect.stringContaining('--admin-password-file: '),
      ]);
      const faults = settings({}, { ISEBED_API_PASSWORD: 'hunter2' });
      expect(faults).toEqual([expect.stringMatching(/^ISEBED_API_PASSWORD is not a password of 12 to 200/)]);
      expect(JSON.stringify(faults)).not.toContain('hunter2');
    });

    it.each(['0.0.0.0', '192.0.2.7', '::', '2001:db8::1'])('are needed to listen on %s', (host) => {
      expect(settings({ host })).toEqual([
        expect.stringMatching(/API asks for no password; give --api-password-file/),
        expect.stringMatching(/is the published one; give another with --admin-password-file/),
      ]);
      const environment = { ISEBED_API_PASSWORD: 'correct horse', ISEBED_ADMIN_PASSWORD: 'isebed-Lab-1' };
      expect(settings({ host }, environment)).toEqual([expect.stringContaining('published')]);
      expect(settings({ host }, { ...environment, ISEBED_ADMIN_PASSWORD: 'isebed-Lab-2' })).toMatchObject({ host });
    });

    it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('are not needed to listen on %s', (host) => {
      expect(settings({ host })).toMatchObject({ host });
    });
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

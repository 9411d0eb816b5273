import { defineDeployment, LAB_DOMAIN, type NodeDefinition } from '#libs/deployment';
import { fieldText } from '#libs/simulation';
import { LabPki } from '#mocks/pki';
import { START } from './microsoft-lab.ts';
import { ADMIN, inNodeLab, recordsOf, type NodeLab } from './node-lab.ts';

const MASK = '********';

const node = (name: string, host: number, rest: Omit<NodeDefinition, 'name' | 'fqdn' | 'ipAddress'>) => ({
  name,
  fqdn: `${name}.${LAB_DOMAIN}`,
  ipAddress: `10.20.1.${host}`,
  ...rest,
});
const FOUR_NODES = defineDeployment([
  node('pan1', 11, { personas: ['Administration'], adminRole: 'primary' }),
  node('pan2', 12, { personas: ['Administration'], adminRole: 'secondary' }),
  node('psn1', 13, { personas: ['Policy Service'] }),
  node('mnt1', 14, { personas: ['Monitoring'], monitoringRole: 'active' }),
]);

const put = (lab: NodeLab, path: string, body: unknown, name = 'ise1') => lab.call(name, 'PUT', path, { body });
const testConnection = (lab: NodeLab, body: unknown = lab.form, name = 'ise1') =>
  lab.call(name, 'POST', 'smtp-server/test-connection', { body });

describe('who may use the API', () => {
  it.each([
    ['no credentials', null],
    ['a wrong password', { ...ADMIN, password: 'node-Lab-2' }],
    ['a wrong user name', { ...ADMIN, userName: 'Admin' }],
    ['empty credentials', { userName: '', password: '' }],
  ])('answers 401 to %s, on every page', async (_what, credentials) => {
    await inNodeLab({}, async (lab) => {
      await lab.saveSmtpServer('ise1');
      const pages: [string, string][] = [
        ['GET', 'smtp-server'],
        ['GET', 'smtp-server/client-secret'],
        ['PUT', 'smtp-server'],
        ['POST', 'smtp-server/test-connection'],
        ['GET', 'trusted-certificates'],
        ['GET', 'deployment'],
        ['GET', 'proxy'],
        ['GET', 'guests'],
        ['GET', 'admin-users'],
        ['GET', 'mnt/alarms'],
        ['GET', 'logs/guest.log'],
        ['PUT', 'debug-log'],
        ['POST', 'alarms'],
        ['POST', 'sponsor-portal/guests'],
        ['POST', 'portal-page-customization/test-email'],
      ];
      for (const [method, path] of pages) {
        const answer = await lab.call('ise1', method, path, { credentials });
        expect([path, answer.status]).toEqual([path, 401]);
        expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/);
        expect(JSON.stringify(answer.body)).not.toContain(lab.secret.value);
      }
    });
  });

  it('says without credentials only that the node is up', async () => {
    await inNodeLab({}, async (lab) => {
      const { status, body } = await lab.call('ise1', 'GET', 'health', { credentials: null });
      expect(status).toBe(200);
      expect(body).toMatchObject({ node: 'ise1', status: 'ok' });
    });
  });
});

describe('Save on the page SMTP Server', () => {
  it('is refused before a test, with what to do', async () => {
    await inNodeLab({}, async (lab) => {
      const { status, body } = await put(lab, 'smtp-server', lab.form);
      expect(status).toBe(409);
      expect(body).toMatchObject({
        code: 'smtp-server.not-tested',
        remedy: expect.stringContaining('Test Connection'),
      });
      expect((await lab.call('ise1', 'GET', 'smtp-server')).body.saved).toBeNull();
      expect(recordsOf(lab, 'smtp-server.save-refused')).toHaveLength(1);
    });
  });

  it('is allowed after a passed test of these very values', async () => {
    await inNodeLab({}, async (lab) => {
      expect((await testConnection(lab)).body).toEqual({
        connected: true,
        message: 'Successfully connected to smtp.office365.com.',
      });
      const { status, body } = await put(lab, 'smtp-server', lab.form);
      expect(status).toBe(200);
      expect(body.saved).toEqual({ ...lab.form, clientSecret: MASK });
    });
  });

  it.each([
    ['smtpPort', 588],
    ['connectionTimeoutSeconds', 61],
    ['emailAddress', 'other@lab.example'],
    ['clientSecret', 'another~value'],
    ['expiryDate', '2027-02-03'],
  ])('is refused after an edit of %s, and allowed once the edit is undone', async (field, value) => {
    await inNodeLab({}, async (lab) => {
      await testConnection(lab);
      expect((await put(lab, 'smtp-server', { ...lab.form, [field]: value })).status).toBe(409);
      expect((await put(lab, 'smtp-server', lab.form)).status).toBe(200);
    });
  });

  it('is refused after a failed test, also of values that passed before', async () => {
    await inNodeLab({}, async (lab) => {
      await testConnection(lab);
      lab.directory.removeSecret(lab.tenantId, lab.form.clientId, lab.secret.secretId);
      expect((await testConnection(lab)).body).toEqual({ connected: false, message: 'Invalid client secret' });
      expect((await put(lab, 'smtp-server', lab.form)).status).toBe(409);
    });
  });

  it('leaves what was saved before alone when it is refused', async () => {
    await inNodeLab({}, async (lab) => {
      await lab.saveSmtpServer('ise1');
      await put(lab, 'smtp-server', { ...lab.form, smtpServer: 'other.example' });
      expect((await lab.call('ise1', 'GET', 'smtp-server')).body.saved.smtpServer).toBe('smtp.office365.com');
    });
  });
});

describe('the client secret', () => {
  it('is masked on the page, and shown to an administrator who asks for it', async () => {
    await inNodeLab({}, async (lab) => {
      await lab.saveSmtpServer('ise1');
      const page = await lab.call('ise1', 'GET', 'smtp-server');
      expect(page.body.saved.clientSecret).toBe(MASK);
      expect(page.body.oauthTokenEndpoint).toContain(lab.tenantId);
      expect((await lab.call('ise1', 'GET', 'smtp-server/client-secret')).body).toEqual({
        clientSecret: lab.secret.value,
      });
    });
  });

  it('is not there to be shown before it is saved', async () => {
    await inNodeLab({}, async (lab) => {
      expect(await lab.call('ise1', 'GET', 'smtp-server/client-secret')).toMatchObject({
        status: 404,
        body: { code: 'smtp-server.no-secret' },
      });
    });
  });

  it('appears neither in journal, log and database nor in any other answer', async () => {
    await inNodeLab({}, async (lab) => {
      await lab.saveSmtpServer('ise1');
      const log = await lab.call('ise1', 'GET', 'logs/guest.log');
      const left = [lab.journal.toJsonLines(), log.body, JSON.stringify(lab.node('ise1').context.store.snapshot())];
      for (const text of left) {
        expect(text).toContain('smtp.office365.com');
        expect(text).not.toContain(lab.secret.value);
      }
    });
  });

  it('is not given back in parts by a body that is no JSON', async () => {
    await inNodeLab({}, async (lab) => {
      for (const raw of ['{"clientSecret":"hush~hush"x}', '{"clientSecret":hush~hush}', 'hush~hush']) {
        const { status, body } = await lab.call('ise1', 'PUT', 'smtp-server', { raw });
        expect(status).toBe(400);
        expect(body).toMatchObject({ code: 'request.invalid', remedy: expect.any(String) });
        expect(JSON.stringify(body)).not.toContain('hush');
      }
    });
  });
});

describe('a proxy password', () => {
  it('is masked', async () => {
    await inNodeLab({}, async (lab) => {
      const { body } = await put(lab, 'proxy', { host: 'proxy.lab.example', userName: 'ise', password: 'hush~hush' });
      expect(body).toMatchObject({ host: 'proxy.lab.example', password: MASK });
      expect((await lab.call('ise1', 'GET', 'proxy')).body.password).toBe(MASK);
      expect(lab.journal.toJsonLines()).not.toContain('hush');
    });
  });
});

describe('nodes that are not the primary PAN', () => {
  it('refuse to write on the secondary PAN, naming the primary', async () => {
    await inNodeLab({ deployment: FOUR_NODES }, async (lab) => {
      const writes: [string, string, unknown][] = [
        ['PUT', 'proxy', { host: 'proxy.lab.example' }],
        ['PUT', 'alarm-settings', {}],
        ['PUT', 'guest-types', { name: 'Short' }],
        ['POST', 'admin-users', { username: 'a' }],
        ['PATCH', 'trusted-certificates/SMTP%20root', { enabled: false }],
        ['DELETE', 'trusted-certificates/SMTP%20root', undefined],
      ];
      for (const [method, path, body] of writes) {
        expect(await lab.call('pan2', method, path, { body })).toMatchObject({
          status: 409,
          body: { code: 'deployment.not-primary-pan', message: expect.stringContaining('pan1'), remedy: 'Use pan1.' },
        });
      }
      await testConnection(lab, lab.form, 'pan2');
      expect((await put(lab, 'smtp-server', lab.form, 'pan2')).body.code).toBe('deployment.not-primary-pan');
      expect(recordsOf(lab, 'config.written')).toEqual([]);
    });
  });

  it('have no such pages on a PSN and an MnT node', async () => {
    await inNodeLab({ deployment: FOUR_NODES }, async (lab) => {
      for (const name of ['psn1', 'mnt1']) {
        expect((await put(lab, 'proxy', { host: 'proxy.lab.example' }, name)).status).toBe(404);
        expect((await testConnection(lab, lab.form, name)).status).toBe(404);
      }
    });
  });
});

describe('a faulty body', () => {
  it('is refused with all faults at once and none of the values', async () => {
    await inNodeLab({}, async (lab) => {
      const body = {
        ...lab.form,
        smtpPort: 70_000,
        emailAddress: 'hush at lab',
        clientSecret: '',
        expiryDate: 'hush',
        colour: 'hush',
      };
      const { status, body: answer } = await put(lab, 'smtp-server', body);
      expect(status).toBe(400);
      expect(answer.code).toBe('request.invalid');
      const faults: string[] = answer.evidence.faults;
      for (const name of ['smtpPort', 'emailAddress', 'clientSecret', 'expiryDate', 'colour']) {
        expect(faults.filter((fault) => fault.includes(name))).toHaveLength(1);
      }
      expect(JSON.stringify(answer)).not.toMatch(/hush|70000/);
    });
  });

  it.each([
    ['PUT', 'proxy', { host: 'p', port: 0, bypassHosts: [''] }],
    ['PUT', 'guest-email-settings', { defaultFrom: 'nobody' }],
    ['PUT', 'alarm-settings', { perAlarm: { 'No such alarm': {} } }],
    ['PUT', 'secret-alarm-settings', { thresholdsDays: [366] }],
    ['PUT', 'password-policies', { admin: { lifetimeDays: 30, reminderDays: 30 } }],
    ['PUT', 'retry-settings', { attemptsMax: 0 }],
    ['PUT', 'guest-types', {}],
    ['PUT', 'debug-log', { level: 'VERBOSE' }],
    ['POST', 'internal-users', { username: 'a b' }],
    ['POST', 'admin-users', { username: 'a/b' }],
    ['POST', 'sponsors', { username: '' }],
    ['POST', 'alarms', {}],
    ['POST', 'portal-page-customization/test-email', { to: 'nobody' }],
    ['POST', 'sponsor-portal/guests', { sponsor: 's', validDays: 0 }],
    ['POST', 'sponsor-portal/guests/1001/resend', { copyMe: true }],
  ])('is refused: %s %s', async (method, path, body) => {
    await inNodeLab({}, async (lab) => {
      expect(await lab.call('ise1', method, path, { body })).toMatchObject({
        status: 400,
        body: { code: 'request.invalid' },
      });
      expect(recordsOf(lab, 'config.written')).toEqual([]);
    });
  });
});

describe('Trusted Certificates', () => {
  const names = async (lab: NodeLab): Promise<string[]> =>
    (await lab.call('ise1', 'GET', 'trusted-certificates')).body.map(({ name }: { name: string }) => name);

  async function importIssuingCa(lab: NodeLab, changes: object = {}) {
    const pki = await LabPki.issue({ validFrom: START, clock: lab.clock });
    const pem = pki.authorities.find(({ kind, peer }) => kind === 'issuing' && peer === 'smtp')?.certificatePem;
    return lab.call('ise1', 'POST', 'trusted-certificates', { body: { name: 'issuing CA', pem, ...changes } });
  }

  it('lists what a certificate says of itself', async () => {
    await inNodeLab({}, async (lab) => {
      const { status, body } = await importIssuingCa(lab);
      expect(status).toBe(201);
      expect(body).toMatchObject({
        name: 'issuing CA',
        issuedTo: 'DigiCert Cloud Services CA-1',
        issuedBy: 'DigiCert Global Root CA',
        status: 'Enabled',
        trustedFor: '',
      });
      expect(await names(lab)).toEqual(['SMTP root', 'issuing CA', 'token endpoint root']);
    });
  });

  it('edits the one tick that is named and leaves the other', async () => {
    await inNodeLab({}, async (lab) => {
      await importIssuingCa(lab, { infrastructure: true });
      const edit = async (body: object) =>
        (await lab.call('ise1', 'PATCH', 'trusted-certificates/issuing%20CA', { body })).body;
      expect(await edit({ enabled: false })).toMatchObject({ status: 'Disabled', trustedFor: 'Infrastructure' });
      expect(await edit({ infrastructure: false })).toMatchObject({ status: 'Disabled', trustedFor: '' });
      expect(await edit({ enabled: true })).toMatchObject({ status: 'Enabled', trustedFor: '' });
    });
  });

  it('deletes', async () => {
    await inNodeLab({}, async (lab) => {
      expect((await lab.call('ise1', 'DELETE', 'trusted-certificates/SMTP%20root')).status).toBe(200);
      expect(await names(lab)).toEqual(['token endpoint root']);
      expect((await testConnection(lab)).body.message).toBe(
        'unable to find valid certification path to requested target',
      );
    });
  });

  it.each(['PATCH', 'DELETE'])('knows no entry of another name: %s', async (method) => {
    await inNodeLab({}, async (lab) => {
      const body = method === 'PATCH' ? { enabled: true } : undefined;
      expect(await lab.call('ise1', method, 'trusted-certificates/smtp%20root', { body })).toMatchObject({
        status: 404,
        body: { code: 'trust.unknown-certificate', remedy: 'Known: SMTP root, token endpoint root.' },
      });
    });
  });

  it.each([
    ['garbage', () => 'garbage'],
    ['an empty certificate', () => '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
    ['a certificate with a bent line', (pem: string) => pem.replace(/\n[^-\n]{8}/, '\n????????')],
    ['half a certificate', (pem: string) => pem.slice(0, pem.length / 2)],
    ['two certificates', (pem: string) => pem + pem],
  ])('refuses %s as PEM', async (_what, bend) => {
    await inNodeLab({}, async (lab) => {
      const body = { name: 'bent', pem: bend(lab.smtpRoot) };
      expect(await lab.call('ise1', 'POST', 'trusted-certificates', { body })).toMatchObject({
        status: 400,
        body: { evidence: { faults: ['pem: is not one PEM certificate'] } },
      });
      expect(await names(lab)).toHaveLength(2);
    });
  });
});

describe('alarms', () => {
  it('raises one of the catalogue, which the Monitoring node lists', async () => {
    await inNodeLab({ deployment: FOUR_NODES }, async (lab) => {
      const body = { name: 'SMTP OAuth Client Secret has expired', details: 'client x' };
      expect(await lab.call('psn1', 'POST', 'alarms', { body })).toMatchObject({ status: 202 });
      await lab.clock.sleep(1_000);
      expect((await lab.call('mnt1', 'GET', 'mnt/alarms')).body).toMatchObject([
        { ...body, node: 'psn1', delivery: 'not-mailed', reason: 'no recipients' },
      ]);
    });
  });

  it('has details of 1,000 characters at most', async () => {
    await inNodeLab({}, async (lab) => {
      const raise = (length: number) =>
        lab.call('ise1', 'POST', 'alarms', { body: { name: 'High Load Average', details: 'x'.repeat(length) } });
      expect(await raise(1_001)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
      expect(await raise(1_000)).toMatchObject({ status: 202 });
    });
  });

  it('knows no other', async () => {
    await inNodeLab({}, async (lab) => {
      expect(await lab.call('ise1', 'POST', 'alarms', { body: { name: 'Coffee is out' } })).toMatchObject({
        status: 404,
        body: { code: 'alarms.unknown', remedy: expect.any(String) },
      });
      expect(recordsOf(lab, 'alarm.raised')).toEqual([]);
    });
  });
});

describe('the sponsor portal', () => {
  const asSponsor = { sponsor: 'sponsor1' };

  it('creates a guest without showing the password, and resends its credentials', async () => {
    await inNodeLab({}, async (lab) => {
      await lab.saveSmtpServer('ise1');
      await lab.call('ise1', 'POST', 'sponsors', { body: { username: 'sponsor1' } });
      const created = await lab.call('ise1', 'POST', 'sponsor-portal/guests', {
        body: { ...asSponsor, firstName: 'Ada', lastName: 'Guest', emailAddress: 'ada@visitor.example' },
      });
      expect(created).toMatchObject({ status: 201, body: { message: 'Account created' } });
      const { username } = created.body.account;
      const password = lab.node('ise1').context.settings.guest(username)?.password ?? '';
      const resent = await lab.call('ise1', 'POST', `sponsor-portal/guests/${username}/resend`, { body: asSponsor });
      expect(resent).toMatchObject({ status: 200, body: { message: 'Credentials sent' } });
      for (const text of [created.body, resent.body, (await lab.call('ise1', 'GET', 'guests')).body]) {
        expect(JSON.stringify(text)).not.toContain(password);
      }
      expect(lab.journal.toJsonLines()).not.toContain(password);
      expect(lab.exchange.deliveredTo('ada@visitor.example')).toHaveLength(2);
    });
  });

  it('knows neither guest nor sponsor of another name', async () => {
    await inNodeLab({}, async (lab) => {
      await lab.call('ise1', 'POST', 'sponsors', { body: { username: 'sponsor1' } });
      expect(await lab.call('ise1', 'POST', 'sponsor-portal/guests/9999/resend', { body: asSponsor })).toMatchObject({
        status: 404,
        body: { code: 'guests.unknown' },
      });
      expect(await lab.call('ise1', 'POST', 'sponsor-portal/guests', { body: { sponsor: 'nobody' } })).toMatchObject({
        status: 404,
        body: { code: 'guests.unknown-sponsor' },
      });
    });
  });

  it('says that no primary PAN is reachable, and whom to bring back', async () => {
    await inNodeLab({ deployment: FOUR_NODES }, async (lab) => {
      await lab.call('pan1', 'POST', 'sponsors', { body: { username: 'sponsor1' } });
      await lab.clock.sleep(1_000);
      lab.network.cut('pan1');
      const body = { ...asSponsor, firstName: 'Ada', lastName: 'Guest', emailAddress: 'ada@visitor.example' };
      expect(await lab.call('psn1', 'POST', 'sponsor-portal/guests', { body })).toMatchObject({
        status: 503,
        body: { code: 'guests.no-primary-pan', remedy: expect.stringContaining('pan1') },
      });
    });
  });
});

describe('Debug Log Configuration', () => {
  it('decides per component what guest.log says', async () => {
    await inNodeLab({ debugLog: 'INFO' }, async (lab) => {
      const linesAfter = async (body: object): Promise<string[]> => {
        expect(await put(lab, 'debug-log', body)).toMatchObject({ status: 200 });
        const from = lab.journal.records.length;
        await testConnection(lab);
        return lab.journal.records
          .slice(from)
          .filter(({ kind }) => kind === 'guest.log')
          .map((record) => fieldText(record, 'logger').split('.')[1] ?? '');
      };
      expect(await linesAfter({ level: 'INFO' })).toEqual([]);
      expect(new Set(await linesAfter({ component: 'guest-access-admin', level: 'DEBUG' }))).toEqual(
        new Set(['admin']),
      );
      expect(new Set(await linesAfter({ component: 'guestaccess', level: 'DEBUG' }))).toEqual(
        new Set(['admin', 'guestaccess']),
      );
      expect(await linesAfter({ level: 'WARN' })).toEqual([]);
    });
  });

  it('holds for the node it was set on', async () => {
    await inNodeLab({ deployment: FOUR_NODES, debugLog: 'INFO' }, async (lab) => {
      await put(lab, 'debug-log', { level: 'DEBUG' }, 'psn1');
      expect(lab.node('psn1').context.log.levelOf('guestaccess')).toBe('DEBUG');
      expect(lab.node('pan1').context.log.levelOf('guestaccess')).toBe('INFO');
    });
  });
});

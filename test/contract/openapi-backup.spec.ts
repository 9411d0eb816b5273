import { CONFIG_KEYS } from '#apps/ise-node';
import { sixNodeDeployment } from '#libs/deployment';
import { inNodeLab, type NodeLab } from './node-lab.ts';
import { api } from './openapi-lab.ts';

const KEY = 'Lab_Backup1';
const PATH = 'backup-restore/config';
const FILE = 'nightly-CFG10-260202-0500.tar.gpg';

const backup = (lab: NodeLab, changes: object = {}, node = 'ise1') => {
  const body = { backupName: 'nightly', repositoryName: 'lab', backupEncryptionKey: KEY, ...changes };
  return api(lab, 'POST', `${PATH}/backup`, { body }, node);
};
const restore = (lab: NodeLab, changes: object = {}) => {
  const body = { restoreFile: FILE, repositoryName: 'lab', backupEncryptionKey: KEY, restoreIncludeAdeos: 'false' };
  return api(lab, 'POST', `${PATH}/restore`, { body: { ...body, ...changes } });
};
const lastStatus = async (lab: NodeLab) => (await api(lab, 'GET', `${PATH}/last-backup-status`)).json.response;
const proxyOf = (lab: NodeLab) => lab.node('ise1').context.settings.proxy.host;
const setProxy = (lab: NodeLab, fqdn: string) => api(lab, 'PUT', 'system-settings/proxy', { body: { fqdn } });

describe('backup and restore over OpenAPI', () => {
  it('run as tasks, bring back what was there, and leave the SMTP server out', async () => {
    await inNodeLab({}, async (lab) => {
      await lab.saveSmtpServer('ise1');
      await setProxy(lab, 'then.lab.example');
      expect(await lastStatus(lab)).toEqual({});
      const started = await backup(lab);
      expect([started.status, started.json]).toEqual([
        202,
        {
          version: '1.0.0',
          response: { id: expect.any(String), message: expect.stringContaining('Config DB backup') },
        },
      ]);
      const { json: task } = await api(lab, 'GET', `task/${started.json.response.id}`);
      expect(task).toMatchObject({
        executionStatus: 'COMPLETED',
        moduleType: 'CONFIG_BACKUP',
        detailStatus: [{ name: 'nightly', status: 'SUCCESS', message: `${FILE} was written to lab` }],
      });
      expect(await lastStatus(lab)).toEqual({
        action: 'BACKUP',
        details: 'Complete',
        error: 'false',
        hostName: 'ise1.lab.example',
        initiatedFrom: 'OPEN_API',
        justComplete: 'No',
        message: '',
        name: 'nightly',
        percentComplete: '100',
        repository: 'lab',
        startDate: expect.stringMatching(/^Mon Feb 02 05:00:\d\d UTC 2026$/),
        status: 'COMPLETED',
        type: 'CONFIGURATION_DB',
      });
      expect((await api(lab, 'GET', 'repository/lab/files')).json).toEqual({ response: [FILE], version: '1.0.0' });

      await setProxy(lab, 'since.lab.example');
      expect((await restore(lab)).status).toBe(202);
      expect([proxyOf(lab), lab.node('ise1').context.settings.storedSmtpServer]).toEqual([
        'then.lab.example',
        undefined,
      ]);
      expect(await lastStatus(lab)).toMatchObject({ action: 'RESTORE', status: 'COMPLETED', name: FILE });
      expect(JSON.stringify(lab.journal.records)).not.toContain(KEY);
    });
  });

  it('find a backup again after the node was started anew', async () => {
    await inNodeLab({}, async (lab) => {
      await setProxy(lab, 'then.lab.example');
      await backup(lab);
      lab.kill('ise1');
      await lab.start('ise1');
      await setProxy(lab, 'since.lab.example');
      expect((await restore(lab)).status).toBe(202);
      expect(proxyOf(lab)).toBe('then.lab.example');
    });
  });

  it('leave the certificates of the nodes as they are: those are what they present', async () => {
    const key = CONFIG_KEYS.systemCertificate('ise1');
    await inNodeLab({ config: [[key, { node: 'ise1', name: 'then', pem: '' }]] }, async (lab) => {
      await backup(lab);
      const { store } = lab.node('ise1').context;
      store.apply(store.nextChange([[key, { node: 'ise1', name: 'since', pem: '' }]], lab.clock.now()));
      await restore(lab);
      expect(store.get(key)).toMatchObject({ name: 'since' });
    });
  });

  it('keep the last fifty files, and of two with one name the later one', async () => {
    await inNodeLab({}, async (lab) => {
      const numbers = Array.from({ length: 51 }, (_, index) => String(index).padStart(2, '0'));
      for (const number of [...numbers, '50']) await backup(lab, { backupName: `b${number}` });
      const { response } = (await api(lab, 'GET', 'repository/lab/files')).json;
      expect(response.map((file: string) => file.slice(0, 3))).toEqual(numbers.slice(1).map((number) => `b${number}`));
    });
  });

  it('fail with a wrong key, visibly, and change nothing', async () => {
    await inNodeLab({}, async (lab) => {
      await backup(lab);
      await setProxy(lab, 'since.lab.example');
      const { id } = (await restore(lab, { backupEncryptionKey: 'Lab_Backup2' })).json.response;
      const message = 'The backup can not be opened with this encryption key';
      expect((await api(lab, 'GET', `task/${id}`)).json).toMatchObject({
        executionStatus: 'FAILED',
        failCount: 1,
        detailStatus: [{ status: 'FAILURE', message }],
      });
      expect(await lastStatus(lab)).toMatchObject({ action: 'RESTORE', status: 'ERROR', error: message });
      expect(proxyOf(lab)).toBe('since.lab.example');
    });
  });

  it.each([
    ['a short key', { backupEncryptionKey: 'Lab_1' }, 'backupEncryptionKey: '],
    ['a key without a digit', { backupEncryptionKey: 'Lab_Backup' }, 'backupEncryptionKey: '],
    ['a key of 16 characters', { backupEncryptionKey: 'Lab_Backup123456' }, 'backupEncryptionKey: '],
    ['a key with a blank', { backupEncryptionKey: 'Lab Backup1' }, 'backupEncryptionKey: '],
    ['a name that is a path', { backupName: '../nightly' }, 'backupName: '],
    ['no repository', { repositoryName: undefined }, 'repositoryName: '],
  ])('refuse %s', async (_what, changes, message) => {
    await inNodeLab({}, async (lab) => {
      const { status, json, text } = await backup(lab, changes);
      expect([status, json]).toEqual([400, { code: 400, message: expect.stringContaining(message) }]);
      expect(text).not.toContain('Lab_');
      expect((await api(lab, 'GET', 'repository/lab/files')).status).toBe(404);
    });
  });

  it('refuse a file that is not there, and to cancel what does not run', async () => {
    await inNodeLab({}, async (lab) => {
      const missing = await restore(lab);
      expect([missing.status, missing.json]).toEqual([400, { code: 400, message: 'There is no such file in lab' }]);
      const cancelled = await api(lab, 'POST', `${PATH}/cancel-backup`);
      expect([cancelled.status, cancelled.json]).toEqual([
        405,
        { code: 405, message: "Cancel can't be executed as there is no running backup." },
      ]);
    });
  });

  it('are for the primary PAN alone', async () => {
    await inNodeLab({ deployment: sixNodeDeployment() }, async (lab) => {
      for (const node of ['pan2', 'psn1']) {
        const { status, json } = await backup(lab, {}, node);
        expect([status, json]).toEqual([400, { code: 400, message: 'Only the primary PAN (pan1) writes' }]);
      }
    });
  });
});

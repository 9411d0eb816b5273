import { LAB_DOMAIN, sixNodeDeployment } from '#libs/deployment';
import { request, type ApiAnswer } from './ers-lab.ts';
import { ADMIN, inNodeLab } from './node-lab.ts';
import { SDK_CLIENTS } from './sdk-clients.ts';

interface Row {
  /** Of the Python SDK for ISE 3.3; the Go SDK has it in capitals. */
  name: string;
  /** Default pan1. */
  node?: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
  status: number;
  /** What the client reads of the answer. */
  reads: (answer: ApiAnswer) => unknown;
}

const success = ({ json }: ApiAnswer): unknown => json.version && json.success.message;
const response = ({ json }: ApiAnswer): unknown => json.version && json.response;
const taskId = ({ json }: ApiAnswer): unknown => json.version && json.response.id;

const DEPLOYMENT = '/api/v1/deployment';
const BACKUP = '/api/v1/backup-restore/config';
const backupEncryptionKey = 'Qwerty123';

/** In this order: what one row makes, later ones use. */
const ROWS: readonly Row[] = [
  {
    name: 'node_deployment.delete_node',
    method: 'DELETE',
    path: `${DEPLOYMENT}/node/psn2`,
    status: 200,
    reads: success,
  },
  {
    name: 'node_deployment.register_node',
    method: 'POST',
    path: `${DEPLOYMENT}/node/`,
    body: { fqdn: `psn2.${LAB_DOMAIN}`, ...ADMIN, allowCertImport: true, roles: [], services: ['Session', 'Profiler'] },
    status: 200,
    reads: success,
  },
  {
    name: 'node_deployment.update_node',
    method: 'PUT',
    path: `${DEPLOYMENT}/node/mnt2`,
    body: { roles: ['PrimaryMonitoring'], services: [] },
    status: 200,
    reads: success,
  },
  {
    name: 'node_deployment.sync_node',
    method: 'POST',
    path: `${DEPLOYMENT}/sync-node/psn1`,
    status: 202,
    reads: taskId,
  },
  {
    name: 'pan_ha.update_pan_ha',
    method: 'PUT',
    path: `${DEPLOYMENT}/pan-ha`,
    body: {
      isEnabled: true,
      primaryHealthCheckNode: { hostname: 'psn1' },
      secondaryHealthCheckNode: { hostname: 'psn2' },
      pollingInterval: 120,
      failedAttempts: 5,
    },
    status: 200,
    reads: success,
  },
  {
    name: 'pan_ha.get_pan_ha_status',
    method: 'GET',
    path: `${DEPLOYMENT}/pan-ha`,
    status: 200,
    reads: ({ json }) => json.response.isEnabled && json.response.primaryHealthCheckNode.hostname,
  },
  {
    name: 'node_group.create_node_group',
    method: 'POST',
    path: `${DEPLOYMENT}/node-group`,
    body: { name: 'site1', description: 'sample', marCache: { 'query-attempts': 1 } },
    status: 201,
    reads: success,
  },
  { name: 'node_group.get_node_groups', method: 'GET', path: `${DEPLOYMENT}/node-group`, status: 200, reads: response },
  {
    name: 'node_group.add_node',
    method: 'POST',
    path: `${DEPLOYMENT}/node-group/site1/add-node`,
    body: { hostname: 'psn1' },
    status: 201,
    reads: success,
  },
  {
    name: 'node_group.get_nodes',
    method: 'GET',
    path: `${DEPLOYMENT}/node-group/site1/node`,
    status: 200,
    reads: ({ json }) => json.response[0].hostname,
  },
  {
    name: 'node_group.update_node_group',
    method: 'PUT',
    path: `${DEPLOYMENT}/node-group/site1`,
    body: { name: 'site1', description: 'another' },
    status: 200,
    reads: success,
  },
  {
    name: 'node_group.get_node_group',
    method: 'GET',
    path: `${DEPLOYMENT}/node-group/site1`,
    status: 200,
    reads: ({ json }) => json.response.description,
  },
  {
    name: 'node_group.remove_node',
    method: 'POST',
    path: `${DEPLOYMENT}/node-group/site1/remove-node`,
    body: { hostname: 'psn1' },
    status: 200,
    reads: success,
  },
  {
    name: 'node_group.delete_node_group',
    method: 'DELETE',
    path: `${DEPLOYMENT}/node-group/site1?forceDelete=False`,
    status: 200,
    reads: success,
  },
  {
    name: 'backup_and_restore.config_backup',
    method: 'POST',
    path: `${BACKUP}/backup`,
    body: { backupName: 'sdk', repositoryName: 'repo', backupEncryptionKey },
    status: 202,
    reads: taskId,
  },
  {
    name: 'backup_and_restore.get_last_config_backup_status',
    method: 'GET',
    path: `${BACKUP}/last-backup-status`,
    status: 200,
    reads: ({ json }) => json.response.status === 'COMPLETED',
  },
  {
    name: 'repository.get_repository_files',
    method: 'GET',
    path: '/api/v1/repository/repo/files',
    status: 200,
    reads: ({ json }) => json.response[0] === 'sdk-CFG10-260202-0500.tar.gpg',
  },
  {
    name: 'backup_and_restore.restore_config_backup',
    method: 'POST',
    path: `${BACKUP}/restore`,
    body: {
      restoreFile: 'sdk-CFG10-260202-0500.tar.gpg',
      repositoryName: 'repo',
      backupEncryptionKey,
      restoreIncludeAdeos: 'false',
    },
    status: 202,
    reads: taskId,
  },
  {
    name: 'node_deployment.promote_node',
    node: 'pan2',
    method: 'POST',
    path: `${DEPLOYMENT}/promote`,
    status: 200,
    reads: success,
  },
];

describe.each(Object.entries(SDK_CLIENTS))('requests about the deployment as %s sends them', (_client, headers) => {
  it('are answered as it expects, every one of the recorded table', async () => {
    await inNodeLab({ deployment: sixNodeDeployment(), debugLog: 'INFO' }, async (lab) => {
      for (const { name, node = 'pan1', method, path, body, status, reads } of ROWS) {
        const answer = await request(lab, method, path, { headers, body }, node);
        expect([name, answer.status, answer.status < 300 ? '' : answer.text]).toEqual([name, status, '']);
        expect([name, Boolean(reads(answer))]).toEqual([name, true]);
      }
    });
  });
});

import { z } from 'zod';
import { javaDate } from '../http/java-date.ts';
import { RequestError } from '../http/request-error.ts';
import type { NodeContext } from '../node-context.ts';
import type { BackupRepository } from '../pan/backup-repository.ts';
import type { BackupService } from '../pan/backup.service.ts';
import { checkedBody } from './openapi-body.ts';
import { codeError, enveloped, OpenApiError, type OpenApiAnswer, type OpenApiRoute } from './openapi-route.ts';
import type { TaskDesk } from './task-desk.ts';

const PATH = '/api/v1/backup-restore/config';

const repositoryName = z.string().regex(/^[\w.-]{1,80}$/, '1 to 80 letters, digits, underscores, hyphens and dots');
const backupSchema = z.strictObject({
  backupName: z.string().regex(/^[\w.-]{1,100}$/, '1 to 100 letters, digits, underscores, hyphens and dots'),
  repositoryName,
  /** The rule of the real API, as far as it is known. */
  backupEncryptionKey: z
    .string()
    .regex(
      /^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)[\w#]{8,15}$/,
      '8 to 15 letters, digits, _ and #, among them an upper-case letter, a lower-case one and a digit',
    ),
});
const restoreSchema = z.strictObject({
  restoreFile: z.string().min(1).max(200),
  repositoryName,
  backupEncryptionKey: z.string().min(1).max(128),
  /** Taken, and of no effect: a node has no ADE-OS. */
  restoreIncludeAdeos: z.enum(['true', 'false']),
});

/** Services of the Administration persona, as far as this node has it. */
interface BackupServices {
  backups: BackupService | undefined;
  repository: BackupRepository | undefined;
}

/** The last backup or restore, as `last-backup-status` shows it. */
interface Job {
  action: 'BACKUP' | 'RESTORE';
  name: string;
  repository: string;
  startedAt: number;
  /** Why it failed; undefined when it did not. */
  failure: string | undefined;
}

/**
 * Administration > System > Backup & Restore (fact sheet ise 7.4): configuration data, without the SMTP server settings
 * (fact sheet ise 1.2). Simplified: a backup takes no time, so that there is never one to cancel; none is scheduled.
 */
export function backupRoutes(context: NodeContext, tasks: TaskDesk, services: BackupServices): OpenApiRoute[] {
  const { clock, definition } = context;
  let last: Job | undefined;

  /** Starts the job as a task; what becomes of it is told by both. */
  const start = (job: Pick<Job, 'action' | 'name' | 'repository'>, work: () => string): OpenApiAnswer => {
    const { id } = tasks.start(`CONFIG_${job.action}`, job.name, () => {
      const startedAt = clock.now();
      try {
        const message = work();
        last = { ...job, startedAt, failure: undefined };
        return Promise.resolve(message);
      } catch (error) {
        const failure = error instanceof RequestError ? error.message : 'An unexpected error occurred';
        last = { ...job, startedAt, failure };
        return Promise.reject(error instanceof RequestError ? error : new Error(failure));
      }
    });
    const message = `Config DB ${job.action.toLowerCase()} task initiated; ask the Task Service for its status.`;
    return enveloped({ id, message }, 202);
  };

  return [
    {
      method: 'POST',
      path: `${PATH}/backup`,
      errors: codeError,
      run: ({ body }) => {
        const { backupName: name, repositoryName: repository, backupEncryptionKey } = checkedBody(body, backupSchema);
        const { backups, files } = servicesOf(services);
        return start({ action: 'BACKUP', name, repository }, () => {
          const file = `${name}-CFG10-${minuteText(clock.now())}.tar.gpg`;
          files.put(repository, file, backups.backup(name, backupEncryptionKey));
          return `${file} was written to ${repository}`;
        });
      },
    },
    {
      method: 'POST',
      path: `${PATH}/restore`,
      errors: codeError,
      run: ({ body }) => {
        const { restoreFile, repositoryName: repository, backupEncryptionKey } = checkedBody(body, restoreSchema);
        const { backups, files } = servicesOf(services);
        const backup = files.get(repository, restoreFile);
        if (!backup) throw new OpenApiError(400, `There is no such file in ${repository}`);
        return start({ action: 'RESTORE', name: restoreFile, repository }, () => {
          backups.restore(backup, backupEncryptionKey);
          return `${restoreFile} was restored. SMTP server settings are not part of a backup.`;
        });
      },
    },
    {
      method: 'POST',
      path: `${PATH}/cancel-backup`,
      errors: codeError,
      run: () => {
        throw new OpenApiError(405, "Cancel can't be executed as there is no running backup.");
      },
    },
    {
      method: 'GET',
      path: `${PATH}/last-backup-status`,
      errors: codeError,
      run: () => enveloped(last ? shown(last, definition.fqdn) : {}),
    },
    {
      method: 'GET',
      path: '/api/v1/repository/{repositoryName}/files',
      errors: codeError,
      run: ({ params }) => {
        const names = services.repository?.names(params['repositoryName'] ?? '') ?? [];
        if (names.length === 0) throw new OpenApiError(404, 'Nothing was written to a repository of this name');
        return enveloped(names);
      },
    },
  ];
}

function servicesOf({ backups, repository }: BackupServices): { backups: BackupService; files: BackupRepository } {
  if (backups && repository) return { backups, files: repository };
  throw new OpenApiError(400, 'This node is not an administration node');
}

function shown({ action, name, repository, startedAt, failure }: Job, hostName: string) {
  return {
    action,
    details: failure === undefined ? 'Complete' : 'Failed',
    error: failure ?? 'false',
    hostName,
    initiatedFrom: 'OPEN_API',
    justComplete: 'No',
    message: failure ?? '',
    name,
    percentComplete: '100',
    repository,
    startDate: javaDate(startedAt),
    status: failure === undefined ? 'COMPLETED' : 'ERROR',
    type: 'CONFIGURATION_DB',
  };
}

/** `210514-1755` */
function minuteText(instant: number): string {
  const digits = new Date(instant).toISOString().replaceAll(/\D/g, '');
  return `${digits.slice(2, 8)}-${digits.slice(8, 12)}`;
}

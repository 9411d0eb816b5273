import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callApi, type ApiAccess } from './api-client.ts';
import { DataFolder } from './data-folder.ts';
import { labIdentity } from './lab-identity.ts';
import { ROOTS_FILE } from './live-testbed.ts';
import { UpError } from './up.error.ts';

/** Those of the folder's testbed; a new folder gets its keys now. @throws UpError */
export async function rootsOfFolder(path: string): Promise<string> {
  const file = join(path, ROOTS_FILE);
  // A testbed that runs holds the folder's lock; what it wrote can be read all the same.
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const folder = DataFolder.open(path);
  try {
    const { rootsPem } = await labIdentity(folder);
    folder.write(ROOTS_FILE, rootsPem);
    return rootsPem;
  } finally {
    folder.close();
  }
}

/** Those of the testbed that runs on this machine. @throws UpError when none answers, or it wants another password */
export async function rootsOfRunningTestbed(api: ApiAccess): Promise<string> {
  const { status, body } = await callApi(api, 'GET', 'isebed/v1/certificate-authorities');
  if (status === 200) return body;
  throw new UpError(
    'up.not-running',
    `port ${api.port} is not the API of a testbed`,
    'Say where it is with --api-port.',
  );
}

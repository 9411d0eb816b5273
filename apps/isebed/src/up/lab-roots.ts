import { existsSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { DataFolder } from './data-folder.ts';
import { labIdentity } from './lab-identity.ts';
import { ROOTS_FILE } from './live-testbed.ts';
import { UpError } from './up.error.ts';

const ANSWER_MS_MAX = 5_000;

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

/** Those of the testbed that runs on this machine. @throws UpError when none answers */
export function rootsOfRunningTestbed(port: number): Promise<string> {
  const url = `http://127.0.0.1:${port}/isebed/v1/certificate-authorities`;
  return new Promise((resolve, reject) => {
    const fail = (cause?: unknown): void =>
      reject(
        new UpError(
          'up.not-running',
          `no testbed answers at ${url}`,
          'Start one with isebed up, say where its API is with --api-port, or name its folder with --data.',
          cause,
        ),
      );
    const call = get(url, { timeout: ANSWER_MS_MAX }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else fail();
      });
    });
    call.once('timeout', () => call.destroy());
    call.once('error', fail);
  });
}

import { readFileSync } from 'node:fs';
import { BlockList, isIPv6 } from 'node:net';
import { ADMIN } from '../testbed/lab-admin.ts';

const LENGTH = { min: 12, max: 200 } as const;

export const PASSWORD_ACCEPTED = `a password of ${LENGTH.min} to ${LENGTH.max} characters without control characters`;
export const PASSWORD_FILE_ACCEPTED = `a file that holds ${PASSWORD_ACCEPTED}`;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether nobody but this machine reaches the address. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Undefined when it is no password that is accepted. */
export function readPassword(text: string): string | undefined {
  const isAccepted = text.length >= LENGTH.min && text.length <= LENGTH.max && !/\p{Cc}/u.test(text);
  return isAccepted ? text : undefined;
}

/** What the file holds, without the line end after it. */
export function readPasswordFile(file: string): string | undefined {
  try {
    return readPassword(readFileSync(file, 'utf8').replace(/\r?\n$/, ''));
  } catch {
    return undefined; // the message says which file, and what was expected of it
  }
}

interface Guarded {
  host: string;
  apiPassword: string | undefined;
  adminPassword: string | undefined;
}

/** What others could do without a password, each with what to do about it; nothing on loopback. */
export function missingPasswords({ host, apiPassword, adminPassword }: Guarded): string[] {
  if (isLoopback(host)) return [];
  const faults: string[] = [];
  if (apiPassword === undefined) {
    faults.push(
      `--host: ${host} is reachable from elsewhere, and the API asks for no password; ` +
        'give --api-password-file <file> or ISEBED_API_PASSWORD',
    );
  }
  if (adminPassword === undefined || adminPassword === ADMIN.password) {
    faults.push(
      `--host: ${host} is reachable from elsewhere, and the password of the nodes' administrator is the published one; ` +
        'give another with --admin-password-file <file> or ISEBED_ADMIN_PASSWORD',
    );
  }
  return faults;
}

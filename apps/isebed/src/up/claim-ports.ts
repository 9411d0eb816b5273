import { once } from 'node:events';
import { createServer } from 'node:net';
import { UpError } from './up.error.ts';
import { flagOfPort, type UpSettings } from './up-settings.ts';

type PortSettings = Pick<UpSettings, 'host' | 'httpsPort' | 'smtpPort' | 'apiPort'>;

/**
 * Tries all ports before anything is started, so that whoever has to choose others sees all of them at once.
 *
 * @throws UpError which names the ports that can't be had, and their flags
 */
export async function checkPorts(settings: UpSettings, nodeCount: number): Promise<void> {
  const { host, httpsPort, smtpPort, apiPort, nodePortBase } = settings;
  const nodePorts = nodePortBase === 0 ? [] : Array.from({ length: nodeCount }, (_, index) => nodePortBase + index);
  const refused: string[] = [];
  for (const port of [httpsPort, smtpPort, apiPort, ...nodePorts].filter((wanted) => wanted !== 0)) {
    const reason = await tryPort(host, port);
    if (reason) refused.push(`${flagOfPort(settings, port)}: port ${port} on ${host} ${reason}`);
  }
  if (refused.length > 0) throw portsRefused(refused);
}

/** The error of a port that somebody else took since it was checked; any other error as it is. */
export function asPortError(error: unknown, settings: PortSettings): unknown {
  const taken = portTakenOf(error);
  if (taken === undefined) return error;
  return portsRefused([`${flagOfPort(settings, taken)}: port ${taken} on ${settings.host} is taken`]);
}

function portTakenOf(error: unknown): number | undefined {
  if (!(error instanceof Error && 'code' in error && 'port' in error)) return undefined;
  return error.code === 'EADDRINUSE' && typeof error.port === 'number' ? error.port : undefined;
}

function portsRefused(refused: readonly string[]): UpError {
  const remedy = 'Choose other ports with these flags; 0 takes a free one.';
  return new UpError('up.port-taken', refused.join('\n'), remedy);
}

async function tryPort(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EADDRINUSE') return 'is taken';
    if (code === 'EACCES') return 'needs more rights than this user has';
    return code === 'EADDRNOTAVAIL' ? 'is no address of this machine' : `can't be listened on (${code})`;
  }
  server.close();
  await once(server, 'close');
  return undefined;
}

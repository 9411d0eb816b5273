import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { RealClock } from '#libs/simulation';
import { HeldPorts } from './held-ports.ts';

const HOST = '127.0.0.1';

async function listening(port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(port, HOST);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

describe('HeldPorts', () => {
  it('keeps a port from others, cuts off who connects, and gives it back', async () => {
    const { server, port } = await listening();
    server.close();
    await once(server, 'close');
    const ports = new HeldPorts(HOST);
    await ports.hold([port, 0]);
    await expect(listening(port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const visitor = connect(port, HOST).on('error', () => undefined);
    await new Promise((resolve) => visitor.once('close', resolve));
    await ports.release(port);
    (await listening(port)).server.close();
  });

  it('waits until the one who has the port goes', async () => {
    const { server, port } = await listening();
    const ports = new HeldPorts(HOST);
    const held = ports.hold([port]);
    const aMoment = new RealClock().sleep(10).then(() => 'not yet');
    await expect(Promise.race([held.then(() => 'held'), aMoment])).resolves.toBe('not yet');
    server.close();
    await held;
    await expect(listening(port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await ports.releaseAll();
  });
});

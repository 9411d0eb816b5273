import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isebed, LiveLab, temporaryFolder } from '../clients/live-lab.ts';

const { jest } = import.meta;
jest.setTimeout(120_000);

afterEach(() => LiveLab.killAll());

/** A reply with a dozen possible causes. */
const REFUSED = '535 5.7.3 Authentication unsuccessful\n';

async function causeOf(...words: string[]): Promise<{ code: unknown; verdict: unknown }> {
  const { status, stdout, stderr } = await isebed(['diagnose', '--json', ...words]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { causes, verdict } = JSON.parse(stdout);
  return { code: causes[0].code, verdict };
}

it('a testbed that runs, and the state that it exports, tell what the reply leaves open, though not for certain: it names no mailbox', async () => {
  using folder = temporaryFolder();
  const [reply, state] = [join(folder.path, 'reply.txt'), join(folder.path, 'state.yaml')];
  writeFileSync(reply, REFUSED);
  const lab = await LiveLab.up();
  const apiPort = ['--api-port', new URL(lab.where.api.url).port];
  await lab.change({ 'entra.revokeConsent': {} });
  const decided = { code: 'exchange.role-missing', verdict: 'likely' };
  expect(await causeOf(reply, '--testbed', ...apiPort)).toEqual(decided);
  expect((await isebed(['tenant', 'export', '--out', state, ...apiPort])).status).toBe(0);
  expect(await causeOf(reply, '--state', state)).toEqual(decided);
  const page = ['--mailbox', lab.where.mailbox, '--client-id', lab.where.clientId.toUpperCase()];
  expect(await causeOf(reply, '--state', state, ...page)).toEqual({ ...decided, verdict: 'certain' });
  const wrongMailbox = ['--mailbox', 'nobody@isebed.onmicrosoft.com', '--client-id', lab.where.clientId];
  await lab.change({ 'entra.grantConsent': {} });
  const unknown = { code: 'exchange.mailbox-unknown', verdict: 'certain' };
  expect(await causeOf(reply, '--testbed', ...apiPort, ...wrongMailbox)).toEqual(unknown);
});

it.each([
  ['--mailbox', 'nobody'],
  ['--client-id', 'isebed'],
  ['--tenant-id', '1234'],
])('refuses %s %s, and says what is expected', async (option, value) => {
  const { status, stdout, stderr } = await isebed(['diagnose', '-', option, value]);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(new RegExp(`${option}.*is expected`));
});

it('says so when no testbed runs, and ends with 2', async () => {
  using folder = temporaryFolder();
  const reply = join(folder.path, 'reply.txt');
  writeFileSync(reply, REFUSED);
  const { status, stdout, stderr } = await isebed(['diagnose', reply, '--testbed', '--api-port', '1']);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain('isebed up');
});

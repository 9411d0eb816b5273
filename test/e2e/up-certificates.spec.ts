import { type X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { LiveLab, temporaryFolder } from '../clients/live-lab.ts';

const { jest } = import.meta;
jest.setTimeout(120_000);

afterEach(() => LiveLab.killAll());

/** The answer to a read of `ise1`, and the certificate that it presented. */
function read(lab: LiveLab, path: string) {
  const options = { ca: lab.roots, agent: false, headers: lab.administrator } as const;
  return new Promise<{ response: ReturnType<typeof JSON.parse>; presented: X509Certificate | undefined }>(
    (resolve, reject) => {
      get(new URL(path, lab.where.nodes[0]?.url), options, (answer) => {
        const { socket } = answer;
        const presented = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => resolve({ response: JSON.parse(text).response, presented }));
      }).on('error', reject);
    },
  );
}

async function listed(lab: LiveLab) {
  const { response, presented } = await read(lab, '/api/v1/certs/system-certificate/ise1');
  expect(response).toHaveLength(1);
  const [certificate] = response;
  return { certificate, fingerprint: presented?.fingerprint256.replaceAll(':', '').toLowerCase() };
}

describe('the certificate of a node of a live testbed', () => {
  it('is listed as it is presented, also after it was renewed', async () => {
    using folder = temporaryFolder();
    const lab = await LiveLab.up(['--data', folder.path]);
    const first = await listed(lab);
    expect(first.certificate).toMatchObject({
      friendlyName: expect.stringMatching(/^ise1\.lab\.example#.+#00001$/),
      issuedTo: 'ise1.lab.example',
      usedBy: 'Admin, Portal',
      selfSigned: false,
      sha256Fingerprint: first.fingerprint,
    });
    expect((await read(lab, first.certificate.link.href)).response).toEqual(first.certificate);
    await lab.stop();

    const keys = join(folder.path, 'keys.json');
    writeFileSync(keys, JSON.stringify({ ...JSON.parse(readFileSync(keys, 'utf8')), validFrom: 0 }));
    const again = await LiveLab.up(['--data', folder.path]);
    const second = await listed(again);
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect(second.certificate.sha256Fingerprint).toBe(second.fingerprint);
    await again.stop();
  });
});

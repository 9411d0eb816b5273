import { asSponsor, SPONSOR, sponsorConfig, sponsorPortalId } from '../contract/ers-guest-lab.ts';
import { request } from '../contract/ers-lab.ts';
import { ADMIN, inNodeLab } from '../contract/node-lab.ts';
import { readMarkdown } from './markdown.ts';

const text = readMarkdown('docs/api.md').lines.join('\n');

/** The rows of the tables of resources. */
const OPERATIONS = [...text.matchAll(/^\| `(\/(?:ers|api)\/[^`]+)` +\| ([A-Z, ]+?) +\|$/gm)].flatMap(
  ([, path = '', methods = '']) => methods.split(', ').map((method) => ({ method, path })),
);

/** The examples: method, path, headers and body. */
const EXAMPLES = [...text.matchAll(/^```http\n(\w+) (\S+)\n([\s\S]*?)\n\n([\s\S]*?)\n```$/gm)].map(
  ([, method = '', path = '', , body = '']) => ({ method, path, body }),
);

describe('docs/api.md', () => {
  it('has tables of resources and examples', () => {
    expect(OPERATIONS.length).toBeGreaterThan(110);
    expect(EXAMPLES).toHaveLength(3);
  });

  it('names no operation that is not there', async () => {
    await inNodeLab({ config: sponsorConfig() }, async (lab) => {
      const missing: string[] = [];
      for (const { method, path } of OPERATIONS) {
        const credentials = path.startsWith('/ers/config/guestuser') ? SPONSOR : ADMIN;
        const { text: answer } = await request(lab, method, path.replaceAll(/\{\w+\}/g, 'none'), {
          credentials,
        });
        const isMissing = /Unsupported|There is no such resource|is not supported here/.test(answer);
        if (isMissing) missing.push(`${method} ${path}`);
      }
      expect(missing).toEqual([]);
    });
  });

  it('names every resource that ERS lists, with its version', async () => {
    await inNodeLab({ config: sponsorConfig() }, async (lab) => {
      for (const name of new Set(OPERATIONS.flatMap(({ path }) => /^\/ers\/config\/(\w+)$/.exec(path)?.[1] ?? []))) {
        const credentials = name === 'guestuser' ? SPONSOR : ADMIN;
        const { json } = await request(lab, 'GET', `/ers/config/${name}/versioninfo`, { credentials });
        expect([name, json.VersionInfo]).toMatchObject([name, { supportedVersions: expect.stringMatching(/^\d\.\d/) }]);
      }
    });
  });

  it.each(EXAMPLES)('has an example $method $path that works', async ({ method, path, body }) => {
    await inNodeLab({ config: sponsorConfig() }, async (lab) => {
      const filled = body.replaceAll('{sponsorPortal}', await sponsorPortalId(lab));
      const { rulesRes } = (await request(lab, 'GET', '/api/v1/alarms')).json;
      const alarm = rulesRes.find(({ name }: { name: string }) => name === 'Process Down').id;
      const isGuest = path === '/ers/config/guestuser';
      const answer = isGuest
        ? await asSponsor(lab, method, '', { body: filled })
        : await request(lab, method, path.replace('{alarm}', alarm), { body: filled });
      expect([answer.status, answer.text]).toEqual(
        isGuest ? [201, ''] : [200, expect.stringMatching(/successfully|ops@operations\.example/)],
      );
    });
  });
});

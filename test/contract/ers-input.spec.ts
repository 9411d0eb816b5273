import { CONFIG_KEYS } from '#apps/ise-node';
import { inNodeLab, recordsOf, type NodeLab } from './node-lab.ts';
import { ers, request, type ApiAnswer, type ApiCall } from './ers-lab.ts';

const XML = { accept: 'application/xml', 'content-type': 'application/xml' };

const messageOf = ({ json }: ApiAnswer) => json?.ERSResponse.messages[0];
const post = (lab: NodeLab, body: unknown, call: ApiCall = {}) => ers(lab, 'POST', 'internaluser', { body, ...call });
const xmlUser = (inner: string, before = '') =>
  `${before}<ns2:internaluser xmlns:ns2="identity.ers.ise.cisco.com" name="eve">${inner}</ns2:internaluser>`;

/** So many users that lists have pages. */
const USERS = Array.from({ length: 45 }, (_, index) => {
  const username = `user${String(index + 1).padStart(2, '0')}`;
  const user = {
    kind: 'internal',
    username,
    emailAddress: `${username}@lab.example`,
    passwordChangedAt: 0,
    enabled: index % 3 > 0,
  };
  return [CONFIG_KEYS.internalUser(username), user] as const;
});
const inUserLab = (test: (lab: NodeLab) => Promise<void>) => inNodeLab({ config: USERS }, test);
const list = async (lab: NodeLab, query: string): Promise<string[]> => {
  const { json } = await ers(lab, 'GET', `internaluser?size=100&${query}`);
  return json.SearchResult.resources.map(({ name }: { name: string }) => name);
};

describe('media types of ERS', () => {
  it.each([
    ['no Accept', { accept: null }, 'The Accept header is missing'],
    ['an Accept it does not speak', { accept: 'text/html' }, 'The Accept header names no supported media type'],
    ['no Content-Type', { 'content-type': null }, 'The Content-Type header is missing'],
    [
      'a form',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'The Content-Type is not a supported media type',
    ],
  ])('refuses %s with MEDIA_TYPE_EXCEPTION', async (_what, headers, title) => {
    await inNodeLab({}, async (lab) => {
      const answer = await post(lab, '{"InternalUser":{}}', { headers });
      expect([answer.status, answer.text]).toEqual([415, expect.stringContaining(title)]);
      expect(answer.text).toContain('Media type exception');
      // What was asked for can't be told: the older format then.
      const isXml = 'accept' in headers;
      expect(answer.headers['content-type']).toBe(`application/${isXml ? 'xml' : 'json'};charset=utf-8`);
    });
  });

  it('takes the vendor types of older clients, and names the versions when one is not supported', async () => {
    await inNodeLab({}, async (lab) => {
      const vendor = (version: string) => ({
        accept: `application/vnd.com.cisco.ise.identity.internaluser.${version}+xml`,
      });
      expect((await ers(lab, 'GET', 'internaluser', { headers: vendor('1.1') })).text).toContain(
        '<ns3:searchResult total="0"',
      );
      const refused = await ers(lab, 'GET', 'internaluser', { headers: vendor('9.0') });
      expect([refused.status, refused.text]).toEqual([
        415,
        expect.stringContaining('supported: 1.0,1.1,1.2,1.3,1.4,1.5'),
      ]);
      const header = (type: string) => ({ headers: { 'ers-media-type': type } });
      expect((await ers(lab, 'GET', 'internaluser', header('identity.internaluser.1.2'))).status).toBe(200);
      expect(messageOf(await ers(lab, 'GET', 'internaluser', header('identity.internaluser.7.0'))).code).toBe(
        'Version exception',
      );
      expect((await ers(lab, 'GET', 'internaluser', header('identity.guestuser.2.0'))).status).toBe(415);
    });
  });
});

describe('bodies that ERS refuses', () => {
  it.each([
    ['wrong types', { InternalUser: { name: 'eve', password: 'x', enabled: 'yes', expiryDate: 7 } }, 'enabled: '],
    ['unknown fields', { InternalUser: { name: 'eve', password: 'x', emial: 'a@b.example' } }, 'unknown emial'],
    ['a missing name', { InternalUser: { password: 'x' } }, 'Mandatory fields missing: [name]'],
    ['a missing password', { InternalUser: { name: 'eve' } }, 'Mandatory fields missing: [password]'],
    ['another wrapper', { User: { name: 'eve' } }, 'one object named InternalUser'],
    ['two wrappers', { InternalUser: {}, More: {} }, 'one object named InternalUser'],
    ['a list', [{ InternalUser: {} }], 'The body must be a JSON object'],
    ['no JSON', '{"InternalUser":', 'Invalid JSON'],
    ['JSON nested deeply', `{"InternalUser":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'nested deeper than 20'],
    ['nothing', undefined, 'A body is needed'],
  ])('answers SCHEMA_VALIDATION_EXCEPTION to %s', async (_what, body, title) => {
    await inNodeLab({}, async (lab) => {
      const answer = await post(lab, body);
      expect([answer.status, messageOf(answer)]).toEqual([
        400,
        { title: expect.stringContaining(title), type: 'ERROR', code: 'Schema validation exception' },
      ]);
      expect(answer.json.ERSResponse).toMatchObject({
        operation: 'POST-create-internaluser',
        link: { rel: 'related', href: expect.stringMatching(/\/ers\/config\/internaluser$/), type: 'application/xml' },
      });
      expect(await list(lab, '')).toEqual([]);
    });
  });

  const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY lol${i + 1} "${`&lol${i};`.repeat(10)}">`).join('');
  it.each([
    [
      'a billion laughs',
      xmlUser('<email>&lol9;</email>', `<!DOCTYPE u [<!ENTITY lol0 "lol">${laughs}]>`),
      'document type',
    ],
    [
      'an external entity',
      xmlUser('<email>&x;</email>', '<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
      'document type',
    ],
    ['an external document type', xmlUser('', '<!doctype u SYSTEM "http://evil.example/u.dtd">'), 'document type'],
    ['elements nested deeply', xmlUser(`${'<a>'.repeat(3000)}${'</a>'.repeat(3000)}`), 'elements inside each other'],
    ['an unclosed element', xmlUser('<email>'), 'not well-formed'],
    ['two roots', `${xmlUser('')}${xmlUser('')}`, 'not well-formed'],
    ['unknown elements', xmlUser('<emial>a@b.example</emial><password>x</password>'), 'unknown emial'],
    ['words for a switch', xmlUser('<enabled>yes</enabled><password>x</password>'), 'enabled: '],
    ['another root', '<ns2:guestuser xmlns:ns2="identity.ers.ise.cisco.com"/>', 'one object named InternalUser'],
    ['JSON', '{"InternalUser":{}}', 'not well-formed'],
  ])('answers SCHEMA_VALIDATION_EXCEPTION in XML to %s', async (_what, body, title) => {
    await inNodeLab({}, async (lab) => {
      const answer = await post(lab, body, { headers: XML });
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('<ns3:ersResponse operation="POST-create-internaluser"');
      expect(answer.text).toContain('<message type="ERROR" code="Schema validation exception"><title>');
      expect(answer.text).toContain(title);
      expect(await list(lab, '')).toEqual([]);
    });
  });

  it('refuses a body of 10 MB in either format, and goes on', async () => {
    await inNodeLab({}, async (lab) => {
      const long = 'a'.repeat(10 * 1024 * 1024);
      expect((await post(lab, { InternalUser: { name: 'eve', description: long } })).status).toBe(413);
      expect((await post(lab, xmlUser(`<email>${long}</email>`), { headers: XML })).status).toBe(413);
      expect((await ers(lab, 'GET', 'internaluser')).status).toBe(200);
    });
  });

  it('keeps passwords out of answers and journal, also of requests that it refuses', async () => {
    await inNodeLab({}, async (lab) => {
      const secret = 'Lab-Secret-77';
      const refused = await post(lab, { InternalUser: { name: 'eve', password: secret, enabled: 7 } });
      const created = await post(lab, { InternalUser: { name: 'eve', password: secret } });
      const changed = await ers(lab, 'PATCH', 'internaluser/name/eve', {
        body: { InternalUser: { password: `${secret}!` } },
      });
      const shown = await ers(lab, 'GET', 'internaluser/name/eve');
      expect([refused.status, created.status, changed.status, shown.status]).toEqual([400, 201, 200, 200]);
      const told =
        [refused, created, changed, shown].map(({ text }) => text).join() + JSON.stringify(lab.journal.records);
      expect(told).not.toContain(secret);
    });
  });
});

describe('lists of ERS', () => {
  it('have 20 a page, and links that lead through all pages', async () => {
    await inUserLab(async (lab) => {
      const seen: string[] = [];
      let path: string | undefined = '/ers/config/internaluser?sortasc=name';
      let previous: unknown;
      while (path !== undefined) {
        const { json }: ApiAnswer = await request(lab, 'GET', path);
        const { total, resources, nextPage, previousPage } = json.SearchResult;
        expect([total, previousPage === undefined]).toEqual([45, seen.length === 0]);
        seen.push(...resources.map(({ name }: { name: string }) => name));
        previous = previousPage;
        const url: URL | undefined = nextPage && new URL(nextPage.href);
        if (url)
          expect([url.searchParams.get('size'), nextPage.rel, nextPage.type]).toEqual([
            '20',
            'next',
            'application/json',
          ]);
        path = url && url.pathname + url.search;
      }
      expect(seen).toEqual(USERS.map(([, { username }]) => username));
      expect(previous).toMatchObject({ rel: 'previous', href: expect.stringContaining('page=2') });
      const beyond = await ers(lab, 'GET', 'internaluser?page=9');
      expect(beyond.json.SearchResult).toMatchObject({
        total: 45,
        resources: [],
        previousPage: { href: expect.stringContaining('page=3') },
      });
    });
  });

  it.each([
    ['name.EQ.USER07', ['user07']],
    ['name.NEQ.user07', 44],
    ['name.STARTSW.user1', 10],
    ['name.STARTW.user1', 10],
    ['name.NSTARTSW.user1', 35],
    ['name.ENDSW.5', ['user05', 'user15', 'user25', 'user35', 'user45']],
    ['name.NENDSW.5', 40],
    ['email.CONTAINS.33@lab', ['user33']],
    ['name.NCONTAINS.0', 32],
    ['enabled.EQ.Disabled', 15],
    ['name.STARTSW.user1&filter=enabled.EQ.Enabled', ['user11', 'user12', 'user14', 'user15', 'user17', 'user18']],
    ['name.EQ.user01&filter=name.EQ.user02&filtertype=or', ['user01', 'user02']],
    ['name.EQ.user01&filter=name.EQ.user02&filterType=OR', ['user01', 'user02']],
    ['name.EQ.user01&filter=name.EQ.user02', []],
    ['name.CONTAINS.%3C', []],
  ])('are filtered by %s', async (filter, expected) => {
    await inUserLab(async (lab) => {
      const names = await list(lab, `filter=${filter}`);
      expect(typeof expected === 'number' ? names.length : names).toEqual(expected);
    });
  });

  it('are sorted either way', async () => {
    await inUserLab(async (lab) => {
      expect((await list(lab, 'sortdsc=name')).slice(0, 2)).toEqual(['user45', 'user44']);
      expect((await list(lab, 'sortasc=name')).slice(0, 2)).toEqual(['user01', 'user02']);
    });
  });

  it.each([
    ['page=0', 'page must be a whole number from 1'],
    ['page=-1', 'page must be'],
    ['page=two', 'page must be'],
    ['size=0', 'size must be a whole number from 1 to 100'],
    ['size=101', 'size must be a whole number from 1 to 100'],
    ['sortasc=shoeSize', 'cannot sort by "shoeSize"'],
    ['sortasc=name&sortdsc=name', 'exclude each other'],
    ['filter=name', 'is not field.OPERATOR.value'],
    ['filter=name.LIKE.x', 'is not field.OPERATOR.value'],
    ['filter=name.constructor.x', 'is not field.OPERATOR.value'],
    ['filter=password.EQ.x', 'cannot filter by "password"'],
    ['filter=name.EQ.x&filtertype=xor', 'filtertype must be'],
    [Array.from({ length: 21 }, () => 'filter=name.EQ.x').join('&'), 'no more than 20 filters'],
  ])('answer QUERY_VALIDATION_EXCEPTION to ?%s', async (query, title) => {
    await inUserLab(async (lab) => {
      const answer = await ers(lab, 'GET', `internaluser?${query}`);
      expect([answer.status, messageOf(answer)]).toEqual([
        400,
        { title: expect.stringContaining(title), type: 'ERROR', code: 'Query validation exception' },
      ]);
    });
  });
});

describe('what ERS does not know', () => {
  it.each([
    ['GET', 'networkdevice', 'Unsupported resource exception', 400],
    ['GET', 'internaluser/name/x/y', 'Unsupported resource exception', 400],
    ['GET', 'portal/name/x', 'Unsupported resource exception', 400],
    ['POST', 'node', 'Unsupported method exception', 400],
    ['DELETE', 'adminuser/1', 'Unsupported method exception', 400],
    ['PATCH', 'internaluser', 'Unsupported method exception', 400],
    ['POST', 'internaluser/versioninfo', 'Unsupported method exception', 400],
    ['PUT', 'op/systemconfig/iseversion', 'Unsupported method exception', 400],
    ['GET', 'internaluser/no-such-id', 'Resource not found exception', 404],
    ['DELETE', 'internaluser/name/nobody', 'Resource not found exception', 404],
  ])('answers %s %s with its named error, and the journal tells', async (method, path, code, status) => {
    await inNodeLab({}, async (lab) => {
      const answer = await ers(lab, method, path);
      expect([answer.status, messageOf(answer).code]).toEqual([status, code]);
      expect(recordsOf(lab, 'api.answered')).toMatchObject([
        { api: 'ers', method, path: `/ers/config/${path}`, status },
      ]);
    });
  });

  it('answers a path outside of /ers/config, and one that is not percent-encoded', async () => {
    await inNodeLab({}, async (lab) => {
      for (const path of [
        '/ers',
        '/ers/',
        '/ers/sdk',
        '/ers/config',
        '/ers/configinternaluser',
        '/ers/config/%E0%A4',
      ]) {
        const answer = await request(lab, 'GET', path);
        expect([path, answer.status, messageOf(answer).code]).toEqual([path, 400, 'Unsupported resource exception']);
      }
    });
  });
});

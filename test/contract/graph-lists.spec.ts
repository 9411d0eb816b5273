import { callGraph, inGraphLab } from './graph-lab.ts';
import { contextOf, createUser } from './graph-users.ts';

describe('reading lists from Graph', () => {
  it('pages through a list, and counts it for whoever takes counts that lag behind', async () => {
    await inGraphLab(async (lab) => {
      for (const name of ['anna', 'bert', 'carl']) {
        await createUser(lab, { userPrincipalName: `${name}@lab.example`, mailNickname: name });
      }
      const eventual = { headers: { ConsistencyLevel: 'eventual' } };
      const first = await callGraph(
        lab,
        'GET',
        '/users?$top=2&$count=true&$select=userPrincipalName',
        undefined,
        eventual,
      );
      expect(first.body).toMatchObject({
        '@odata.context': contextOf('users(userPrincipalName)'),
        '@odata.count': 3,
        value: [{ userPrincipalName: 'anna@lab.example' }, { userPrincipalName: 'bert@lab.example' }],
      });
      const second = await callGraph(lab, 'GET', first.body['@odata.nextLink']);
      expect(second.body.value).toEqual([{ userPrincipalName: 'carl@lab.example' }]);
      expect(second.body).not.toHaveProperty('@odata.nextLink');
      expect((await callGraph(lab, 'GET', '/users?$count=true')).body).not.toHaveProperty('@odata.count');
      expect((await callGraph(lab, 'GET', '/users/$count', undefined, eventual)).text).toBe('3');
      expect((await callGraph(lab, 'GET', '/users/$count')).status).toBe(400);
    });
  });

  it.each([
    ["userPrincipalName eq 'BERT@lab.example'", ['bert']],
    ["startswith(displayName,'b')", ['bert']],
    ["mailNickname eq 'anna' or mailNickname eq 'bert'", ['anna', 'bert']],
    ["accountEnabled eq true and startswith(mailNickname,'a')", ['anna']],
    ['accountEnabled eq false', []],
    ["(mailNickname eq 'anna' or mailNickname eq 'bert') and displayName eq 'Bert'", ['bert']],
    ['mail eq null', ['anna', 'bert']],
    ["displayName eq 'O''Neill'", []],
  ])('filters by %s', async (filter, expected) => {
    await inGraphLab(async (lab) => {
      for (const name of ['Anna', 'Bert']) {
        const mailNickname = name.toLowerCase();
        await createUser(lab, { displayName: name, mailNickname, userPrincipalName: `${mailNickname}@lab.example` });
      }
      const { status, body } = await callGraph(lab, 'GET', `/users?$filter=${filter}&$select=mailNickname`);
      expect(status).toBe(200);
      expect(body.value.map(({ mailNickname }: { mailNickname: string }) => mailNickname)).toEqual(expected);
    });
  });

  it.each([
    ['/users?$filter=nonsense eq 1', 'Request_BadRequest', "Could not find a property named 'nonsense'"],
    ["/users?$filter=displayName gt 'a'", 'Request_BadRequest', 'Invalid filter clause'],
    ["/users?$filter=displayName eq 'a' displayName", 'Request_BadRequest', 'Invalid filter clause'],
    ['/users?$filter=', 'Request_BadRequest', 'Invalid filter clause'],
    ['/users?$select=nonsense', 'Request_BadRequest', 'Parsing OData Select and Expand failed'],
    ['/users?$top=0', 'Request_UnsupportedQuery', 'Invalid page size specified'],
    ['/users?$top=1000', 'Request_UnsupportedQuery', 'Invalid page size specified'],
    ['/users?$skiptoken=x', 'Request_BadRequest', '$skiptoken'],
    ['/users?$orderby=displayName', 'Request_UnsupportedQuery', "Unsupported query option '$orderby'"],
  ])('refuses %s', async (path, code, message) => {
    await inGraphLab(async (lab) => {
      const { status, body } = await callGraph(lab, 'GET', path);
      expect(status).toBe(400);
      expect(body.error).toMatchObject({ code, message: expect.stringContaining(message) });
    });
  });
});

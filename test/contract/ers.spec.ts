import { inNodeLab } from './node-lab.ts';
import { ers } from './ers-lab.ts';

const USER = { name: 'jdoe', password: 'Lab-User-1', email: 'jdoe@lab.example', firstName: 'Jo', lastName: 'Doe' };

describe('a resource over ERS', () => {
  it('is created, read, listed, changed in part and as a whole, and deleted', async () => {
    await inNodeLab({}, async (lab) => {
      const created = await ers(lab, 'POST', 'internaluser', { body: { InternalUser: USER } });
      expect([created.status, created.text]).toEqual([201, '']);
      const id = created.headers['location']?.split('/').at(-1);
      expect(created.headers['location']).toMatch(
        /^http:\/\/127\.0\.0\.1:\d+\/ers\/config\/internaluser\/[0-9a-f-]{36}$/,
      );

      const byId = await ers(lab, 'GET', `internaluser/${id}`);
      expect(byId.json).toMatchObject({
        InternalUser: {
          id,
          ...USER,
          password: '*******',
          enabled: true,
          link: { rel: 'self', type: 'application/json' },
        },
      });
      expect((await ers(lab, 'GET', 'internaluser/name/jdoe')).json).toEqual(byId.json);
      const list = await ers(lab, 'GET', 'internaluser');
      expect(list.json.SearchResult).toMatchObject({ total: 1, resources: [{ id, name: 'jdoe' }] });

      const changes = { description: 'on leave', enabled: false };
      const patched = await ers(lab, 'PATCH', `internaluser/${id}`, { body: { InternalUser: changes } });
      expect([patched.status, patched.json]).toEqual([
        200,
        {
          UpdatedFieldsList: {
            updatedField: [
              { field: 'description', oldValue: '', newValue: 'on leave' },
              { field: 'enabled', oldValue: 'true', newValue: 'false' },
            ],
          },
        },
      ]);
      const put = await ers(lab, 'PUT', 'internaluser/name/jdoe', {
        body: { InternalUser: { ...USER, lastName: 'Day' } },
      });
      expect(put.json.UpdatedFieldsList.updatedField).toEqual([
        { field: 'lastName', oldValue: 'Doe', newValue: 'Day' },
      ]);

      const deleted = await ers(lab, 'DELETE', `internaluser/${id}`);
      expect([deleted.status, deleted.text]).toEqual([204, '']);
      expect((await ers(lab, 'GET', `internaluser/${id}`)).status).toBe(404);
    });
  });

  it('is the same in XML', async () => {
    await inNodeLab({}, async (lab) => {
      const xml = { accept: 'application/xml', 'content-type': 'application/xml' };
      const body = `<?xml version="1.0" encoding="UTF-8"?>
        <ns0:internaluser xmlns:ns0="identity.ers.ise.cisco.com" xmlns:ers="ers.ise.cisco.com" name="jdoe" description="a &lt;b&gt; c">
          <changePassword>false</changePassword>
          <customAttributes><entry><key>badge</key><value>7</value></entry></customAttributes>
          <email>jdoe@lab.example</email><enabled>true</enabled><password>Lab-User-1</password>
        </ns0:internaluser>`;
      const created = await ers(lab, 'POST', 'internaluser', { body, headers: xml });
      expect([created.status, created.text]).toEqual([201, '']);
      const read = await ers(lab, 'GET', 'internaluser/name/jdoe', { headers: xml });
      expect(read.headers['content-type']).toBe('application/xml;charset=utf-8');
      expect(read.text).toContain('<ns4:internaluser description="a &lt;b&gt; c" id=');
      expect(read.text).toContain(
        '<customAttributes><entry><key>badge</key><value>7</value></entry></customAttributes>',
      );
      expect(read.text).toContain('<changePassword>false</changePassword>');
      const asJson = await ers(lab, 'GET', 'internaluser/name/jdoe');
      expect(asJson.json.InternalUser).toMatchObject({ changePassword: false, customAttributes: { badge: '7' } });
      const list = await ers(lab, 'GET', 'internaluser', { headers: xml });
      expect(list.text).toMatch(/<ns3:searchResult total="1" .*<ns3:resources><ns5:resource id="[^"]+" name="jdoe"/);
    });
  });
});

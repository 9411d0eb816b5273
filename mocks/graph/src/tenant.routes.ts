import { domainEntities, organizationEntity, skuEntity } from './entities.ts';
import { DOMAIN, ORGANIZATION, SUBSCRIBED_SKU } from './entity-type.ts';
import { withBody, withFound, type GraphAnswer, type GraphCall, type GraphRoute } from './graph-route.ts';
import { bodies } from './request-body.ts';

const READ_DIRECTORY = ['Organization.Read.All', 'Directory.Read.All', 'Directory.ReadWrite.All'];
const WRITE_DOMAINS = ['Domain.ReadWrite.All'];
const READ_DOMAINS = ['Domain.Read.All', 'Directory.Read.All', ...WRITE_DOMAINS];

/** What belongs to the tenant as a whole: its licences, its domains, itself. */
export const TENANT_ROUTES: readonly GraphRoute[] = [
  {
    method: 'GET',
    template: '/subscribedSkus',
    permissions: READ_DIRECTORY,
    answer: ({ tenant }) => ({
      kind: 'collection',
      type: SUBSCRIBED_SKU,
      entities: tenant.subscribedSkus.map((sku) => skuEntity(sku, tenant)),
    }),
  },
  {
    method: 'GET',
    template: '/organization',
    permissions: READ_DIRECTORY,
    answer: ({ tenant }) => ({ kind: 'collection', type: ORGANIZATION, entities: [organizationEntity(tenant)] }),
  },
  {
    method: 'GET',
    template: '/domains',
    permissions: READ_DOMAINS,
    answer: ({ tenant }) => ({ kind: 'collection', type: DOMAIN, entities: domainEntities(tenant) }),
  },
  {
    method: 'POST',
    template: '/domains',
    permissions: WRITE_DOMAINS,
    answer: (call) =>
      withBody(call, bodies.domainToAdd, 'domain', ({ id }) => {
        call.directory.addDomain(call.tenant.tenantId, id);
        return domain(call, id, true);
      }),
  },
  {
    method: 'GET',
    template: '/domains/{id}',
    permissions: READ_DOMAINS,
    answer: (call) => domain(call, call.ids[0] ?? ''),
  },
  {
    method: 'POST',
    template: '/domains/{id}/verify',
    permissions: WRITE_DOMAINS,
    answer: (call) => {
      const [id = ''] = call.ids;
      const isWaiting = call.tenant.unverifiedDomains.includes(id.toLowerCase());
      if (isWaiting) call.directory.verifyDomain(call.tenant.tenantId, id);
      return domain(call, id);
    },
  },
];

function domain({ tenant }: GraphCall, name: string, isNew = false): GraphAnswer {
  const found = domainEntities(tenant).find(({ id }) => id === name.toLowerCase());
  return withFound(found, name, (entity) => ({ kind: 'entity', type: DOMAIN, entity, isNew }));
}

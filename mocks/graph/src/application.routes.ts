import { applicationEntity, secretEntity } from './entities.ts';
import { APPLICATION } from './entity-type.ts';
import type { GraphApplication } from './graph-directory.ts';
import { refusals } from './graph-refusal.ts';
import { withBody, withFound, type GraphAnswer, type GraphCall, type GraphRoute } from './graph-route.ts';
import { bodies } from './request-body.ts';

const WRITE = ['Application.ReadWrite.All', 'Directory.ReadWrite.All'];
const READ = ['Application.Read.All', 'Directory.Read.All', ...WRITE];

export const APPLICATION_ROUTES: readonly GraphRoute[] = [
  {
    method: 'GET',
    template: '/applications',
    permissions: READ,
    answer: ({ tenant }) => ({
      kind: 'collection',
      type: APPLICATION,
      entities: tenant.applications.map((application) => applicationEntity(application, tenant)),
    }),
  },
  {
    method: 'POST',
    template: '/applications',
    permissions: WRITE,
    answer: (call) =>
      withBody(call, bodies.applicationToCreate, 'application', (request) =>
        entity(call, call.directory.applications.create(call.tenant.tenantId, request), true),
      ),
  },
  {
    method: 'GET',
    template: '/applications/{id}',
    permissions: READ,
    answer: (call) => withApplication(call, (application) => entity(call, application)),
  },
  {
    method: 'PATCH',
    template: '/applications/{id}',
    permissions: WRITE,
    answer: (call) => withApplication(call, (application) => change(call, application)),
  },
  {
    method: 'DELETE',
    template: '/applications/{id}',
    permissions: WRITE,
    answer: (call) =>
      withApplication(call, ({ objectId }) => {
        call.directory.applications.delete(call.tenant.tenantId, objectId);
        return { kind: 'done' };
      }),
  },
  {
    method: 'POST',
    template: '/applications/{id}/addPassword',
    permissions: WRITE,
    answer: (call) => withApplication(call, (application) => addPassword(call, application)),
  },
  {
    method: 'POST',
    template: '/applications/{id}/removePassword',
    permissions: WRITE,
    answer: (call) =>
      withApplication(call, ({ objectId }) =>
        withBody(call, bodies.keyToRemove, 'application', ({ keyId }) => {
          call.directory.applications.removeSecret(call.tenant.tenantId, objectId, keyId.toLowerCase());
          return { kind: 'done' };
        }),
      ),
  },
];

/** By object ID, or by client ID in the form `applications(appId='…')`, which the endpoint turns into `appId=…`. */
function withApplication(
  { tenant, ids: [id = ''] }: GraphCall,
  next: (application: GraphApplication) => GraphAnswer,
): GraphAnswer {
  const wanted = id.toLowerCase();
  const application = tenant.applications.find(
    ({ objectId, clientId }) => objectId === wanted || `appid=${clientId}` === wanted,
  );
  return withFound(application, id, next);
}

function entity({ tenant }: GraphCall, application: GraphApplication, isNew = false): GraphAnswer {
  return { kind: 'entity', type: APPLICATION, entity: applicationEntity(application, tenant), isNew };
}

/** `keyCredentials` stand for all of them: what is not named again is removed, what comes with a key is added. */
function change(call: GraphCall, { objectId, ...application }: GraphApplication): GraphAnswer {
  const present = application.keyCredentials.map(({ keyId }) => keyId);
  const { applications } = call.directory;
  const { tenantId } = call.tenant;
  return withBody(call, bodies.applicationChanges, 'application', ({ keyCredentials, ...changes }) => {
    const added = keyCredentials?.filter(({ key }) => typeof key === 'string') ?? [];
    const kept = keyCredentials?.filter(({ key }) => typeof key !== 'string').map(({ keyId }) => keyId?.toLowerCase());
    if (kept?.some((keyId) => keyId === undefined || !present.includes(keyId)))
      return refusals.badRequest("Invalid value specified for property 'key' of resource 'KeyCredential'.");
    for (const { key, displayName } of added) {
      applications.addCertificate(tenantId, objectId, {
        certificatePem: pemOf(key ?? ''),
        displayName: displayName ?? null,
      });
    }
    for (const keyId of keyCredentials ? present : []) {
      if (!kept?.includes(keyId)) applications.removeCertificate(tenantId, objectId, keyId);
    }
    applications.update(tenantId, objectId, changes);
    return { kind: 'done' };
  });
}

/** A secret lives for two years unless the request says otherwise (fact sheet microsoft 5.1). */
function addPassword(call: GraphCall, { objectId }: GraphApplication): GraphAnswer {
  return withBody(call, bodies.passwordToAdd, 'application', ({ passwordCredential }) => {
    const startsAt = passwordCredential?.startDateTime ?? call.now;
    const endsAt = passwordCredential?.endDateTime ?? inTwoYears(startsAt);
    const displayName = passwordCredential?.displayName ?? null;
    const { secretId, value, hint } = call.directory.applications.addSecret(call.tenant.tenantId, objectId, {
      displayName,
      startsAt,
      endsAt,
    });
    return {
      kind: 'value',
      context: 'microsoft.graph.passwordCredential',
      value: secretEntity({ secretId, displayName, hint, startsAt, endsAt }, value),
    };
  });
}

/** RFC 7468, 2: lines of 64 characters. */
function pemOf(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function inTwoYears(instant: number): number {
  const date = new Date(instant);
  return date.setUTCFullYear(date.getUTCFullYear() + 2);
}

import { userEntity, licenseDetailsOf } from './entities.ts';
import { LICENSE_DETAILS, USER } from './entity-type.ts';
import type { GraphUser } from './graph-directory.ts';
import { refusals } from './graph-refusal.ts';
import { withBody, withFound, type GraphAnswer, type GraphCall, type GraphRoute } from './graph-route.ts';
import { bodies } from './request-body.ts';

const WRITE = ['User.ReadWrite.All', 'Directory.ReadWrite.All'];
const READ = ['User.Read.All', 'Directory.Read.All', ...WRITE];

const PASSWORD_LENGTH_MIN = 8;
const CHARACTER_CLASSES = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/];

export const USER_ROUTES: readonly GraphRoute[] = [
  {
    method: 'GET',
    template: '/users',
    permissions: READ,
    answer: ({ tenant }) => ({ kind: 'collection', type: USER, entities: tenant.users.map(userEntity) }),
  },
  {
    method: 'POST',
    template: '/users',
    permissions: WRITE,
    answer: (call) =>
      withBody(call, bodies.userToCreate, 'user', ({ passwordProfile, ...request }) => {
        if (!isStrong(passwordProfile.password)) return weakPassword();
        return entity(call.directory.users.create(call.tenant.tenantId, request), true);
      }),
  },
  {
    method: 'GET',
    template: '/users/{id}',
    permissions: READ,
    answer: (call) => withUser(call, (user) => entity(user)),
  },
  {
    method: 'PATCH',
    template: '/users/{id}',
    permissions: WRITE,
    answer: (call) =>
      withUser(call, ({ id }) =>
        withBody(call, bodies.userChanges, 'user', ({ passwordProfile, ...changes }) => {
          if (passwordProfile && !isStrong(passwordProfile.password)) return weakPassword();
          call.directory.users.update(call.tenant.tenantId, id, changes);
          return { kind: 'done' };
        }),
      ),
  },
  {
    method: 'DELETE',
    template: '/users/{id}',
    permissions: WRITE,
    answer: (call) =>
      withUser(call, ({ id }) => {
        call.directory.users.delete(call.tenant.tenantId, id);
        return { kind: 'done' };
      }),
  },
  {
    method: 'POST',
    template: '/users/{id}/assignLicense',
    permissions: WRITE,
    answer: (call) =>
      withUser(call, ({ id }) =>
        withBody(call, bodies.licenseChanges, 'user', ({ addLicenses, removeLicenses }) =>
          entity(
            call.directory.users.assignLicenses(call.tenant.tenantId, id, { add: addLicenses, remove: removeLicenses }),
          ),
        ),
      ),
  },
  {
    method: 'GET',
    template: '/users/{id}/licenseDetails',
    permissions: READ,
    answer: (call) =>
      withUser(call, (user) => ({
        kind: 'collection',
        type: LICENSE_DETAILS,
        entities: licenseDetailsOf(user, call.tenant),
      })),
  },
];

/** By object ID or user principal name. */
function withUser({ tenant, ids: [id = ''] }: GraphCall, next: (user: GraphUser) => GraphAnswer): GraphAnswer {
  const wanted = id.toLowerCase();
  const user = tenant.users.find(
    (present) => present.id === wanted || present.userPrincipalName.toLowerCase() === wanted,
  );
  return withFound(user, id, next);
}

function entity(user: GraphUser, isNew = false): GraphAnswer {
  return { kind: 'entity', type: USER, entity: userEntity(user), isNew };
}

/** Eight characters of three kinds. Simplified: the password is judged and forgotten, for nobody signs in with it. */
function isStrong(password: string): boolean {
  const kinds = CHARACTER_CLASSES.filter((kind) => kind.test(password)).length;
  return password.length >= PASSWORD_LENGTH_MIN && kinds >= 3;
}

function weakPassword(): GraphAnswer {
  return refusals.badRequest(
    'The specified password does not comply with password complexity requirements. Please provide a different password.',
  );
}

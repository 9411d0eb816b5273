import type { SponsorRights } from '#libs/guests';
import { fieldsIn, type ErsCall, type ErsObject, type ErsResource } from '../ers-resource.ts';
import { ErsException } from '../ers-exception.ts';
import { guestUserOperations } from './guest-user.operations.ts';
import { GUEST_USER_SCHEMA } from './guest-user.schema.ts';
import type { GuestUserService } from './guest-user.service.ts';
import { changesOf, requestOf, shownGuest } from './guest-user.fields.ts';
import { shortDate } from '../wall-time.ts';

/** Guest accounts, for sponsors with the permission to use REST (fact sheet ise 7.2). */
export function guestUserResource(guests: GuestUserService): ErsResource {
  return {
    name: 'guestuser',
    wrapper: 'GuestUser',
    namespace: 'identity',
    title: 'Guest User',
    versions: ['2.0'],
    schema: GUEST_USER_SCHEMA,
    required: ['portalId', 'guestAccessInfo.validDays', 'guestAccessInfo.fromDate', 'guestAccessInfo.toDate'],
    filterFields: [
      'lastName',
      'sponsor',
      'creationTime',
      'personBeingVisited',
      'toDate',
      'userName',
      'firstName',
      'emailAddress',
      'phoneNumber',
      'groupTag',
      'name',
      'company',
      'guestType',
      'status',
    ],
    sortFields: ['firstName', 'lastName', 'emailAddress', 'name', 'description'],
    byName: true,
    callers: 'sponsors',
    filterValue: (object, field) => valueOf(object, field),
    list: (call) => {
      const rights = rightsOf(call);
      return guests.manageable(rights).map((account) => shownGuest(account, rights, call.context));
    },
    create: (input, call) => guests.create(requestOf(input, call.context), rightsOf(call)),
    update: (present, next, call) => {
      const account = guests.accountOf(present.id, rightsOf(call));
      guests.edit(account, changesOf(account, next, call.context), rightsOf(call));
    },
    remove: ({ id }, call) => {
      guests.perform(id, { operation: 'delete' }, rightsOf(call));
    },
    operations: guestUserOperations(guests, rightsOf),
  };

  function valueOf(object: ErsObject, field: string): unknown {
    const info = fieldsIn(object, 'guestInfo');
    const access = fieldsIn(object, 'guestAccessInfo');
    switch (field) {
      case 'toDate':
        return guests.endOf(object.id, shortDate);
      case 'groupTag':
        return access[field];
      case 'sponsor':
        return object['sponsorUserName'];
      default:
        return object[field] ?? info[field];
    }
  }
}

function rightsOf({ caller, context: { settings } }: ErsCall): SponsorRights {
  const sponsor = settings.sponsor(caller.name);
  if (!sponsor) throw new ErsException('UNAUTHORIZED', 'Unauthorized');
  return settings.guestAccess.rightsOf(sponsor, settings.sponsors);
}

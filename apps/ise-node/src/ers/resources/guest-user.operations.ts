import type { GuestAccount, SponsorRights } from '#libs/guests';
import { additionalData } from '../ers-body.ts';
import { operationResult } from '../ers-documents.ts';
import { ErsException } from '../ers-exception.ts';
import type { ErsCall, ErsOperation, ErsOutcome } from '../ers-resource.ts';
import { GuestBulkDesk } from './guest-user.bulk.ts';
import type { GuestUserService } from './guest-user.service.ts';
import { portalsOf } from './portal.resource.ts';

const DONE: ErsOutcome = { kind: 'no-content' };

/** What can be done with guest accounts besides reading and writing them (fact sheet ise 7.2). */
export function guestUserOperations(
  guests: GuestUserService,
  rightsOf: (call: ErsCall) => SponsorRights,
): ErsOperation[] {
  const bulk = new GuestBulkDesk(guests);
  const byName = (call: ErsCall): GuestAccount => guests.accountNamed(call.params['name'] ?? '', rightsOf(call));
  const idOf = ({ params }: ErsCall): string => params['id'] ?? '';
  const suspend = (id: string, call: ErsCall): ErsOutcome => {
    const reason = additionalData(call.body).get('reason');
    guests.perform(id, { operation: 'suspend', ...(reason === undefined ? {} : { reason }) }, rightsOf(call));
    return DONE;
  };
  const reinstate = (id: string, call: ErsCall): ErsOutcome => {
    guests.perform(id, { operation: 'reinstate' }, rightsOf(call));
    return DONE;
  };
  const decide = async (operation: 'approve' | 'deny', call: ErsCall): Promise<ErsOutcome> => {
    await guests.tellDecision(idOf(call), operation, additionalData(call.body).get('reason'), rightsOf(call));
    return DONE;
  };
  return [
    { method: 'PUT', path: 'approve/{id}', run: (call) => decide('approve', call) },
    { method: 'PUT', path: 'deny/{id}', run: (call) => decide('deny', call) },
    { method: 'PUT', path: 'suspend/{id}', run: (call) => suspend(idOf(call), call) },
    { method: 'PUT', path: 'suspend/name/{name}', run: (call) => suspend(byName(call).id, call) },
    { method: 'PUT', path: 'reinstate/{id}', run: (call) => reinstate(idOf(call), call) },
    { method: 'PUT', path: 'reinstate/name/{name}', run: (call) => reinstate(byName(call).id, call) },
    {
      method: 'PUT',
      path: 'resetpassword/{id}',
      run: (call) => {
        const { account } = guests.perform(idOf(call), { operation: 'resetPassword' }, rightsOf(call));
        return operationResult({ password: account.password });
      },
    },
    {
      method: 'PUT',
      path: 'email/{id}/portalId/{portalId}',
      run: async (call) => {
        const rights = rightsOf(call);
        const account = guests.accountOf(idOf(call), rights);
        requirePortal(call);
        guests.permit(account, 'resend', rights);
        await guests.tell('credentials', account, rights, additionalData(call.body).get('senderEmail'));
        return DONE;
      },
    },
    {
      method: 'PUT',
      path: 'sms/{id}/portalId/{portalId}',
      run: (call) => {
        const rights = rightsOf(call);
        const account = guests.accountOf(idOf(call), rights);
        requirePortal(call);
        if (!rights.has('canSendSmsNotifications')) throw new ErsException('FORBIDDEN', 'The sponsor may not send SMS');
        guests.permit(account, 'resend', rights);
        throw new ErsException('APPLICATION_RESOURCE_VALIDATION_EXCEPTION', 'No SMS gateway is configured');
      },
    },
    {
      method: 'PUT',
      path: 'changeSponsorPassword/{portalId}',
      run: (call) => {
        requirePortal(call);
        const data = additionalData(call.body);
        guests.changeSponsorPassword(rightsOf(call), data.get('currentPassword') ?? '', data.get('newPassword') ?? '');
        return DONE;
      },
    },
    { method: 'PUT', path: 'bulk/submit', run: (call) => bulk.submit(call, rightsOf(call)) },
    { method: 'GET', path: 'bulk/{bulkid}', run: (call) => bulk.status(call) },
  ];
}

function requirePortal({ context, params }: ErsCall): void {
  if (portalsOf(context).some(({ id, portalType }) => id === params['portalId'] && portalType === 'SPONSOR')) return;
  throw new ErsException('APPLICATION_RESOURCE_VALIDATION_EXCEPTION', 'portalId is not the id of a sponsor portal');
}

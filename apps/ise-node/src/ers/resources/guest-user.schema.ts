import { z } from 'zod';
import { commonFields, flag, text, textMap } from '../ers-fields.ts';

/** A guest user as ERS has it; what is only read may be sent back (fact sheet ise 7.2). */
export const GUEST_USER_SCHEMA = z.strictObject({
  ...commonFields,
  guestType: text,
  status: text,
  statusReason: text,
  reasonForVisit: text,
  personBeingVisited: text,
  sponsorUserName: text,
  sponsorUserId: text,
  portalId: text,
  customFields: textMap,
  guestInfo: z
    .strictObject({
      firstName: text,
      lastName: text,
      company: text,
      creationTime: text,
      notificationLanguage: text,
      userName: text,
      emailAddress: text,
      phoneNumber: text,
      password: text,
      enabled: flag,
      smsServiceProvider: text,
    })
    .optional(),
  guestAccessInfo: z
    .strictObject({
      validDays: z.int().min(1).max(3650).optional(),
      fromDate: text,
      toDate: text,
      location: text,
      ssid: text,
      groupTag: text,
    })
    .optional(),
});

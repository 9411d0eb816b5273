import { z } from 'zod';
import { stableId } from '../../http/stable-id.ts';
import { commonFields } from '../ers-fields.ts';
import type { ErsResource } from '../ers-resource.ts';

/** Guest locations by name: read only. The time zone is not told, here as in the real product. */
export const GUEST_LOCATION_RESOURCE: ErsResource = {
  name: 'guestlocation',
  wrapper: 'LocationIdentification',
  namespace: 'identity',
  title: 'Guest Location',
  versions: ['1.0'],
  schema: z.strictObject(commonFields),
  required: [],
  filterFields: ['name'],
  sortFields: ['name', 'description'],
  byName: false,
  callers: 'administrators',
  list: ({ context }) =>
    context.settings.guestAccess.locations.map(({ name }) => ({ id: stableId('guestlocation', name), name })),
};

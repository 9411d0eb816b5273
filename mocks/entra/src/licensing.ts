import type { SubscribedSku, User } from './entra-state.ts';

/** Service plan of a mailbox: Exchange Online (Plan 2). */
const EXCHANGE_SERVICE_PLAN_ID = 'efb87545-963c-4e0d-99df-69c6916d9eb0';

/** "Microsoft 365 E5 Developer" (fact sheet microsoft 5.2). Simplified: the real one has some sixty plans. */
export const DEVELOPER_SKU: Omit<SubscribedSku, 'seats'> = {
  skuId: 'c42b9cae-ea4f-4ab7-9717-81576235ccac',
  skuPartNumber: 'DEVELOPERPACK_E5',
  servicePlans: [
    { servicePlanId: EXCHANGE_SERVICE_PLAN_ID, servicePlanName: 'EXCHANGE_S_ENTERPRISE' },
    { servicePlanId: '41781fb2-bc02-4b7c-bd55-b576c07bb09d', servicePlanName: 'AAD_PREMIUM' },
    { servicePlanId: '57ff2da0-773e-42df-b2af-ffb7a2317929', servicePlanName: 'TEAMS1' },
  ],
};

/** A developer tenant has 25 seats. */
export const DEVELOPER_SEATS = 25;

/** Whether one of the user's licences gives a mailbox. */
export function hasExchangeLicense(user: User, skus: readonly SubscribedSku[]): boolean {
  return user.assignedLicenses.some(({ skuId, disabledPlans }) =>
    skus
      .find((sku) => sku.skuId === skuId)
      ?.servicePlans.some(
        ({ servicePlanId, servicePlanName }) =>
          servicePlanName.startsWith('EXCHANGE_S_') && !disabledPlans.includes(servicePlanId),
      ),
  );
}

/** Seats of the licence that are taken. */
export function consumedSeats(users: readonly User[], skuId: string): number {
  return users.filter((user) => user.assignedLicenses.some((license) => license.skuId === skuId)).length;
}

import type { ExchangeOnline } from './exchange-online.ts';
import type { FailedRecipient } from './non-delivery-report.ts';

/**
 * Why a recipient is not reached; undefined when it is. Addresses outside are always reached. An own address that
 * nobody has is found out only after the message was accepted (fact sheet microsoft 4.7).
 */
export function deliveryFailure(address: string, online: ExchangeOnline): FailedRecipient | undefined {
  const organization = online.findByAddress(address);
  const recipient = organization?.findRecipient(address);
  if (!organization || organization.acceptsDomainOf(address)?.type === 'internal-relay') return undefined;
  if (recipient === undefined) {
    return {
      address,
      status: '5.1.10',
      diagnostic: `550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ${address} not found by SMTP address lookup`,
    };
  }
  if (typeof recipient === 'string' || !recipient.conditions.includes('full')) return undefined;
  return { address, status: '5.2.2', diagnostic: '554 5.2.2 mailbox full' };
}

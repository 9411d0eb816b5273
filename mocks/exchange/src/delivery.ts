import type { Journal, Random } from '#libs/simulation';
import type { ExchangeOnline, StoredMessage } from './exchange-online.ts';
import { nonDeliveryReport, type FailedRecipient } from './non-delivery-report.ts';

/** A message that was accepted, before anybody knows whom it reaches. */
export type AcceptedMessage = Omit<StoredMessage, 'undelivered' | 'submittedBy'> &
  Required<Pick<StoredMessage, 'submittedBy'>>;

/**
 * Stores a message, delivers it, and tells its sender of the recipients that it did not reach. False, and nothing
 * happened: the message, or the report about it, could not be stored.
 */
export function acceptMessage(
  message: AcceptedMessage,
  { online, journal, random }: { online: ExchangeOnline; journal: Journal; random: Random },
): boolean {
  const { messageId, from, to, cc, subject, envelope } = message;
  const { mailbox } = message.submittedBy;
  const failed = envelope.to.flatMap((address) => deliveryFailure(address, online) ?? []);
  const stored: StoredMessage = { ...message, undelivered: failed.map(({ address }) => address) };
  const report = reportOn(stored, failed, { online, random });
  if (!online.store(stored, ...(report ? [report] : []))) return false;
  const accepted = journal.record({ kind: 'exchange.message-accepted', mailbox, messageId, from, to, cc, subject });
  journal.within(accepted, () => {
    for (const recipient of envelope.to) {
      if (stored.undelivered.includes(recipient)) continue;
      journal.record({ kind: 'exchange.message-delivered', to: recipient, subject, messageId });
    }
    for (const { address, diagnostic, reason } of failed) {
      journal.record({ kind: 'exchange.message-bounced', to: address, subject, messageId, reply: diagnostic, reason });
    }
    if (!report) return;
    journal.record({
      kind: 'exchange.message-delivered',
      to: envelope.from,
      subject: report.subject,
      messageId: report.messageId,
    });
  });
  return true;
}

/** A report about a message without a sender would go nowhere (RFC 5321, 4.5.5). */
function reportOn(
  message: StoredMessage,
  failed: readonly FailedRecipient[],
  { online, random }: { online: ExchangeOnline; random: Random },
): StoredMessage | undefined {
  const organization = online.findByAddress(message.submittedBy?.mailbox ?? '');
  if (failed.length === 0 || message.envelope.from === '' || !organization) return undefined;
  const { domain, serverHost } = organization;
  return nonDeliveryReport(message, failed, { random, domain, serverHost, now: message.receivedAt });
}

/**
 * Why a recipient is not reached; undefined when it is. Addresses outside are always reached. An own address that
 * nobody has is found out only after the message was accepted (fact sheet microsoft 4.7).
 */
function deliveryFailure(address: string, online: ExchangeOnline): FailedRecipient | undefined {
  const organization = online.findByAddress(address);
  const recipient = organization?.findRecipient(address);
  if (!organization || organization.acceptsDomainOf(address)?.type === 'internal-relay') return undefined;
  if (recipient === undefined) {
    return {
      address,
      reason: 'recipient-unknown',
      status: '5.1.10',
      diagnostic: `550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ${address} not found by SMTP address lookup`,
    };
  }
  if (typeof recipient === 'string' || !recipient.conditions.includes('full')) return undefined;
  return { address, reason: 'mailbox-full', status: '5.2.2', diagnostic: '554 5.2.2 mailbox full' };
}

import PostalMime, { type Address } from 'postal-mime';
import type { Clock } from '#libs/simulation';

/** What Exchange reads in the header of a message. */
export interface MessageHeader {
  /** With its angle brackets; absent when the client gave none. */
  messageId?: string;
  subject: string;
  /** Empty when there is no From. */
  from: string;
  to: string[];
  cc: string[];
}

/** Undefined for what is no message at all: parts nested without end, a header without bounds. */
export async function readHeader(raw: Buffer, clock: Clock): Promise<MessageHeader | undefined> {
  const email = await clock.hold(() => PostalMime.parse(raw)).catch(() => undefined);
  if (!email) return undefined;
  return {
    messageId: email.messageId,
    subject: email.subject ?? '',
    from: email.from?.address ?? '',
    to: addressesOf(email.to),
    cc: addressesOf(email.cc),
  };
}

/** The addresses of a header field, those of groups included. */
function addressesOf(addresses: readonly Address[] | undefined): string[] {
  return (addresses ?? []).flatMap((entry) => (entry.group ?? [entry]).map(({ address }) => address ?? ''));
}

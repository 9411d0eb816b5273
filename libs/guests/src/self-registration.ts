import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Random } from '#libs/simulation';
import { createGuestAccount, type GuestAccountRequest, type GuestCreationContext } from './create-guest-account.ts';
import type { GuestAccount } from './guest-account.ts';
import type { GuestFields } from './guest-fields.ts';
import type { GuestRefusal } from './guest-refusal.ts';
import { DURATION_UNIT_MS } from './guest-type.ts';
import { isMailAddress } from './mail-address.ts';

const unit = z.enum(['DAYS', 'HOURS', 'MINUTES']);
const domain = z.string().trim().toLowerCase().min(1).max(253);

/** The self-registration portal (fact sheet ise 5.5, whose documented defaults these are, 1440 DAYS included). */
export const selfRegistrationPortalSchema = z.strictObject({
  name: z.string().trim().min(1).max(100).default('Self-Registered Guest Portal (default)'),
  guestType: z.string().default('Contractor (default)'),
  accountValidityDuration: z.int().min(1).max(1_000_000).default(1),
  accountValidityTimeUnits: unit.default('DAYS'),
  requireGuestApproval: z.boolean().default(false),
  sendApprovalRequestTo: z.enum(['SELECTEDEMAILADDRESSES', 'PERSONBEINGVISITED']).default('SELECTEDEMAILADDRESSES'),
  approvalEmailAddresses: z.array(z.email()).max(20).default([]),
  approveDenyLinksValidFor: z.int().min(1).max(1_000_000).default(1_440),
  approveDenyLinksTimeUnits: unit.default('DAYS'),
  /** The links lead to the sign-in of the sponsor portal first. */
  requireApproverToAuthenticate: z.boolean().default(false),
  /** On approval; without approval: at once. */
  credentialNotificationUsingEmail: z.boolean().default(false),
  /** E-mail domains of guests. An allow list that is not empty excludes the rest; the deny list wins. */
  guestEmailDomainsAllowed: z.array(domain).default([]),
  guestEmailDomainsDenied: z.array(domain).default([]),
  allowGuestSendSelfUsingEmail: z.boolean().default(false),
  autoLoginSelfWait: z.boolean().default(false),
  autoLoginTimePeriodMinutes: z.int().min(1).max(1_440).default(5),
  postRegistrationRedirect: z
    .enum(['SELFREGISTRATIONSUCCESS', 'LOGINPAGEWITHINSTRUCTIONS', 'URL'])
    .default('SELFREGISTRATIONSUCCESS'),
  postRegistrationRedirectUrl: z.url().optional(),
});
export type SelfRegistrationPortal = Readonly<z.infer<typeof selfRegistrationPortalSchema>>;

/** What the guest types into the form. */
export interface Registration extends GuestFields {
  readonly username?: string;
}

/** SECRET: who holds a token decides. They stand in the mail to the approver and nowhere else. */
export interface ApprovalTokens {
  readonly approve: string;
  readonly deny: string;
}

export type RegistrationOutcome =
  | {
      readonly kind: 'registered';
      readonly account: GuestAccount;
      /** There if somebody has to approve. */
      readonly approval?: { readonly approvers: readonly string[]; readonly tokens: ApprovalTokens };
    }
  | { readonly kind: 'refused'; readonly refusals: readonly GuestRefusal[] };

/** A guest's own account: usable at once, or waiting for an approver with two links that are good once. */
export function registerGuest(
  registration: Registration,
  portal: SelfRegistrationPortal,
  context: GuestCreationContext,
): RegistrationOutcome {
  const refusals = registrationRefusals(registration, portal);
  const request: GuestAccountRequest = {
    ...registration,
    guestType: portal.guestType,
    durationMs: portal.accountValidityDuration * DURATION_UNIT_MS[portal.accountValidityTimeUnits],
  };
  const creation = createGuestAccount(request, context);
  if (creation.kind === 'refused') return { kind: 'refused', refusals: [...refusals, ...creation.refusals] };
  if (refusals.length > 0) return { kind: 'refused', refusals };
  if (!portal.requireGuestApproval) return { kind: 'registered', account: creation.account };

  const tokens = drawTokens(context.random);
  const lifetimeMs = portal.approveDenyLinksValidFor * DURATION_UNIT_MS[portal.approveDenyLinksTimeUnits];
  const approval = {
    approveTokenHash: hashOf(tokens.approve),
    denyTokenHash: hashOf(tokens.deny),
    linksValidTo: context.now + lifetimeMs,
  };
  const account: GuestAccount = { ...creation.account, state: 'Pending Approval', approval };
  return { kind: 'registered', account, approval: { approvers: approversOf(registration, portal), tokens } };
}

export type LinkOutcome =
  | { readonly kind: 'found'; readonly account: GuestAccount; readonly operation: 'approve' | 'deny' }
  | { readonly kind: 'refused'; readonly refusal: GuestRefusal };

/** Which account a link of an approval mail is about, and what it decides: while it lasts, and until one is used. */
export function followApprovalLink(token: string, accounts: readonly GuestAccount[], now: number): LinkOutcome {
  const hash = hashOf(token);
  for (const account of accounts) {
    const { approveTokenHash, denyTokenHash, linksValidTo = 0 } = account.approval ?? {};
    const operation = isSame(hash, approveTokenHash) ? 'approve' : isSame(hash, denyTokenHash) ? 'deny' : undefined;
    if (operation === undefined) continue;
    if (now < linksValidTo) return { kind: 'found', account, operation };
    const text = 'This link has expired. Use the page of pending accounts of the sponsor portal.';
    return { kind: 'refused', refusal: { code: 'guests.approval-link-expired', text } };
  }
  const text = 'This link is not valid, or a decision was made already.';
  return { kind: 'refused', refusal: { code: 'guests.approval-link-invalid', text } };
}

function registrationRefusals(registration: Registration, portal: SelfRegistrationPortal): GuestRefusal[] {
  const { emailAddress = '', personBeingVisited = '' } = registration;
  const refusals: GuestRefusal[] = [];
  if (emailAddress === '') {
    refusals.push({ code: 'guests.address-missing', text: 'An e-mail address is needed.', field: 'emailAddress' });
  }
  const guestDomain = emailAddress.split('@').at(-1)?.toLowerCase() ?? '';
  const { guestEmailDomainsAllowed: allowed, guestEmailDomainsDenied: denied } = portal;
  if (emailAddress !== '' && (denied.includes(guestDomain) || (allowed.length > 0 && !allowed.includes(guestDomain)))) {
    const text = `Guests with addresses at ${guestDomain} can't register here.`;
    refusals.push({ code: 'guests.address-domain-refused', text, field: 'emailAddress' });
  }
  const visits = portal.requireGuestApproval && portal.sendApprovalRequestTo === 'PERSONBEINGVISITED';
  if (visits && !isMailAddress(personBeingVisited)) {
    const text = 'The e-mail address of the person being visited is needed: this person approves.';
    refusals.push({ code: 'guests.person-being-visited-missing', text, field: 'personBeingVisited' });
  }
  return refusals;
}

function approversOf({ personBeingVisited = '' }: Registration, portal: SelfRegistrationPortal): readonly string[] {
  return portal.sendApprovalRequestTo === 'PERSONBEINGVISITED' ? [personBeingVisited] : portal.approvalEmailAddresses;
}

function drawTokens(random: Random): ApprovalTokens {
  return { approve: random.hex(32), deny: random.hex(32) };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function isSame(hash: string, stored: string | undefined): boolean {
  return (
    stored !== undefined && stored.length === hash.length && timingSafeEqual(Buffer.from(hash), Buffer.from(stored))
  );
}

import type { SmtpReplyObservation } from './observation.ts';

/** A kind of refusing reply: what it is recognised by. */
interface ReplyShape {
  symptom: string;
  code?: number;
  enhanced?: RegExp;
  text?: RegExp;
  stage?: SmtpReplyObservation['stage'];
}

/**
 * Refusals of Exchange Online, the telling ones first (fact sheet microsoft 4.3, 4.4, 4.7, 4.9). Real lines are often
 * clipped: what the text alone would tell apart then matches one of the vague shapes at the end.
 */
const SHAPES: readonly ReplyShape[] = [
  { symptom: 'smtp:basic-retired', enhanced: /^5\.7\.30$/ },
  { symptom: 'smtp:tenant-off', enhanced: /^5\.7\.139$/, text: /disabled for the tenant/i },
  { symptom: 'smtp:mailbox-off', enhanced: /^5\.7\.139$/, text: /disabled for the mailbox/i },
  { symptom: 'smtp:basic-blocked', enhanced: /^5\.7\.139$/, text: /basic authentication is disabled/i },
  { symptom: 'smtp:credentials', enhanced: /^5\.7\.139$/, text: /credentials were incorrect/i },
  { symptom: 'smtp:security-defaults', enhanced: /^5\.7\.139$/, text: /security defaults/i },
  { symptom: 'smtp:criteria', enhanced: /^5\.7\.139$/, text: /meet the criteria/i },
  { symptom: 'smtp:auth-139', enhanced: /^5\.7\.139$/ },
  { symptom: 'smtp:auth-573', code: 535, enhanced: /^5\.7\.3$/ },
  { symptom: 'smtp:tls-rate', code: 454, text: /tls|starttls/i },
  { symptom: 'smtp:tls-rate', code: 454, stage: 'starttls' },
  { symptom: 'smtp:auth-temporary', code: 454, enhanced: /^4\.7\.0$/ },
  { symptom: 'smtp:auth-temporary', code: 451, enhanced: /^4\.7\.[03]$/ },
  { symptom: 'smtp:starttls-required', code: 451, enhanced: /^5\.7\.3$/ },
  { symptom: 'smtp:starttls-required', code: 530, text: /starttls/i },
  { symptom: 'smtp:starttls-required', code: 504, enhanced: /^5\.7\.4$/ },
  { symptom: 'smtp:not-authenticated', enhanced: /^5\.7\.57$/ },
  { symptom: 'smtp:not-authenticated', code: 530 },
  { symptom: 'smtp:not-authenticated', code: 550, text: /unable to relay/i },
  { symptom: 'smtp:connections', code: 421, text: /concurrent/i },
  { symptom: 'smtp:rate', code: 421, text: /submission rate/i },
  { symptom: 'smtp:rate', code: 421, enhanced: /^4\.4\.2$/, stage: 'mail' },
  { symptom: 'smtp:unavailable', code: 421, enhanced: /^4\.3\.2$/, text: /service|not accepting/i },
  { symptom: 'smtp:421', code: 421 },
  { symptom: 'smtp:resources', code: 452, enhanced: /^4\.3\.1$/ },
  { symptom: 'smtp:recipients', code: 452, enhanced: /^4\.5\.3$/ },
  { symptom: 'smtp:logon', code: 430 },
  { symptom: 'smtp:logon', text: /mailbox logon failure/i },
  { symptom: 'smtp:send-as', enhanced: /^5\.(2\.252|7\.60)$/ },
  { symptom: 'smtp:send-as', text: /SendAsDenied|send as this sender/i },
  { symptom: 'smtp:concurrency', code: 432 },
  { symptom: 'smtp:quota', text: /SubmissionQuotaExceeded/i },
  { symptom: 'smtp:quota', enhanced: /^5\.(1\.90|2\.0)$/ },
  { symptom: 'smtp:size', enhanced: /^5\.3\.4$/ },
  { symptom: 'smtp:full', enhanced: /^5\.2\.2$/ },
  { symptom: 'smtp:mailbox-disabled', enhanced: /^5\.2\.1$/ },
  { symptom: 'smtp:submission-disabled', enhanced: /^5\.7\.1$/, text: /submission/i },
  { symptom: 'smtp:restricted', enhanced: /^5\.1\.8$/ },
  { symptom: 'smtp:blocked', enhanced: /^5\.7\.(50[123]|705|708|750)$/ },
  { symptom: 'smtp:busy', code: 451, enhanced: /^4\.7\.5\d\d$/ },
  { symptom: 'smtp:xoauth2-syntax', enhanced: /^5\.5\.124$/ },
  { symptom: 'smtp:domain-name', code: 501, text: /invalid domain name/i },
  { symptom: 'smtp:address', code: 501, enhanced: /^5\.1\.[37]$/ },
  { symptom: 'smtp:external-rate', enhanced: /^5\.7\.23[23]$/ },
  { symptom: 'smtp:auth-535', code: 535 },
];

/** The kind of refusal that a reply is; undefined for a good one, and for one that nobody here knows. */
export function smtpSymptom({ code, enhanced, text, stage }: SmtpReplyObservation): string | undefined {
  if (code < 400) return undefined;
  return SHAPES.find(
    (shape) =>
      (shape.code === undefined || shape.code === code) &&
      (shape.enhanced === undefined || (enhanced !== undefined && shape.enhanced.test(enhanced))) &&
      (shape.text === undefined || shape.text.test(text)) &&
      (shape.stage === undefined || shape.stage === stage),
  )?.symptom;
}

import type { AssertionFault } from './client-assertion.ts';
import type { AadstsRefusal, TokenRefusalReason } from './entra-refusal.ts';
import type { KeyCredential } from './entra-state.ts';

const REVIEW =
  'Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials';

/**
 * Answers to a client assertion that does not count. All are 401 `invalid_client`, as for secrets. Numbers: fact sheet
 * microsoft 1.5 and the reference of error codes; texts as seen in public logs, but 700023's, which is ours.
 */
export function refusalOfAssertion(fault: AssertionFault, now: number): AadstsRefusal {
  switch (fault.kind) {
    case 'malformed':
      return refusal('assertion-malformed', 50027, 'JWT token is invalid or malformed.');
    case 'client-mismatch':
      return refusal(
        'assertion-client-mismatch',
        700021,
        `Client assertion application identifier doesn't match 'client_id' parameter. ${REVIEW} .`,
      );
    case 'audience':
      return refusal(
        'assertion-audience',
        700023,
        `Client assertion audience claim does not match Realm issuer. ${REVIEW} .`,
      );
    case 'outside-its-time':
      return refusal(
        'assertion-expired',
        700024,
        `Client assertion is not within its valid time range. Current time: ${ticks(now)}, assertion valid from ` +
          `${ticks(fault.validFrom)}, expiry time of assertion ${ticks(fault.expiresAt)}. ${REVIEW} .`,
      );
    case 'untrusted-chain':
      return refusal('certificate-chain', 7000213, 'Invalid certificate chain.');
    case 'key-unknown':
      return refusal(
        'certificate-unknown',
        700027,
        'The certificate with identifier used to sign the client assertion is not registered on application. ' +
          `[Reason - The key was not found., Thumbprint of key used by client: '${fault.thumbprint}'].`,
      );
    case 'key-expired':
      return refusal(
        'certificate-expired',
        700027,
        `Client assertion contains an invalid signature. [Reason - The key used is expired., ${keys(fault)}].`,
      );
    case 'key-revoked':
      return refusal('certificate-revoked', 7000214, 'Certificate has been revoked.');
    case 'signature':
      return refusal(
        'assertion-signature',
        700027,
        'Client assertion contains an invalid signature. [Reason - The provided signature value did not match the ' +
          `expected signature value., ${keys(fault)}].`,
      );
  }
}

function refusal(reason: TokenRefusalReason, aadsts: number, text: string): AadstsRefusal {
  return { reason, status: 401, error: 'invalid_client', aadsts, text };
}

function keys({ thumbprint, credential }: { thumbprint: string; credential: KeyCredential }): string {
  return (
    `Thumbprint of key used by client: '${thumbprint}', ` +
    `Found key 'Start=${american(credential.startsAt)}, End=${american(credential.endsAt)}'`
  );
}

/** With seven decimals, as .NET prints an instant. */
function ticks(instant: number): string {
  return new Date(instant).toISOString().replace('Z', '0000Z');
}

/** `01/22/2018 09:13:33`. */
function american(instant: number): string {
  const [date = '', time = ''] = new Date(instant).toISOString().slice(0, 19).split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  return `${month}/${day}/${year} ${time}`;
}

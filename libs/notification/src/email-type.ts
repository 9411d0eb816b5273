import type { Deployment, NodeDefinition } from '#libs/deployment';

/** Whose business a mail is. Duties follow the role, not the host (fact sheet ise 2.1). */
export type MailDuty = 'primary-pan' | 'serving-psn' | 'active-mnt' | 'admin-node';

/** Every kind of mail that ISE sends, with its place in the list of duties and its owner. */
export const EMAIL_TYPES = {
  'guest-expiry': { id: 'E1', duty: 'primary-pan' },
  'password-expiry': { id: 'E2', duty: 'primary-pan' },
  'guest-credentials': { id: 'E3', duty: 'serving-psn' },
  'guest-notice': { id: 'E3', duty: 'serving-psn' },
  'sponsor-summary': { id: 'E3', duty: 'serving-psn' },
  'approval-request': { id: 'E3', duty: 'serving-psn' },
  alarm: { id: 'E4', duty: 'active-mnt' },
  test: { id: 'E5', duty: 'admin-node' },
} as const satisfies Record<string, { id: 'E1' | 'E2' | 'E3' | 'E4' | 'E5'; duty: MailDuty }>;

export type EmailType = keyof typeof EMAIL_TYPES;

export function isEmailType(text: string): text is EmailType {
  return Object.hasOwn(EMAIL_TYPES, text);
}

/**
 * The nodes that may send mail of this type now. Several only for portal mail: any PSN may serve the portal.
 *
 * The administration node is the primary PAN: the button for the test mail is on a configuration page, and
 * configuration is done there alone.
 */
export function rightfulSenders(type: EmailType, deployment: Deployment): readonly NodeDefinition[] {
  const duty: MailDuty = EMAIL_TYPES[type].duty;
  switch (duty) {
    case 'primary-pan':
    case 'admin-node':
      return [deployment.primaryPan];
    case 'active-mnt':
      return [deployment.activeMnt];
    case 'serving-psn':
      return deployment.policyServiceNodes;
  }
}

/** Whether `node` (its name) may send mail of this type now; a node outside the deployment may send none. */
export function isRightfulSender(type: EmailType, node: string, deployment: Deployment): boolean {
  return rightfulSenders(type, deployment).some(({ name }) => name === node);
}

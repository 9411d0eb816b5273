import { defineDeployment, sixNodeDeployment, standaloneDeployment } from '#libs/deployment';
import { EMAIL_TYPES, isEmailType, isRightfulSender, rightfulSenders, type EmailType } from './index.ts';

const TYPES = Object.keys(EMAIL_TYPES).filter(isEmailType);

describe('mail duties', () => {
  it.each<[EmailType, string, string[]]>([
    ['guest-expiry', 'E1', ['pan1']],
    ['password-expiry', 'E2', ['pan1']],
    ['guest-credentials', 'E3', ['psn1', 'psn2']],
    ['guest-notice', 'E3', ['psn1', 'psn2']],
    ['sponsor-summary', 'E3', ['psn1', 'psn2']],
    ['approval-request', 'E3', ['psn1', 'psn2']],
    ['alarm', 'E4', ['mnt1']],
    ['test', 'E5', ['pan1']],
  ])('%s (%s) may be sent by %j and by no other node', (type, id, owners) => {
    const deployment = sixNodeDeployment();
    expect(EMAIL_TYPES[type].id).toBe(id);
    const senders = deployment.nodes.filter(({ name }) => isRightfulSender(type, name, deployment));
    expect(senders.map(({ name }) => name)).toEqual(owners);
  });

  it('give each type one owner role in any deployment', () => {
    expect(TYPES).toHaveLength(8);
    for (const type of TYPES) {
      expect(rightfulSenders(type, standaloneDeployment()).map(({ name }) => name)).toEqual(['ise1']);
    }
  });

  it('follow the role, not the host', () => {
    const swapped = defineDeployment(
      sixNodeDeployment().nodes.map((node) => ({
        ...node,
        ...(node.adminRole && { adminRole: node.adminRole === 'primary' ? 'secondary' : 'primary' }),
        ...(node.monitoringRole && { monitoringRole: node.monitoringRole === 'active' ? 'standby' : 'active' }),
      })),
    );
    expect(isRightfulSender('guest-expiry', 'pan2', swapped)).toBe(true);
    expect(isRightfulSender('guest-expiry', 'pan1', swapped)).toBe(false);
    expect(isRightfulSender('alarm', 'mnt2', swapped)).toBe(true);
    expect(isRightfulSender('alarm', 'mnt1', swapped)).toBe(false);
  });

  it('leave a node outside the deployment without any', () => {
    expect(TYPES.filter((type) => isRightfulSender(type, 'psn9', sixNodeDeployment()))).toEqual([]);
  });
});

import { defineDeployment } from './define-deployment.ts';
import type { Deployment } from './deployment.ts';

/** The domain of the built-in deployments. */
export const LAB_DOMAIN = 'lab.example';

/** pan1 (primary), pan2 (secondary), psn1, psn2, mnt1 (active), mnt2 (standby), at 10.20.0.11 to .16. */
export function sixNodeDeployment(): Deployment {
  return defineDeployment([
    { ...addressed('pan1', 11), personas: ['Administration'], adminRole: 'primary' },
    { ...addressed('pan2', 12), personas: ['Administration'], adminRole: 'secondary' },
    { ...addressed('psn1', 13), personas: ['Policy Service'] },
    { ...addressed('psn2', 14), personas: ['Policy Service'] },
    { ...addressed('mnt1', 15), personas: ['Monitoring'], monitoringRole: 'active' },
    { ...addressed('mnt2', 16), personas: ['Monitoring'], monitoringRole: 'standby' },
  ]);
}

/** ise1, with all personas, at 10.20.0.11. */
export function standaloneDeployment(): Deployment {
  return defineDeployment([
    {
      ...addressed('ise1', 11),
      personas: ['Administration', 'Policy Service', 'Monitoring'],
      adminRole: 'primary',
      monitoringRole: 'active',
    },
  ]);
}

function addressed(name: string, host: number): { name: string; fqdn: string; ipAddress: string } {
  return { name, fqdn: `${name}.${LAB_DOMAIN}`, ipAddress: `10.20.0.${host}` };
}

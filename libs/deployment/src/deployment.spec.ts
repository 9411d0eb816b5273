import {
  defineDeployment,
  Deployment,
  DeploymentError,
  deploymentFromDocument,
  POLICY_SERVICE_NODES_MAX,
  sixNodeDeployment,
  standaloneDeployment,
  UnknownNodeError,
  type DeploymentDocument,
  type NodeDefinition,
} from './index.ts';

function aNode(name: string, change: Partial<NodeDefinition> = {}): NodeDefinition {
  return {
    name,
    fqdn: `${name}.lab.example`,
    ipAddress: `address of ${name}`,
    personas: ['Policy Service'],
    ...change,
  };
}

const PAN = aNode('pan1', { personas: ['Administration'], adminRole: 'primary' });
const MNT = aNode('mnt1', { personas: ['Monitoring'], monitoringRole: 'active' });

function psns(count: number): NodeDefinition[] {
  return Array.from({ length: count }, (_, index) => aNode(`psn${index + 1}`));
}

function faultsOf(nodes: readonly NodeDefinition[]): readonly string[] {
  try {
    defineDeployment(nodes);
  } catch (error) {
    if (error instanceof DeploymentError) return error.faults;
    throw error;
  }
  return [];
}

describe('sixNodeDeployment', () => {
  it('has two PANs, two PSNs and two MnTs with the first of each pair in charge', () => {
    const deployment = sixNodeDeployment();
    expect(deployment.primaryPan.name).toBe('pan1');
    expect(deployment.secondaryPan?.name).toBe('pan2');
    expect(deployment.policyServiceNodes.map(({ name }) => name)).toEqual(['psn1', 'psn2']);
    expect(deployment.activeMnt.name).toBe('mnt1');
    expect(deployment.standbyMnt?.name).toBe('mnt2');
    expect(deployment.node('mnt2')).toMatchObject({ fqdn: 'mnt2.lab.example', ipAddress: '10.20.0.16' });
  });

  it('labels the roles as the deployment list does', () => {
    const deployment = sixNodeDeployment();
    expect(deployment.nodes.map((node) => deployment.roleLabel(node))).toEqual([
      'PRI(A)',
      'SEC(A)',
      '',
      '',
      'PRI(M)',
      'SEC(M)',
    ]);
  });
});

describe('standaloneDeployment', () => {
  it('has one node with every role and no second of anything', () => {
    const deployment = standaloneDeployment();
    const [only] = deployment.nodes;
    expect(deployment.primaryPan).toEqual(only);
    expect(deployment.activeMnt).toEqual(only);
    expect(deployment.policyServiceNodes).toEqual([only]);
    expect(deployment.secondaryPan).toBeUndefined();
    expect(deployment.standbyMnt).toBeUndefined();
    expect(deployment.roleLabel(deployment.node('ise1'))).toBe('STANDALONE');
  });
});

describe('defineDeployment', () => {
  it('names every fault at once', () => {
    const faults = faultsOf([
      aNode('PSN1'),
      aNode('pan1', { personas: ['Administration'], adminRole: 'secondary' }),
      aNode('pan2', { personas: ['Administration'], adminRole: 'secondary' }),
      aNode('twin', { personas: [] }),
      aNode('twin', { fqdn: 'other.lab.example' }),
      aNode('mnt1', { personas: ['Monitoring'] }),
      aNode('mnt2', { personas: ['Monitoring'], monitoringRole: 'standby' }),
      aNode('mnt3', { personas: ['Monitoring'], monitoringRole: 'standby' }),
    ]);
    expect(faults).toEqual([
      '"PSN1" is not a lower-case host name',
      'twin has no persona',
      'the FQDN of twin does not begin with "twin."',
      'mnt1: persona Monitoring and a monitoring role (active, standby) go together',
      'twin is there more than once',
      'more than one node has the address address of twin',
      'exactly one primary PAN is needed, there are none',
      'at most one secondary PAN is possible, there are 2 (pan1, pan2)',
      'exactly one active MnT is needed, there are none',
      'at most one standby MnT is possible, there are 2 (mnt2, mnt3)',
    ]);
  });

  it('refuses a role without its persona, two of a kind in charge, and a deployment without a PSN', () => {
    expect(faultsOf([PAN, { ...PAN, name: 'pan2', fqdn: 'pan2.lab.example', ipAddress: '2' }, MNT])).toEqual([
      'exactly one primary PAN is needed, there are 2 (pan1, pan2)',
      'at least one node with the persona Policy Service is needed',
    ]);
    expect(faultsOf([PAN, MNT, aNode('psn1', { adminRole: 'secondary' })])).toEqual([
      'psn1: persona Administration and an admin role (primary, secondary) go together',
    ]);
  });

  it('takes 50 PSNs and refuses 51', () => {
    expect(faultsOf([PAN, MNT, ...psns(POLICY_SERVICE_NODES_MAX)])).toEqual([]);
    expect(faultsOf([PAN, MNT, ...psns(POLICY_SERVICE_NODES_MAX + 1)])).toEqual([
      'at most 50 PSNs are possible, there are 51',
    ]);
  });

  it('is not touched by later changes to the nodes it was given', () => {
    const nodes = [{ ...PAN }, MNT, ...psns(1)];
    const deployment = defineDeployment(nodes);
    Object.assign(nodes[0] ?? {}, { name: 'changed' });
    expect(deployment.primaryPan.name).toBe('pan1');
  });
});

describe('Deployment', () => {
  it('names the nodes there are when asked for another', () => {
    expect(() => sixNodeDeployment().node('psn3')).toThrow(UnknownNodeError);
    expect(() => sixNodeDeployment().node('psn3')).toThrow('no node named "psn3"');
    expect(sixNodeDeployment().has('psn3')).toBe(false);
    expect(sixNodeDeployment().has('psn2')).toBe(true);
  });

  it('comes back whole from its JSON document, which is checked', () => {
    const deployment = sixNodeDeployment();
    const document: DeploymentDocument = JSON.parse(JSON.stringify(deployment.toDocument()));
    expect(deploymentFromDocument(document)).toEqual(deployment);
    expect(deploymentFromDocument(document)).toBeInstanceOf(Deployment);
    expect(() => deploymentFromDocument({ nodes: [PAN] })).toThrow(DeploymentError);
  });
});

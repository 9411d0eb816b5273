import { TestbedError } from '#libs/diagnosis';

/** The nodes given don't make a deployment. `faults` names everything that is wrong, not just the first. */
export class DeploymentError extends TestbedError {
  constructor(readonly faults: readonly string[]) {
    super('deployment.invalid', `these nodes do not make a deployment: ${faults.join('; ')}`, {
      remedy: 'Correct the list of nodes: one primary PAN, one active MnT and at least one PSN are needed.',
      evidence: { faults },
    });
  }
}

/** A node was named that the deployment does not have. */
export class UnknownNodeError extends TestbedError {
  constructor(name: string, known: readonly string[]) {
    super('deployment.unknown-node', `the deployment has no node named "${name}"`, {
      remedy: `Name one of its nodes: ${known.join(', ')}.`,
      evidence: { name, known },
    });
  }
}

import { TestbedError } from '#libs/diagnosis';

/** A node was asked for something while it was not running, or ended before it had answered. */
export class NodeDownError extends TestbedError {
  constructor(node: string, cause?: unknown) {
    super('testbed.node-down', `${node} is not running`, { remedy: 'Start it: node.start.', cause });
  }
}

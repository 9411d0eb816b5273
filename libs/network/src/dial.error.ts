import { TestbedError } from '#libs/diagnosis';

/** How a dial can fail, as far as the dialling node can tell. */
export type DialFailure =
  | 'dns-failure'
  | 'connect-timeout'
  | 'connection-refused'
  | 'connection-reset'
  | 'proxy-authentication-required'
  | 'proxy-forbidden'
  | 'proxy-bad-gateway';

const REMEDIES: Record<DialFailure, string> = {
  'dns-failure': 'Check the name, and the name servers of this node.',
  'connect-timeout': 'Check the firewall and Administration > System > Settings > Proxy.',
  'connection-refused': 'Check that something listens at this host and port.',
  'connection-reset': 'Look for a firewall on the way that resets connections.',
  'proxy-authentication-required': 'Enter user name and password at Administration > System > Settings > Proxy.',
  'proxy-forbidden': 'Have the proxy allow CONNECT to this host and port.',
  'proxy-bad-gateway': 'Check that the proxy itself reaches this host and port.',
};

/** A connection that did not come about. `failure` says why; `peer` is what could not be reached (the proxy, or the target). */
export class DialError extends TestbedError {
  constructor(
    readonly failure: DialFailure,
    readonly peer: { host: string; port: number },
    cause?: unknown,
  ) {
    super(`network.${failure}`, `${peer.host}:${peer.port} could not be reached: ${failure}`, {
      remedy: REMEDIES[failure],
      evidence: { ...peer },
      cause,
    });
  }
}

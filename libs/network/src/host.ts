import type { FaultPeer } from '#libs/fault';

/** One end of the simulated network: an ISE node, a proxy, a Microsoft service. */
export interface Host {
  name: string;
  address: string;
  /** Inside hosts reach one another whatever the egress policy is. */
  zone: 'inside' | 'internet';
  /** May leave although the policy is `proxy-only`. */
  mayLeave?: boolean;
  /** What it is for those who dial it. */
  peer?: FaultPeer;
  /** Of an ISE node. */
  personas?: readonly string[];
}

import type { Host } from './host.ts';

/** `open`: anything may leave. `proxy-only`: the firewall drops what does not come from the proxy. */
export type EgressPolicy = 'open' | 'proxy-only';

/** Why nothing answers, as only the network knows. */
export type DropReason = 'cut-off' | 'port-blocked' | 'egress-policy' | 'unknown-address';

/** What is dropped between the hosts: silently, as firewalls do. */
export class Firewall {
  egress: EgressPolicy = 'open';
  private readonly cutOff = new Set<string>();
  private readonly blockedPorts = new Set<number>();

  cut(address: string): void {
    this.cutOff.add(address);
  }

  heal(address: string): void {
    this.cutOff.delete(address);
  }

  block(port: number): void {
    this.blockedPorts.add(port);
  }

  unblock(port: number): void {
    this.blockedPorts.delete(port);
  }

  /** Undefined when the packets pass. `target` is the host at the address, if there is one. */
  dropReason(source: Host, address: string, port: number, target: Host | undefined): DropReason | undefined {
    if (this.cutOff.has(source.address) || this.cutOff.has(address)) return 'cut-off';
    const leaves = source.zone === 'inside' && target?.zone !== 'inside';
    if (leaves && this.egress === 'proxy-only' && !source.mayLeave) return 'egress-policy';
    if (leaves && this.blockedPorts.has(port)) return 'port-blocked';
    return target ? undefined : 'unknown-address';
  }
}

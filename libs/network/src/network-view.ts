import type { Duplex } from 'node:stream';
import type { Host } from './host.ts';
import type { DialRequest, SimulatedNetwork } from './simulated-network.ts';

/** What one host sees of the network: the common names, overlaid with its own name table. */
export class NetworkView {
  private readonly ownNames = new Map<string, string | null>();

  constructor(
    private readonly network: SimulatedNetwork,
    private readonly host: Host,
  ) {}

  /** Overrides a name for this host alone; `null` makes it unresolvable, `undefined` as it is for everybody. */
  setName(name: string, address: string | null | undefined): void {
    if (address === undefined) this.ownNames.delete(name.toLowerCase());
    else this.ownNames.set(name.toLowerCase(), address);
  }

  /**
   * Opens a TCP connection, through the proxy when one is given.
   *
   * @throws DialError when it does not come about
   */
  dial(request: DialRequest): Promise<Duplex> {
    return this.network.dialFrom(this.host, request, this.ownNames);
  }
}

import type { DialFailure } from './dial.error.ts';
import type { DropReason } from './firewall.ts';
import type { Host } from './host.ts';

/** Told of everything that hosts of the simulated network dial, at the moment the dialling host does it. */
export abstract class TrafficRecorder {
  /** A host is on the network now, and has these names. */
  abstract hostAdded(host: Host, names: readonly string[]): void;

  /** A host begins to dial. `beyondProxy`: whom it means to reach, when it dials a proxy. */
  abstract dialled(
    source: Host,
    target: { host: string; port: number },
    beyondProxy: { host: string; port: number } | undefined,
  ): ConnectionTap;
}

/** One connection as the host that dials it sees it: bytes when it writes them, and when they have come to it. */
export abstract class ConnectionTap {
  /** The address that was asked for; undefined: there is no such name. `looked`: a name server was asked. */
  abstract resolved(address: string | undefined, looked: boolean): void;

  /** The firewall lets nothing through. */
  abstract dropped(reason: DropReason): void;

  abstract failed(failure: DialFailure): void;

  /** @param latencyMs one-way */
  abstract connected(latencyMs: number): void;

  abstract sent(bytes: Buffer): void;

  /** So many bytes of what was sent have come to the peer. */
  abstract arrived(count: number): void;

  abstract received(bytes: Buffer): void;

  /** One end says that it will send no more (`close`), or that the connection is no more (`reset`). */
  abstract ended(by: 'node' | 'peer', how: 'close' | 'reset'): void;

  /** The node's `close` has come to the peer. */
  abstract closeArrived(): void;

  /** The node sees nothing more of this connection, not even its end. */
  abstract lost(): void;

  /** Something that a reader should know at this point. */
  abstract note(text: string): void;
}

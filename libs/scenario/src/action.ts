import type { FaultTrigger, WireFault } from '#libs/fault';
import type { AdminAction } from './admin-action.ts';
import type { MailType } from './expectation.ts';
import type { TenantAction } from './tenant-action.ts';

/** Whether nodes reach the Internet themselves, or only through the proxy. */
export type Network = 'open' | 'proxy-only';

export const MICROSOFT_PEERS = ['token-endpoint', 'smtp'] as const;
/** One of the two servers that nodes talk to. */
export type MicrosoftPeer = (typeof MICROSOFT_PEERS)[number];

export const SERVER_CHAINS = [
  'healthy',
  'expired',
  'not-yet-valid',
  'wrong-name',
  'without-intermediate',
  'unknown-root',
  'new-root',
  'renewed',
  'old-tls-only',
] as const;
/** What a server presents; `old-tls-only`: the healthy chain, but nothing newer than TLS 1.1. */
export type ServerChain = (typeof SERVER_CHAINS)[number];

/**
 * `tls`: a firewall opens TLS and signs anew; `mask-starttls`: it hides that the SMTP server offers STARTTLS;
 * `block-page`: it opens TLS and answers itself, with a page for browsers.
 */
export type Inspection = 'tls' | 'mask-starttls' | 'block-page';

/**
 * A change of the world that no button of ISE makes: in the tenant, in Exchange, in the network. Strings may hold
 * placeholders (`resolvePlaceholders`). Instants are epoch milliseconds.
 */
export type Action =
  | TenantAction
  | AdminAction
  | { readonly name: 'network.egress'; readonly network: Network }
  /** What a name means on one node, or on all of them; `address: null`: it can't be resolved. */
  | { readonly name: 'network.setName'; readonly node?: string; readonly host: string; readonly address: string | null }
  | { readonly name: 'network.clearName'; readonly node?: string; readonly host: string }
  | { readonly name: 'network.block'; readonly port: number }
  | { readonly name: 'network.unblock'; readonly port: number }
  | { readonly name: 'network.stopService'; readonly peer: MicrosoftPeer | 'proxy' }
  | { readonly name: 'network.startService'; readonly peer: MicrosoftPeer | 'proxy' }
  | { readonly name: 'network.inspect'; readonly peer: MicrosoftPeer; readonly how: Inspection }
  | { readonly name: 'network.stopInspecting'; readonly peer: MicrosoftPeer }
  /** The whole policy of the lab's proxy; what is absent is not asked for. */
  | {
      readonly name: 'proxy.policy';
      readonly credentials?: { readonly user: string; readonly password: string };
      readonly allowedPorts?: readonly number[];
    }
  | { readonly name: 'tls.serverChain'; readonly peer: MicrosoftPeer; readonly variant: ServerChain }
  /** How far the node's own time is ahead; negative: behind. */
  | { readonly name: 'node.clockSkew'; readonly node: string; readonly byMs: number }
  /** The node ends without a farewell, as by a power cut; what is on its disk stays. `at`: not now, but then (epoch ms). */
  | { readonly name: 'node.kill'; readonly node: string; readonly at?: number }
  /** The node is shut down in good order. */
  | { readonly name: 'node.stop'; readonly node: string }
  /** A node that was killed or stopped is there again. */
  | { readonly name: 'node.start'; readonly node: string }
  /** `forMs`: the fault ends by itself so long after it was added. */
  | {
      readonly name: 'fault.add';
      readonly fault: string;
      readonly wire: WireFault;
      readonly trigger: FaultTrigger;
      readonly forMs?: number;
    }
  | { readonly name: 'fault.remove'; readonly fault: string }
  | { readonly name: 'network.cut'; readonly node: string; readonly at?: number }
  | { readonly name: 'network.heal'; readonly node: string }
  /** Makes a node send a mail that may not be its duty: proves that the runner notices. */
  | { readonly name: 'mail.sendFrom'; readonly node: string; readonly type: MailType };

export type ActionName = Action['name'];

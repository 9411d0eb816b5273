import type { MailType } from './expectation.ts';

/** Whether nodes reach the Internet themselves, or only through the proxy. */
export type Network = 'open' | 'proxy-only';

/**
 * A change of the world that no button of ISE makes: in the tenant, in Exchange, in the network. Strings may hold
 * placeholders (`resolvePlaceholders`). Instants are epoch milliseconds.
 */
export type Action =
  /** Creates a client secret that placeholders can name as `secrets.<as>`. */
  | { readonly name: 'entra.addSecret'; readonly as: string; readonly endsOn?: number }
  | { readonly name: 'entra.removeSecret'; readonly secret: string }
  | { readonly name: 'entra.grantConsent' }
  | { readonly name: 'entra.revokeConsent' }
  | { readonly name: 'entra.changeTenantId' }
  | { readonly name: 'exchange.newServicePrincipal'; readonly appId: string; readonly objectId: string }
  | { readonly name: 'exchange.removeServicePrincipal'; readonly appId: string }
  | { readonly name: 'exchange.replaceServicePrincipal'; readonly appId: string; readonly objectId: string }
  | { readonly name: 'exchange.addMailboxPermission'; readonly mailbox?: string; readonly user?: string }
  | { readonly name: 'exchange.removeMailboxPermission'; readonly mailbox?: string; readonly user?: string }
  | { readonly name: 'exchange.createMailbox'; readonly mailbox?: string }
  | { readonly name: 'exchange.removeMailbox'; readonly mailbox?: string }
  | { readonly name: 'network.egress'; readonly network: Network }
  | { readonly name: 'network.cut'; readonly node: string }
  | { readonly name: 'network.heal'; readonly node: string }
  /** Makes a node send a mail that may not be its duty: proves that the runner notices. */
  | { readonly name: 'mail.sendFrom'; readonly node: string; readonly type: MailType };

export type ActionName = Action['name'];

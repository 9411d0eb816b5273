import { named } from './named.ts';
import type { RootCause } from './root-cause.ts';

const PROXY_PAGE = 'Administration > System > Settings > Proxy';

/** What keeps a node from reaching a server, or from being heard to the end. */
export const NETWORK_CAUSES: readonly RootCause[] = [
  {
    code: 'network.egress-dropped',
    title: 'No way out without a proxy',
    cause: ({ host }) =>
      `Nothing answers at ${host ?? 'the server'}: the firewall drops what does not come from the proxy, and ISE uses none.`,
    remedy: () => `${PROXY_PAGE}: enter the proxy that may leave the network.`,
  },
  {
    code: 'network.smtp-port-blocked',
    title: 'The firewall blocks the SMTP port',
    cause: ({ host }) =>
      `Nothing answers at ${host ?? 'the SMTP server'}: the firewall drops this port, while HTTPS to the token endpoint gets through.`,
    remedy: () => 'Have the firewall allow TCP port 587 from every ISE node to smtp.office365.com.',
  },
  {
    code: 'network.proxy-unreachable',
    title: 'The proxy that is configured does not answer',
    cause: ({ proxy }) => `The proxy${named(proxy)} that ISE is told to use does not answer or does not exist.`,
    remedy: () => `${PROXY_PAGE}: correct host and port.`,
  },
  {
    code: 'network.proxy-connection-refused',
    title: 'Nothing listens at the port of the proxy',
    cause: ({ proxy }) => `The host of the proxy${named(proxy)} is there, but it refuses connections at this port.`,
    remedy: () => `${PROXY_PAGE}: correct the port, or have the proxy service started.`,
  },
  {
    code: 'network.proxy-authentication-required',
    title: 'The proxy wants user name and password',
    cause: ({ host }) =>
      `The proxy answers 407: without valid credentials it opens no tunnel to ${host ?? 'the server'}.`,
    remedy: () => `${PROXY_PAGE}: enter user name and password of the proxy.`,
  },
  {
    code: 'network.proxy-port-forbidden',
    title: 'The proxy opens no tunnel to this port',
    cause: ({ host }) => `The proxy answers 403: its rules forbid a tunnel to ${host ?? 'the server'}.`,
    remedy: () => 'Have the proxy allow CONNECT to port 587 besides 443, or let SMTP leave without the proxy.',
  },
  {
    code: 'network.dns-failure',
    title: 'A name can not be resolved',
    cause: ({ host, expected }) =>
      `The node can not resolve ${host ?? 'a name'}${expected ? `; the name is probably meant to be ${expected}` : ''}.`,
    remedy: () => 'Check the name on the SMTP Server page and the name servers of this node (ip name-server).',
  },
  {
    code: 'network.connection-refused',
    title: 'Nothing listens at the port',
    cause: ({ host }) => `${host ?? 'The server'} is there, but nothing listens at this port.`,
    remedy: () => 'SMTP Server page: for Exchange Online use smtp.office365.com, port 587.',
  },
  {
    code: 'network.connection-reset',
    title: 'The connection is broken off on its way',
    cause: ({ host, during }) =>
      `The connection to ${host ?? 'the server'} came about and was then broken off (at ${during ?? 'some step'}), by neither of its ends.`,
    remedy: () => 'Look for a firewall or an intrusion prevention system that ends connections, and exempt this one.',
  },
  {
    code: 'network.server-silent',
    title: 'The connection stands, but nothing is said',
    cause: ({ host, during }) =>
      `${host ?? 'The server'} accepted the connection and then said nothing (at ${during ?? 'some step'}) until the node gave up.`,
    remedy: () =>
      'Look for a firewall or load balancer that accepts connections in the name of the server and does not pass them on.',
  },
  {
    code: 'network.stalled-in-data',
    title: 'The message does not get through, commands do',
    cause: ({ host, during }) =>
      `The dialogue with ${host ?? 'the server'} went well until the message itself (${during ?? 'data'}); then nothing got through any more. Small packets pass, large ones do not.`,
    remedy: () =>
      'Check the MTU of the path (ICMP "fragmentation needed" must get back to the node), and firewalls that hold contents back.',
  },
  {
    code: 'network.slow-link',
    title: 'The link is too slow for the time-out',
    cause: ({ host, during }) =>
      `Everything on the way to ${host ?? 'the server'} takes so long that the node gave up (at ${during ?? 'some step'}).`,
    remedy: () => 'Have the link checked; until then, SMTP Server page: a longer Connection Timeout.',
  },
];

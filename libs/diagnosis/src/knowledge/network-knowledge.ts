import type { Knowledge } from './knowledge.ts';

/** The way to the servers. The Microsoft side can't tell anything of it. */
export const NETWORK_KNOWLEDGE: readonly Knowledge[] = [
  {
    code: 'network.egress-dropped',
    prior: 55,
    shows: { 'dial:connect-timeout': 'must' },
    clues: { 'other-server-reached': 'rarely', 'only-direct-fails': 'often', slow: 'rarely' },
    check: 'dial-without-proxy',
  },
  {
    code: 'network.smtp-port-blocked',
    prior: 45,
    shows: { 'dial:connect-timeout': 'must', 'proxy:5xx': 'may' },
    clues: { 'other-server-reached': 'definite', 'only-direct-fails': 'never', slow: 'rarely' },
    check: 'dial-both-ports',
  },
  {
    code: 'network.proxy-unreachable',
    prior: 15,
    shows: {
      'proxy-dial:connect-timeout': 'must',
      'proxy-dial:dns-failure': 'often',
      'proxy-dial:connection-reset': 'may',
    },
    check: 'dial-the-proxy',
  },
  {
    code: 'network.proxy-connection-refused',
    prior: 8,
    shows: { 'proxy-dial:connection-refused': 'must' },
    check: 'dial-the-proxy',
  },
  { code: 'network.proxy-authentication-required', prior: 12, shows: { 'proxy:407': 'must' }, check: 'proxy-log' },
  {
    code: 'network.proxy-port-forbidden',
    prior: 15,
    shows: { 'proxy:403': 'must', 'proxy:other': 'may' },
    check: 'proxy-log',
  },
  {
    code: 'network.dns-failure',
    prior: 15,
    shows: { 'dial:dns-failure': 'must', 'proxy:5xx': 'may' },
    check: 'resolve-name',
  },
  {
    code: 'network.connection-refused',
    prior: 12,
    shows: { 'dial:connection-refused': 'must', 'proxy:5xx': 'may' },
    check: 'dial-both-ports',
  },
  {
    code: 'network.connection-reset',
    prior: 12,
    shows: { 'lost:broken': 'must', 'dial:connection-reset': 'must', 'tls:handshake-failed': 'often' },
    check: 'capture-reset',
  },
  {
    code: 'network.server-silent',
    prior: 8,
    shows: { 'lost:silent': 'must' },
    clues: { slow: 'rarely', 'half-heard': 'never' },
    check: 'capture-silence',
  },
  {
    code: 'network.stalled-in-data',
    prior: 6,
    shows: { 'lost:silent-in-message': 'must' },
    clues: { slow: 'rarely', 'half-heard': 'never' },
    check: 'capture-silence',
  },
  {
    code: 'network.slow-link',
    prior: 3,
    shows: {
      'lost:silent': 'must',
      'lost:silent-in-message': 'must',
      'dial:connect-timeout': 'may',
      'proxy-dial:connect-timeout': 'rarely',
    },
    clues: { slow: 'often', 'half-heard': 'often' },
    check: 'capture-silence',
  },
];

import type { PathStep } from '#libs/diagnosis';
import type { Random } from '#libs/simulation';
import { breaking, click, mending, type Breakage, type BreakageOf, type Cast } from './breakage.ts';

const PROXIED = { network: 'proxy-only', proxy: 'configured' } as const;
const PROXY = { host: 'proxy.lab.example', port: 3128 } as const;
const HOSTS = { 'token-endpoint': 'login.microsoftonline.com', smtp: 'smtp.office365.com' } as const;
const ROOTS = { 'token-endpoint': 'DigiCert Global Root G2', smtp: 'DigiCert Global Root CA' } as const;

type Peer = keyof typeof HOSTS;

/** Causes between ISE and the servers. */
export const WAY_BREAKAGES: Readonly<Record<string, BreakageOf>> = {
  'network.egress-dropped': (_random, { pan }) => ({
    at: 'token-connect',
    broken: [breaking({ 'network.egress': 'proxy-only' })],
    mended: [click(pan, 'Proxy / Save', PROXY)],
  }),
  'network.smtp-port-blocked': () => ({
    at: 'smtp-connect',
    broken: [breaking({ 'network.block': { port: 587 } })],
    mended: [mending({ 'network.unblock': { port: 587 } })],
  }),
  'network.proxy-unreachable': (random, { pan }) => ({
    at: 'token-connect',
    given: PROXIED,
    broken: [
      click(pan, 'Proxy / Save', {
        host: random.pick(['old-proxy.lab.example', 'prox.lab.example', '10.20.0.99', '10.20.0.200']),
        port: random.pick([3128, 8080]),
      }),
    ],
    mended: [click(pan, 'Proxy / Save', PROXY)],
  }),
  'network.proxy-connection-refused': () => ({
    at: 'token-connect',
    given: PROXIED,
    broken: [breaking({ 'network.stopService': { peer: 'proxy' } })],
    mended: [mending({ 'network.startService': { peer: 'proxy' } })],
  }),
  'network.proxy-authentication-required': () => ({
    at: 'token-connect',
    given: PROXIED,
    broken: [breaking({ 'proxy.policy': { credentials: { user: 'ise', password: 'proxy-Lab-1' } } })],
    mended: [mending({ 'proxy.policy': {} })],
  }),
  'network.proxy-port-forbidden': (random) => ({
    at: 'smtp-connect',
    given: PROXIED,
    broken: [breaking({ 'proxy.policy': { allowedPorts: random.pick([[443], [80, 443]]) } })],
    mended: [mending({ 'proxy.policy': { allowedPorts: [443, 587] } })],
  }),
  'network.dns-failure': (random) => {
    const name = HOSTS[peer(random)];
    return {
      at: name === HOSTS.smtp ? 'smtp-name' : 'token-name',
      broken: [breaking({ 'network.setName': { name, address: null } })],
      hiddenByCache: name === HOSTS['token-endpoint'],
      mended: [mending({ 'network.clearName': { name } })],
    };
  },
  'network.connection-refused': (random) => {
    const stopped = peer(random);
    return {
      at: stopped === 'smtp' ? 'smtp-connect' : 'token-connect',
      broken: [breaking({ 'network.stopService': { peer: stopped } })],
      hiddenByCache: stopped === 'token-endpoint',
      mended: [mending({ 'network.startService': { peer: stopped } })],
    };
  },
  'network.connection-reset': (random) => {
    const stage = random.pick(['greeting', 'auth', 'mail', 'data', 'token'] as const);
    return fault(stage, { type: 'reset' }, { peer: stage === 'token' ? 'token-endpoint' : 'smtp', stage });
  },
  'network.server-silent': (random) => {
    const stage = random.pick(['greeting', 'auth', 'token'] as const);
    const peer = stage === 'token' ? 'token-endpoint' : 'smtp';
    return fault(stage, { type: 'timeout', afterMs: 0 }, { peer, stage });
  },
  'network.stalled-in-data': () => fault('data', { type: 'stall' }, { peer: 'smtp', stage: 'data' }),
  'network.slow-link': (random) =>
    fault('token-tls', { type: 'bandwidth', kbps: random.pick([0.3, 0.35, 0.4, 0.45]) }, { peer: 'token-endpoint' }),
  'tls.token-endpoint-ca-missing': (_random, cast) => certificateDeleted('token-endpoint', cast),
  'tls.smtp-ca-missing': (_random, cast) => certificateDeleted('smtp', cast),
  'tls.intermediate-missing': (random) => serverChain(peer(random), 'without-intermediate'),
  'tls.ca-without-infrastructure-usage': (random, cast) => certificateEdited(peer(random), cast, 'infrastructure'),
  'tls.ca-disabled': (random, cast) => certificateEdited(peer(random), cast, 'enabled'),
  'tls.certificate-expired': (random) => serverChain(peer(random), 'expired'),
  'tls.certificate-not-yet-valid': (random, cast) => skewed(cast, `-${random.integer(45, 400)}d`),
  'tls.wrong-name': (random) => serverChain(peer(random), 'wrong-name'),
  'tls.intercepted': (random) => {
    const inspected = peer(random);
    return {
      at: tlsStep(inspected),
      broken: [breaking({ 'network.inspect': { peer: inspected, how: 'tls' } })],
      hiddenByCache: inspected === 'token-endpoint',
      mended: [mending({ 'network.stopInspecting': { peer: inspected } })],
    };
  },
  'tls.starttls-not-offered': () => ({
    at: 'smtp-tls',
    broken: [breaking({ 'network.inspect': { peer: 'smtp', how: 'mask-starttls' } })],
    mended: [mending({ 'network.stopInspecting': { peer: 'smtp' } })],
  }),
  'tls.no-common-version': (random) => serverChain(peer(random), 'old-tls-only'),
  'tls.chain-changed': (random) => serverChain(peer(random), 'new-root'),
};

function peer(random: Random): Peer {
  return random.pick(['token-endpoint', 'smtp']);
}

function tlsStep(of: Peer): PathStep {
  return of === 'smtp' ? 'smtp-tls' : 'token-tls';
}

function fault(at: PathStep, wire: Record<string, unknown>, when: { peer?: string; stage?: string }): Breakage {
  const inMessage = ['mail', 'rcpt', 'data', 'end-of-data'].includes(when.stage ?? '');
  return {
    at,
    broken: [breaking({ 'fault.add': { name: 'trouble', ...wire, when } })],
    attempts: inMessage ? ['mail'] : ['test', 'mail'],
    hiddenByCache: when.peer !== 'smtp',
    mended: [mending({ 'fault.remove': { name: 'trouble' } })],
  };
}

function serverChain(of: Peer, variant: string): Breakage {
  return {
    at: tlsStep(of),
    broken: [breaking({ 'tls.serverChain': { peer: of, variant } })],
    hiddenByCache: of === 'token-endpoint',
    mended: [mending({ 'tls.serverChain': { peer: of, variant: 'healthy' } })],
  };
}

function certificateDeleted(of: Peer, { pan }: Cast): Breakage {
  return {
    at: tlsStep(of),
    broken: [click(pan, 'Trusted Certificates / Delete', { certificate: ROOTS[of] })],
    hiddenByCache: of === 'token-endpoint',
    mended: [click(pan, 'Trusted Certificates / Import', { certificate: ROOTS[of], infrastructure: true })],
  };
}

function certificateEdited(of: Peer, { pan }: Cast, field: 'enabled' | 'infrastructure'): Breakage {
  return {
    at: tlsStep(of),
    broken: [click(pan, 'Trusted Certificates / Edit', { certificate: ROOTS[of], [field]: false })],
    hiddenByCache: of === 'token-endpoint',
    mended: [click(pan, 'Trusted Certificates / Edit', { certificate: ROOTS[of], [field]: true })],
  };
}

/** The node that makes the attempt has lost its time. */
function skewed({ pan, psn }: Cast, by: string): Breakage {
  const nodes = [...new Set([pan, psn])];
  return {
    at: 'token-tls',
    broken: nodes.map((node) => breaking({ 'node.clockSkew': { node, by } })),
    hiddenByCache: true,
    mended: nodes.map((node) => mending({ 'node.clockSkew': { node, by: '0s' } })),
  };
}

import type { Attempt } from './attempts.ts';
import type { ReportNode } from './report-input.ts';
import { clipped } from './report-text.ts';

/** Units of the picture, which is scaled as a whole. */
const NODE_WIDTH = 300;
const NODE_HEIGHT = 58;
const GAP = 12;
const TOP = 44;
const LEFT = 16;
const PEER_LEFT = 640;
const PEER_WIDTH = 300;
const WIDTH = 960;

/** Nodes that get a box of their own, those that failed first; the others are counted. */
const NODES_MAX = 12;
const PEERS_MAX = 8;

const MICROSOFT = {
  'login.microsoftonline.com': 'Microsoft Entra ID, token endpoint',
  'smtp.office365.com': 'Exchange Online, SMTP',
} as const;

export interface MapBox {
  readonly name: string;
  readonly detail: string;
  readonly note: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly state: 'failed' | 'worked' | 'quiet';
}

/** All that a node and a server had to do with one another. */
export interface MapLink {
  readonly node: string;
  readonly peer: string;
  readonly worked: number;
  readonly failed: number;
  /** How it failed first. */
  readonly failure: string;
  readonly path: string;
  readonly markX: number;
  readonly markY: number;
}

export interface DeploymentMap {
  readonly width: number;
  readonly height: number;
  readonly frameHeight: number;
  readonly nodes: readonly MapBox[];
  readonly peers: readonly MapBox[];
  readonly links: readonly MapLink[];
  /** Nodes without a box. */
  readonly further: number;
}

interface Contact {
  node: string;
  peer: string;
  worked: number;
  failed: number;
  failure: string;
}

/** The nodes with what they are, the servers they talked to, and where it broke. */
export function deploymentMap(nodes: readonly ReportNode[], attempts: readonly Attempt[]): DeploymentMap {
  const contacts = contactsOf(attempts);
  const shown = nodesToShow(nodes, attempts);
  const hosts = [...new Set([...Object.keys(MICROSOFT), ...contacts.map(({ peer }) => peer)])].slice(0, PEERS_MAX);
  const rows = Math.max(shown.length, hosts.length);
  const frameHeight = rows * (NODE_HEIGHT + GAP) + GAP + 28;
  const spacing = (rows * (NODE_HEIGHT + GAP)) / hosts.length;
  const stateOf = (own: readonly Contact[]): MapBox['state'] => {
    if (own.some(({ failed }) => failed > 0)) return 'failed';
    return own.length > 0 ? 'worked' : 'quiet';
  };
  const nodeBoxes = shown.map(({ name, personas, roles }, index) => ({
    name,
    detail: personas.join(', '),
    note: roles,
    x: LEFT + GAP,
    y: TOP + index * (NODE_HEIGHT + GAP),
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    state: attempts.some(({ node, outcome }) => node === name && outcome === 'failed')
      ? ('failed' as const)
      : stateOf(contacts.filter(({ node }) => node === name)),
  }));
  const peerBoxes = hosts.map((host, index) => ({
    name: clipped(host, 34),
    detail: MICROSOFT[host as keyof typeof MICROSOFT] ?? 'proxy, or another server',
    note: '',
    x: PEER_LEFT,
    y: Math.round(TOP + index * spacing + (spacing - NODE_HEIGHT - GAP) / 2),
    width: PEER_WIDTH,
    height: NODE_HEIGHT,
    state: stateOf(contacts.filter(({ peer }) => peer === host)),
  }));
  const links = contacts.flatMap((contact) => {
    const from = nodeBoxes.find(({ name }) => name === contact.node);
    const to = peerBoxes[hosts.indexOf(contact.peer)];
    return from && to ? [linkOf(contact, from, to)] : [];
  });
  return {
    width: WIDTH,
    height: frameHeight + 16,
    frameHeight,
    nodes: nodeBoxes,
    peers: peerBoxes,
    // What failed is drawn last, on top.
    links: [...links.filter(({ failed }) => failed === 0), ...links.filter(({ failed }) => failed > 0)],
    further: nodes.length - shown.length,
  };
}

function nodesToShow(nodes: readonly ReportNode[], attempts: readonly Attempt[]): ReportNode[] {
  const weight = ({ name }: ReportNode): number => {
    const own = attempts.filter(({ node }) => node === name);
    return own.some(({ outcome }) => outcome === 'failed') ? 2 : Math.min(own.length, 1);
  };
  const chosen = new Set([...nodes].sort((a, b) => weight(b) - weight(a)).slice(0, NODES_MAX));
  return nodes.filter((node) => chosen.has(node));
}

function contactsOf(attempts: readonly Attempt[]): Contact[] {
  const contacts = new Map<string, Contact>();
  for (const { node, stages } of attempts) {
    const failing = stages.find(({ failed }) => failed);
    for (const peer of new Set(stages.map((stage) => stage.peer).filter(Boolean))) {
      const key = JSON.stringify([node, peer]);
      const contact = contacts.get(key) ?? { node, peer, worked: 0, failed: 0, failure: '' };
      contacts.set(key, contact);
      if (failing?.peer === peer) {
        contact.failed += 1;
        contact.failure ||= `${failing.label}: ${clipped(failing.text, 200)}`;
      } else {
        contact.worked += 1;
      }
    }
  }
  return [...contacts.values()];
}

function linkOf(contact: Contact, from: MapBox, to: MapBox): MapLink {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  const bend = (x2 - x1) / 2;
  // Three quarters of the way along the curve: near the server, where curves of one node are apart.
  const t = 0.75;
  const along = (a: number, b: number, c: number, d: number): number =>
    Math.round((1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d);
  return {
    ...contact,
    path: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
    markX: along(x1, x1 + bend, x2 - bend, x2),
    markY: along(y1, y1, y2, y2),
  };
}

import type { Conversation } from './conversation.ts';
import { dialogueOf, type Spoken, type Turn } from './dialogue.ts';
import { httpLines, splitTunnelReply } from './http-lines.ts';
import { withoutRequestIds } from './redaction.ts';
import { SmtpLines } from './smtp-lines.ts';
import type { TrafficLog } from './traffic-log.ts';

/** A text file of the evidence. */
export interface TextFile {
  /** Without folder. */
  readonly name: string;
  readonly text: string;
}

const LINE_CHARACTERS_MAX = 2_000;

/**
 * What ISE nodes and the servers outside the deployment said to each other, connection by connection, in plain text.
 * Passwords, secrets, tokens and messages are left out.
 */
export function renderSessions(log: TrafficLog): TextFile[] {
  const isNode = (address: string | undefined): boolean =>
    log.hosts.some(({ host }) => host.address === address && host.peer === 'node');
  return log.conversations
    .filter(({ dial, address, outcome }) => {
      return outcome?.kind === 'connected' && isNode(dial.source.address) && !isNode(address);
    })
    .map((conversation) => ({ name: nameOf(conversation), text: transcriptOf(conversation) }));
}

function nameOf({ dial }: Conversation): string {
  const { host, port } = dial.beyondProxy ?? dial;
  const readable = `${dial.source.name}-${host}-${port}`.replaceAll(/[^\w.-]/g, '_').slice(0, 120);
  return `${String(dial.number).padStart(4, '0')}-${readable}.txt`;
}

function transcriptOf(conversation: Conversation): string {
  const { dial, address } = conversation;
  const { source, host, port, beyondProxy } = dial;
  const target = beyondProxy ? `${beyondProxy.host}:${beyondProxy.port} through the proxy ` : '';
  const lines = [
    `${source.name} (${source.address}:${dial.clientPort}) to ${target}${host}:${port} (${address ?? ''})`,
    'C: the node, S: the other side. Times are virtual; ******** stands for what is secret.',
    '',
  ];
  const [toProxy, turns] = splitAtTunnel(dialogueOf(conversation), beyondProxy !== undefined);
  lines.push(...linesOf(toProxy, httpLines), ...linesOf(turns, readerOf(turns)));
  return withoutRequestIds(`${lines.join('\n')}\n`);
}

type Reader = (turn: Spoken) => string[];

function linesOf(turns: readonly Turn[], read: Reader): string[] {
  return turns.flatMap((turn) => {
    const mark = turn.kind === 'remark' ? '--' : turn.by === 'node' ? 'C:' : 'S:';
    const at = new Date(turn.at).toISOString();
    const texts = turn.kind === 'remark' ? [turn.text] : read(turn);
    return texts.map((text) => `${at}  ${mark} ${printable(text)}`.trimEnd());
  });
}

/** By who speaks first, and how: an SMTP server greets, an HTTP client asks. */
function readerOf(turns: readonly Turn[]): Reader {
  const first = turns.find((turn) => turn.kind === 'spoken');
  if (first?.by === 'node' && /^[A-Z]+ \S+ HTTP\/1\.[01]\r\n/.test(first.text)) return httpLines;
  if (first?.by === 'peer' && /^[245]\d\d[ -]/.test(first.text)) {
    const smtp = new SmtpLines();
    return (turn) => smtp.of(turn);
  }
  return (turn) => [`(${turn.text.length + turn.missing} octets)`];
}

/** What is said to the proxy, and what is said through it. */
function splitAtTunnel(turns: readonly Turn[], isTunnel: boolean): [Turn[], Turn[]] {
  if (!isTunnel) return [[], [...turns]];
  const reply = turns.findIndex((turn) => turn.kind === 'spoken' && turn.by === 'peer');
  const turn = turns[reply];
  if (turn?.kind !== 'spoken') return [[...turns], []];
  const [head, behind] = splitTunnelReply(turn);
  return [
    [...turns.slice(0, reply), head],
    [...(behind ? [behind] : []), ...turns.slice(reply + 1)],
  ];
}

/** Nothing that a terminal would act upon. */
function printable(text: string): string {
  const clipped =
    text.length > LINE_CHARACTERS_MAX
      ? `${text.slice(0, LINE_CHARACTERS_MAX)} (${text.length - LINE_CHARACTERS_MAX} further characters)`
      : text;
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return clipped.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

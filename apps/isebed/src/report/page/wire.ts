import type { ReportFile } from './report-input.ts';
import { clockTime, fileLink } from './report-text.ts';

/** Beyond these the page links to the files. */
const SESSIONS_MAX = 40;
const LINES_MAX = 120;

export interface WireLine {
  readonly at: string;
  readonly by: 'C' | 'S' | '--';
  readonly who: string;
  readonly text: string;
  readonly decisive: boolean;
}

/** A connection as its transcript tells it. */
export interface WireSession {
  readonly id: string;
  readonly href: string;
  readonly path: string;
  readonly title: string;
  readonly at: string;
  readonly lines: readonly WireLine[];
  /** Lines that only the file has. */
  readonly furtherLines: number;
  /** The first line that decided against the node. */
  readonly decided: string | undefined;
}

/** The transcripts of a run: those that went wrong, and others up to a bound; in order. */
export function wireSessions(files: readonly ReportFile[]): { sessions: WireSession[]; furtherSessions: number } {
  const all = files.flatMap((file) => (file.path.startsWith('sessions/') && file.text !== undefined ? [file] : []));
  const read = all.map(readSession);
  const chosen = new Set(
    [...read].sort((a, b) => Number(b.decided !== undefined) - Number(a.decided !== undefined)).slice(0, SESSIONS_MAX),
  );
  return { sessions: read.filter((session) => chosen.has(session)), furtherSessions: read.length - chosen.size };
}

function readSession({ path, text = '' }: ReportFile): WireSession {
  const [head = '', ...others] = text.split('\n');
  const lines = others.flatMap(readLine);
  const number = /\d+/.exec(path)?.[0] ?? '';
  return {
    id: `session-${number}`,
    href: fileLink(path),
    path,
    title: head.replaceAll(/ \([^)]*\)/g, ''),
    at: lines[0]?.at ?? '',
    lines: lines.slice(0, LINES_MAX),
    furtherLines: Math.max(0, lines.length - LINES_MAX),
    decided: lines.find(({ decisive }) => decisive)?.text,
  };
}

function readLine(line: string): WireLine[] {
  const match = /^(\d{4}-\S+Z) {2}(C|S|-)(?::|-) ?(.*)$/.exec(line);
  if (!match) return [];
  const [, at = '', mark = '', text = ''] = match;
  const by = mark === 'C' || mark === 'S' ? mark : '--';
  const who = { C: 'node', S: 'server', '--': 'note' }[by];
  return [{ at: clockTime(at), by, who, text, decisive: isDecisive(by, text) }];
}

/** What a connection fails by: a reply of 4yz or 5yz, a refusal of HTTP, what Entra says of it, TLS and the network. */
function isDecisive(by: WireLine['by'], text: string): boolean {
  if (by === '--') return /^TLS failed|reset|cut off/.test(text);
  return by === 'S' && /^[45]\d\d[ -]|^HTTP\/1\.[01] [45]\d\d|AADSTS\d/.test(text);
}

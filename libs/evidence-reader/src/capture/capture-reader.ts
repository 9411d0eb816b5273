import { X509Certificate } from 'node:crypto';
import type { Observation, PathStage, Peer } from '#libs/diagnosis';
import { commonName, seen as seenCertificate } from '../certificate-reader.ts';
import { defined, type Findings, type Place } from '../findings.ts';
import { HttpReader } from '../http-reader.ts';
import { withoutSecrets } from '../redaction.ts';
import { SmtpReader } from '../smtp-reader.ts';
import { CaptureBlocks, type Frame } from './capture-blocks.ts';
import { dnsAnswerIn } from './dns-answers.ts';
import { packetIn, type TcpSegment } from './packets.ts';
import { TcpFlow, type Side, type Turn } from './tcp-flow.ts';
import { ALERTS, isTls, seenTls, type SeenTls } from './tls-records.ts';

/** A node talks to many; of more than so many connections the later ones are not followed. */
const FLOWS_MAX = 5_000;
const NAMES_MAX = 20_000;
/** Without an answer for so long nobody is there, or says nothing. */
const SILENCE_MS_MIN = 5_000;

const SMTP_PORTS: readonly number[] = [25, 465, 587];
const HTTPS_PORT = 443;
const PROXY_PORTS: readonly number[] = [3128, 8080, 8888];
const MICROSOFT_NAME = /microsoftonline|windows\.net|office365|outlook|office\.com|^smtp/;
const TOKEN_NAME = /microsoftonline|login\.windows\.net/;
const TOKEN_ENDPOINT = 'login.microsoftonline.com';

interface Target {
  flow: TcpFlow;
  peer: Peer;
  host: string | undefined;
  isProxy: boolean;
}

/**
 * Reads what a capture shows without keys: names that are not resolved, servers that do not answer or refuse, what
 * proxies say, SMTP until STARTTLS, certificates up to TLS 1.2, alerts, resets. `line` of its observations is the number
 * of a packet.
 *
 * Simplified: TLS is not decrypted, even where the capture or a file beside it has the secrets.
 */
export class CaptureReader {
  private readonly blocks = new CaptureBlocks((frame) => this.frame(frame));
  private readonly flows = new Map<string, TcpFlow>();
  private readonly past: TcpFlow[] = [];
  private readonly names = new Map<string, string>();
  private packets = 0;
  private lastAt = 0;

  constructor(
    private readonly findings: Findings,
    private readonly file: string,
  ) {}

  feed(chunk: Buffer): void {
    this.blocks.feed(chunk);
  }

  end(): void {
    this.findings.recognise('capture', this.packets);
    for (const flow of [...this.past, ...this.flows.values()].sort((a, b) => a.began.packet - b.began.packet)) {
      const target = this.targetOf(flow);
      if (target) this.judge(target);
    }
  }

  private frame(frame: Frame): void {
    this.packets += 1;
    this.lastAt = frame.at;
    const packet = packetIn(frame);
    if (packet?.kind === 'udp' && packet.fromPort === 53) this.resolved(packet.data, frame.at);
    if (packet?.kind === 'tcp') this.segment(packet, frame.at);
  }

  private resolved(data: Buffer, at: number): void {
    const answer = dnsAnswerIn(data);
    if (!answer) return;
    for (const address of answer.addresses) if (this.names.size < NAMES_MAX) this.names.set(address, answer.name);
    if ((answer.code !== 3 && answer.code !== 2) || !MICROSOFT_NAME.test(answer.name)) return;
    const { name } = answer;
    const peer: Peer = TOKEN_NAME.test(name) ? 'token-endpoint' : 'smtp';
    const place = this.place(
      this.packets,
      at,
      `DNS: ${name}: ${answer.code === 3 ? 'no such name' : 'server failure'}`,
    );
    const failed = { kind: 'network', outcome: 'failed', failure: 'dns-failure', stage: 'name', peer } as const;
    this.findings.add({ ...failed, host: name, source: place.source }, place);
  }

  private segment(segment: TcpSegment, at: number): void {
    const { from, to, fromPort, toPort } = segment;
    const key = [`${from}:${fromPort}`, `${to}:${toPort}`].sort().join(' ');
    let flow = this.flows.get(key);
    const isFirst = segment.isSyn && !segment.isAck;
    if (flow && isFirst && flow.turns.length > 0) {
      this.past.push(flow);
      flow = undefined;
    }
    if (!flow) {
      if (this.flows.size + this.past.length >= FLOWS_MAX) return;
      const toServer = isFirst || (!segment.isSyn && toPort < fromPort);
      const server = toServer ? { address: to, port: toPort } : { address: from, port: fromPort };
      flow = new TcpFlow(server, { packet: this.packets, at });
      this.flows.set(key, flow);
    }
    flow.add(segment, this.packets, at);
  }

  /** Undefined for what has nothing to do with mail. */
  private targetOf(flow: TcpFlow): Target | undefined {
    const { address, port } = flow.server;
    const name = this.names.get(address);
    const said = flow.turns.find(({ by }) => by === 'client')?.data;
    const connect = /^CONNECT ([\w.-]{1,255}):(\d{1,5}) /.exec(said?.toString('latin1', 0, 300) ?? '');
    if (connect) {
      const isToken = TOKEN_NAME.test(connect[1] ?? '');
      if (!isToken && connect[2] !== '587') return undefined;
      return { flow, peer: isToken ? 'token-endpoint' : 'smtp', host: connect[1], isProxy: true };
    }
    if (SMTP_PORTS.includes(port)) return { flow, peer: 'smtp', host: name, isProxy: false };
    const serverName = said && isTls(said) ? seenTls(said).serverName : undefined;
    const host = serverName ?? name;
    if (port === HTTPS_PORT && host !== undefined && TOKEN_NAME.test(host)) {
      return { flow, peer: 'token-endpoint', host, isProxy: false };
    }
    if (PROXY_PORTS.includes(port) && flow.turns.length === 0)
      return { flow, peer: 'token-endpoint', host: name, isProxy: true };
    return undefined;
  }

  private judge(target: Target): void {
    const { flow, peer, host, isProxy } = target;
    const { began, server, isAnswered, resetBy } = flow;
    const shown = host ?? server.address;
    const dialled = { peer, host: shown, port: server.port, ...(isProxy ? { proxyFor: `${TOKEN_ENDPOINT}:443` } : {}) };
    const begun = this.place(began.packet, began.at, `TCP to ${shown}:${server.port}`);
    const { source } = begun;
    if (!isAnswered) {
      const isRefused = resetBy?.side === 'server';
      if (!isRefused && flow.syns < 2 && this.lastAt - began.at < SILENCE_MS_MIN) return;
      const failure = isRefused ? 'connection-refused' : 'connect-timeout';
      const text = `${begun.text}: ${isRefused ? 'RST' : `no answer to ${flow.syns} SYN`}`;
      this.findings.add(
        { kind: 'network', outcome: 'failed', failure, stage: 'connect', ...dialled, source },
        { ...begun, text },
      );
      return;
    }
    this.findings.add({ kind: 'network', outcome: 'connected', ...dialled, source }, begun);
    const tlsFrom = flow.turns.findIndex(({ data }) => isTls(data));
    const plain = tlsFrom < 0 ? flow.turns : flow.turns.slice(0, tlsFrom);
    const stage = isProxy ? this.proxyTalk(plain) : peer === 'smtp' ? this.smtpTalk(plain) : 'tls';
    const isTold = tlsFrom >= 0 && this.tls(target, flow.turns.slice(tlsFrom));
    if (!isTold) this.loss(target, tlsFrom < 0 ? stage : 'tls', tlsFrom >= 0);
  }

  private smtpTalk(turns: readonly Turn[]): PathStage {
    const smtp = new SmtpReader(this.findings, Infinity);
    for (const { place, text, by } of this.linesOf(turns)) smtp.read(`${by === 'client' ? 'C' : 'S'}: ${text}`, place);
    smtp.end();
    const stage = smtp.stageAt(0) ?? 'greeting';
    return stage === 'ehlo' || stage === 'quit' || stage === 'other' ? 'greeting' : stage;
  }

  private proxyTalk(turns: readonly Turn[]): PathStage {
    const http = new HttpReader(this.findings, Infinity);
    for (const { place, text } of this.linesOf(turns)) http.read(text, place);
    return 'connect';
  }

  private *linesOf(turns: readonly Turn[]): Generator<{ place: Place; text: string; by: Side }> {
    for (const { data, packet, at, by } of turns) {
      for (const line of data.toString('utf8').split(/\r?\n/)) {
        const text = withoutSecrets(line.slice(0, 2_000).replaceAll(/\p{Cc}/gu, ' '));
        if (text !== '') yield { place: this.place(packet, at, text), text, by };
      }
    }
  }

  /** Whether it failed in a way that can be seen. */
  private tls({ peer, host, flow }: Target, turns: readonly Turn[]): boolean {
    const of = (side: Side): SeenTls => {
      return seenTls(Buffer.concat(turns.filter(({ by }) => by === side).map(({ data }) => data)));
    };
    const [client, server] = [of('client'), of('server')];
    const name = client.serverName ?? host;
    const chain = certificatesOf(server.certificates);
    const [first] = turns;
    const place = this.place(
      first?.packet ?? flow.began.packet,
      first?.at ?? flow.began.at,
      `TLS with ${name ?? flow.server.address}`,
    );
    const { source } = place;
    const about = defined({ peer, host: name });
    if (chain.length > 0) {
      this.findings.add({ kind: 'chain', ...about, certificates: chain.map(seenCertificate), source }, place);
    }
    const alert = client.alert ?? server.alert;
    const last = chain.at(-1);
    const presented = last ? { presented: chain.length, issuer: commonName(last.issuer) } : {};
    const failure = alert === undefined ? undefined : ALERTS[alert];
    if (failure !== undefined) {
      const who = client.alert === undefined ? 'the server' : 'the client';
      const seen: Observation = { kind: 'tls', outcome: 'failed', failure, ...about, ...presented, source };
      this.findings.add(seen, { ...place, text: `${place.text}: alert ${alert} of ${who}` });
      return true;
    }
    if (!client.hasApplicationData || !server.hasApplicationData) return false;
    const protocol = defined({ protocol: server.version });
    this.findings.add({ kind: 'tls', outcome: 'established', ...about, ...presented, ...protocol, source }, place);
    return false;
  }

  /** A connection that stood, and was reset or left without an answer. */
  private loss({ flow, peer, host }: Target, stage: PathStage, isTlsSeen: boolean): void {
    const { resetBy, turns, lastAt, server } = flow;
    const last = turns.at(-1);
    const about = { peer, host: host ?? server.address, port: server.port };
    // After TLS nobody sees who was asked for what; a reset then is how many programs hang up.
    if (resetBy?.side === 'server' && !(isTlsSeen && turns.length > 6)) {
      const place = this.place(resetBy.packet, resetBy.at, `RST of ${about.host}:${server.port}`);
      const lost = { kind: 'network', outcome: 'failed', failure: 'connection-reset', stage } as const;
      this.findings.add({ ...lost, ...about, source: place.source }, place);
      return;
    }
    const waitsSince = last === undefined ? flow.began.at : last.by === 'client' ? last.at : undefined;
    const until = Math.max(lastAt, this.lastAt);
    if (
      waitsSince === undefined ||
      until - waitsSince < SILENCE_MS_MIN ||
      isTlsSeen ||
      (last === undefined && peer !== 'smtp')
    )
      return;
    const place = this.place(
      last?.packet ?? flow.began.packet,
      waitsSince,
      `no answer of ${about.host}:${server.port}`,
    );
    const silent = { kind: 'network', outcome: 'failed', failure: 'read-timeout', stage } as const;
    this.findings.add({ ...silent, ...about, source: place.source }, place);
  }

  private place(packet: number, at: number, text: string): Place {
    const date = new Date(at);
    const time = Number.isNaN(date.getTime()) || at === 0 ? {} : { at: date.toISOString() };
    return { source: { file: this.file, line: packet, ...time }, text };
  }
}

function certificatesOf(chain: readonly Buffer[]): X509Certificate[] {
  return chain.flatMap((der) => {
    try {
      return new X509Certificate(der);
    } catch {
      return [];
    }
  });
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findScenarioFiles } from '#libs/scenario';
import { fieldText, type JournalRecord } from '#libs/simulation';
import { ROOT } from '../docs/markdown.ts';
import { dissect, withoutSecrets, type Packet } from './tshark.ts';

/** Wireshark's number for an expert information of severity "error". */
const SEVERITY_ERROR = 8_388_608;
const SYN = 0x02;
const SYN_ACK = 0x12;
const CERTIFICATE = '11';

const FIELDS = [
  '_ws.expert.severity',
  '_ws.malformed.expert',
  'frame.comment',
  'ip.src_host',
  'ip.src',
  'ip.dst',
  'tcp.stream',
  'tcp.flags',
  'tcp.srcport',
  'tcp.dstport',
  'tls.handshake.type',
  'smtp.req.command',
  'http.request.method',
];

/** Twice the same, to compare what is inside the packets. */
const TWICE = ['operations/healthy-day', 'troubleshooting/t1-wrong-proxy', 'catalogue/network/stalled-in-data'];

/** Two thousand sessions like those of healthy-day: to look for each in all of its packets would take minutes. */
const TOO_LONG = ['scenarios/operations/a-year.yaml'];

const files = findScenarioFiles([join(ROOT, 'scenarios')])
  .files.map((file) => relative(ROOT, file))
  .filter((file) => !TOO_LONG.includes(file));
const out = mkdtempSync(join(tmpdir(), 'isebed-captures-'));
const again = mkdtempSync(join(tmpdir(), 'isebed-captures-'));

/** The packets of each scenario's capture. */
const dissected = new Map<string, Packet[]>();

beforeAll(async () => {
  run(out, ...files);
  run(again, ...TWICE.map((name) => `scenarios/${name}.yaml`));
  const waiting = [...files];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      dissected.set(file, await dissect(join(folderOf(file), 'capture.pcapng'), FIELDS));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}, 300_000);
afterAll(() => [out, again].forEach((folder) => rmSync(folder, { recursive: true })));

function run(folder: string, ...scenarios: string[]): void {
  const args = ['bin/isebed.js', 'run', ...scenarios, '--out', folder];
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: 'ignore' });
}

function folderOf(file: string, below = out): string {
  return join(below, file.replace(/\.yaml$/, '').replaceAll('/', '-'));
}

function journalOf(file: string): JournalRecord[] {
  const text = readFileSync(join(folderOf(file), 'journal.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalRecord);
}

/** How often each comes up. */
function tally(keys: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(keys, (key) => key)].map(([key, all]) => [key, all.length]).sort());
}

/** A node's own name, or that of a host outside the lab. */
function shortName(host: string | undefined): string {
  return (host ?? '').replace(/\.lab\.example$/, '');
}

describe.each(files)('the capture of %s', (file) => {
  let packets: Packet[];
  let journal: JournalRecord[];
  const ofKind = (kind: string): JournalRecord[] => journal.filter((record) => record.kind === kind);
  const withFlags = (flags: number): Packet[] => packets.filter((packet) => Number(packet['tcp.flags']) === flags);

  beforeAll(() => {
    packets = dissected.get(file) ?? [];
    journal = journalOf(file);
  });

  it('is read by Wireshark without a malformed packet and without an error', () => {
    expect(packets.length).toBeGreaterThan(100);
    const faulty = packets.filter(
      (packet) =>
        packet['_ws.malformed.expert'] !== '' ||
        packet['_ws.expert.severity']?.split(',').map(Number).includes(SEVERITY_ERROR),
    );
    expect(faulty).toEqual([]);
  });

  it('has a conversation for each dial, between the addresses of the simulated network, with its answer', () => {
    const unknown = ofKind('network.failed').filter(({ failure }) => failure === 'dns-failure').length;
    const dialled = new Set(withFlags(SYN).map((packet) => packet['tcp.stream']));
    expect(dialled.size).toBe(ofKind('network.dialled').length - unknown);
    const answered = packets.filter((packet) => Number(packet['tcp.flags']) === SYN_ACK);
    expect(tally(answered.map((packet) => `${packet['ip.dst']} ${packet['ip.src']}:${packet['tcp.srcport']}`))).toEqual(
      tally(
        ofKind('network.connected').map(
          (record) => `${addressOf(record.node)} ${fieldText(record, 'address')}:${fieldText(record, 'port')}`,
        ),
      ),
    );
  });

  it('is decrypted: what the journal has of AUTH, of tokens and of certificates is in it', () => {
    const count = (field: string, value: string): number =>
      packets.filter((packet) => packet[field]?.split(',').includes(value)).length;
    expect(count('smtp.req.command', 'AUTH')).toBeGreaterThanOrEqual(ofKind('smtp.authenticated').length);
    expect(count('http.request.method', 'POST')).toBeGreaterThanOrEqual(ofKind('entra.token-granted').length);
    const showing = new Set(
      packets.flatMap((packet) =>
        packet['tls.handshake.type']?.split(',').includes(CERTIFICATE) ? packet['tcp.stream'] : [],
      ),
    );
    expect(showing.size).toBeGreaterThanOrEqual(ofKind('tls.established').length);
    expect(ofKind('tls.established').length).toBeGreaterThan(0);
  });

  it('says where a fault was applied, where nothing got through, and where TLS failed', () => {
    const comments = packets.flatMap((packet) => packet['frame.comment'] || []).join('\n');
    const texts = (kind: string, ...fields: string[]): string[][] =>
      ofKind(kind).map((record) => fields.map((field) => fieldText(record, field)));
    for (const [name, type, stage] of texts('fault.applied', 'name', 'type', 'stage')) {
      expect(comments).toContain(`fault "${name}" applied: ${type} at ${stage}`);
    }
    for (const [reason] of texts('network.dropped', 'reason')) {
      expect(comments).toContain(`nothing gets through: ${reason}`);
    }
    for (const [failure] of texts('tls.failed', 'failure')) expect(comments).toContain(`TLS failed: ${failure}`);
  });

  /** By the names that the capture itself gives. */
  function addressOf(node: string | undefined): string {
    return packets.find((packet) => shortName(packet['ip.src_host']) === shortName(node))?.['ip.src'] ?? `${node}?`;
  }
});

describe('two runs with the same seed', () => {
  const CONTENT = [
    ...[
      'frame.time_epoch',
      'ip.src',
      'ip.dst',
      'tcp.srcport',
      'tcp.dstport',
      'tcp.flags',
      'tcp.seq',
      'tcp.ack',
      'tcp.len',
    ],
    ...[
      'smtp.command_line',
      'smtp.response',
      'imf.subject',
      'http.request.line',
      'http.response.line',
      'http.file_data',
    ],
    ...['http.request.uri', 'frame.comment', 'x509sat.uTF8String', 'x509sat.printableString', 'dns.qry.name'],
  ];
  /** MSAL gives each request an ID of its own. */
  const REQUEST_ID = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/gi;
  /** Ciphertext in the second segment of a ClientHello, which tshark takes for SMTP when it happens to begin so. */
  const NO_TEXT = /"(smtp\.(?:response|command_line))":"[^"]*\uFFFD[^"]*"/g;

  it.each(TWICE)('of %s give the same packets, with the same content but for the IDs of requests', async (name) => {
    const reading = [out, again].map(async (below) => {
      const capture = join(folderOf(`scenarios/${name}.yaml`, below), 'capture.pcapng');
      const found = await dissect(capture, CONTENT);
      return found.map((packet) => JSON.stringify(packet).replaceAll(REQUEST_ID, 'ID').replaceAll(NO_TEXT, '"$1":""'));
    });
    const [first, second] = await Promise.all(reading);
    expect(first?.length).toBeGreaterThan(100);
    expect(first?.join('\n')).toMatch(/AUTH XOAUTH2 \w{100}/);
    expect(second).toEqual(first);
  });
});

it('has its key log beside it for programs that take no secrets from a capture', async () => {
  const folder = folderOf('scenarios/troubleshooting/t4-wrong-object-id.yaml');
  const copy = join(out, 'without-secrets.pcapng');
  await withoutSecrets(join(folder, 'capture.pcapng'), copy);
  const auths = async (options: string[]): Promise<number> => {
    const found = await dissect(copy, ['smtp.req.command'], ['-Y', 'smtp.req.command == "AUTH"', ...options]);
    return found.length;
  };
  expect(await auths([])).toBe(0);
  expect(await auths(['-o', `tls.keylog_file:${join(folder, 'tls-keys.log')}`])).toBeGreaterThan(3);
});

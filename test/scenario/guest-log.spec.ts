import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isebed, temporaryFolder } from '../e2e/isebed-process.ts';

/** One step of the scenario for each sequence of fact sheet ise 1.4, in this order. */
const STEPS = [
  'test mail',
  'alarm mail',
  'test connection',
  'save',
  'no proxy',
  'timeout',
  'a proxy',
  'smtp root deleted',
  'missing chain of smtp',
  'smtp ca imported',
  'token root deleted',
  'missing chain of the token endpoint',
  'level INFO',
  'missing chain at INFO',
] as const;

const LINE =
  /^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (?<level>FATAL|ERROR|WARN |INFO |DEBUG|TRACE) \[(?<thread>[\w-]+)\]\[\[\]\] (?<logger>cpm(?:\.\w+)+) -::(?<user>\w*):::- (?<text>\S.*)$/;

const SETTINGS = 'cpm.admin.guestaccess.action.SmtpServerSettingsAction';
const CACHE = 'cpm.guestaccess.apiservices.oauth.OauthTokenCache';
const PROVIDER = 'cpm.guestaccess.apiservices.oauth.ExchangeOnlineProvider';
const SESSION = 'cpm.guestaccess.apiservices.util.SmtpSession';
const MAIL_JOB = 'cpm.guestaccess.apiservices.util.SmtpMsgRetryThreadUtil';
const RETRY_THREAD = 'GUEST_ACCESS_SMTP_RETRY_THREAD';

const PKIX = 'PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: ';
const NO_PATH = 'unable to find valid certification path to requested target';

interface Line {
  at: number;
  level: string;
  thread: string;
  logger: string;
  user: string;
  text: string;
  /** What stands below, as a stack trace does. */
  below: string[];
}

const folder = temporaryFolder();
let steps: Map<string, number>;
let logs: Record<string, Line[]>;

beforeAll(async () => {
  const { status } = await isebed(['run', 'test/fixtures/guest-log/sequences.yaml', '--out', folder.path]);
  expect(status).toBe(0);
  const run = join(folder.path, 'test-fixtures-guest-log-sequences');
  const { story } = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8'));
  const starts = new Set<number>(story.slice(1).map(({ at }: { at: string }) => Date.parse(at)));
  steps = new Map([...starts].map((start, index) => [STEPS[index] ?? '', start]));
  expect([...steps.keys()]).toEqual([...STEPS]);
  const read = (node: string): Line[] => parseLog(readFileSync(join(run, node, 'guest.log'), 'utf8'));
  logs = { pan1: read('pan1'), mnt1: read('mnt1'), psn1: read('psn1') };
});
afterAll(() => folder[Symbol.dispose]());

function parseLog(text: string): Line[] {
  const lines: Line[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const fields = LINE.exec(line)?.groups;
    if (!fields) {
      lines.at(-1)?.below.push(line);
      continue;
    }
    const { time = '', level = '', thread = '', logger = '', user = '', text: message = '' } = fields;
    const at = Date.parse(`${time.replace(' ', 'T').replace(',', '.')}Z`);
    lines.push({ at, level: level.trim(), thread, logger, user, text: message, below: [] });
  }
  return lines;
}

/** The lines of one step, on the thread that the page's request is served by, or on all threads. */
function linesOf(step: (typeof STEPS)[number], node = 'pan1'): Line[] {
  const from = steps.get(step) ?? Infinity;
  const until = Math.min(...[...steps.values()].filter((start) => start > from));
  return (logs[node] ?? []).filter(({ at }) => at >= from && at < until);
}

function shape(lines: readonly Line[]): string[] {
  return lines.map(({ level, logger }) => `${level} ${logger}`);
}

function offsets(lines: readonly Line[]): number[] {
  return lines.map(({ at }) => at - (lines[0]?.at ?? 0));
}

/** All lines are of one admin request: one thread, the administrator as user. */
function expectOneRequest(lines: readonly Line[]): void {
  expect(new Set(lines.map(({ thread }) => thread)).size).toBe(1);
  expect(lines[0]?.thread).toMatch(/^admin-http-pool\d{1,3}$/);
  expect(new Set(lines.map(({ user }) => user))).toEqual(new Set(['admin']));
}

describe('guest.log', () => {
  it('has the layout of the real one, line by line', () => {
    expect(logs['pan1']?.length).toBeGreaterThan(40);
    const below = Object.values(logs).flatMap((lines) => lines.flatMap((line) => line.below));
    expect(new Set(below.map((line) => line.trim().replace(/: .*/, ':')))).toEqual(
      new Set(['nested exception is:', 'java.net.SocketTimeoutException:', 'javax.net.ssl.SSLHandshakeException:']),
    );
    const times = logs['pan1']?.map(({ at }) => at) ?? [];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(logs['psn1']).toEqual([]);
  });

  it('test mail: handed to the retry thread, while the admin thread waits for its Future', () => {
    const lines = linesOf('test mail').filter(({ level }) => level === 'INFO');
    const admin = lines.filter(({ thread }) => thread !== RETRY_THREAD);
    expectOneRequest(admin);
    expect(lines.map(({ thread }) => (thread === RETRY_THREAD ? 'retry' : 'admin')).join(' ')).toBe(
      'admin admin admin admin retry retry admin admin',
    );
    const [submitting, , waiting, , taken, sent, status, duration] = lines;
    expect(submitting?.text).toBe('sendMailMessage: Submitting Mail Job');
    expect(taken?.logger).toBe(MAIL_JOB);
    expect(status?.text).toBe('sendMailMessage: Future.get status: success');
    expect(offsets(lines).slice(0, 5)).toEqual([0, 0, 1, 1, 1]);
    expect(new Set(lines.slice(5).map(({ at }) => at)).size).toBe(1);
    const took = (sent?.at ?? 0) - (waiting?.at ?? 0);
    expect(duration?.text).toBe(`Time taken for Future.get method call is ${took} Milliseconds.`);
    expect(took).toBeGreaterThan(2_000);
    expect(took).toBeLessThan(8_000);
  });

  it('alarm mail: six DEBUG lines on the worker thread of the active MnT, three and three', () => {
    const lines = linesOf('alarm mail', 'mnt1').filter(({ thread }) => thread.startsWith('MnT-'));
    expect(lines).toHaveLength(6);
    for (const { level, thread, logger } of lines) {
      expect({ level, thread }).toEqual({ level: 'DEBUG', thread: 'MnT-AlarmWorkerMail-Threadpool-0' });
      expect(logger).toMatch(/^cpm\.guestaccess\.apiservices\.util\./);
    }
    expect(offsets(lines)).toEqual([0, 0, 0, 12, 12, 12]);
    expect(linesOf('alarm mail')).toEqual([]);
  });

  it('test connection: the page, then the token at one instant, then session and page at one instant', () => {
    const lines = linesOf('test connection');
    expectOneRequest(lines);
    expect(shape(lines)).toEqual(
      [SETTINGS, SETTINGS, CACHE, PROVIDER, CACHE, SESSION, SETTINGS].map((logger) => `DEBUG ${logger}`),
    );
    const [first = NaN, second = NaN, cache = NaN, provider = NaN, filled = NaN, session = NaN, page = NaN] =
      offsets(lines);
    expect([first, second]).toEqual([0, 0]);
    expect([provider, filled]).toEqual([cache, cache]);
    expect(page).toBe(session);
    // 0.76 s for the token and 4.5 s for connection and AUTH in the field.
    expect(cache).toBeGreaterThan(200);
    expect(cache).toBeLessThan(2_000);
    expect(session - cache).toBeGreaterThan(3_600);
    expect(session - cache).toBeLessThan(5_400);
  });

  it('save: eight lines of the page within some 20 ms, and none of a token or a connection', () => {
    const lines = linesOf('save');
    expectOneRequest(lines);
    expect(shape(lines)).toEqual(Array.from({ length: 8 }, () => `DEBUG ${SETTINGS}`));
    expect(offsets(lines).at(-1)).toBe(20);
  });

  it('timeout: an ERROR of the session with the nested SocketTimeoutException, after 60 s', () => {
    const lines = linesOf('timeout');
    expectOneRequest(lines);
    const errors = lines.filter(({ level }) => level === 'ERROR');
    expect(shape(errors)).toEqual([`ERROR ${SESSION}`]);
    expect(errors[0]?.below.map((line) => line.trim())).toEqual([
      'nested exception is:',
      'java.net.SocketTimeoutException: connect timed out',
    ]);
    expect((errors[0]?.at ?? 0) - (lines[0]?.at ?? 0)).toBe(60_000);
  });

  it('missing chain: an ERROR of the session for the SMTP server, of the provider for the token endpoint', () => {
    for (const [step, logger] of [
      ['missing chain of smtp', SESSION],
      ['missing chain of the token endpoint', PROVIDER],
    ] as const) {
      const lines = linesOf(step);
      expectOneRequest(lines);
      const errors = lines.filter(({ level }) => level === 'ERROR');
      expect(shape(errors)).toEqual([`ERROR ${logger}`]);
      expect([errors[0]?.text, ...(errors[0]?.below ?? [])].join('\n')).toContain(`${PKIX}${NO_PATH}`);
    }
  });

  it('shows no DEBUG line at level INFO, and the ERROR all the same', () => {
    expect(shape(linesOf('missing chain of the token endpoint'))).toContain(`DEBUG ${SETTINGS}`);
    const from = steps.get('missing chain at INFO') ?? Infinity;
    const lines = logs['pan1']?.filter(({ at }) => at >= from) ?? [];
    expect(shape(lines)).toEqual([`ERROR ${PROVIDER}`]);
  });
});

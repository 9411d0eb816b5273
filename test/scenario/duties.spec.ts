import { CONFIG_KEYS } from '#apps/ise-node';
import { sixNodeDeployment } from '#libs/deployment';
import { fieldText, Random } from '#libs/simulation';
// eslint-disable-next-line no-restricted-imports -- the composition root is a program and has no index.ts
import { disputedMails, MailLedger, mailsOfWrongNodes } from '../../apps/isebed/src/run/mail-ledger.ts';
import { START } from '../contract/microsoft-lab.ts';
import { inNodeLab, recordsOf, SMTP_HOST, type NodeLab, type NodeLabSettings } from '../contract/node-lab.ts';

/*
 * Random troubles of a deployment of six nodes while reminders fall due, sponsors resend and alarms are raised: cuts,
 * kills, restarts, promotions, outages of Exchange, clocks that are set. Afterwards all is healed, and every mail must
 * have come from the node whose duty it was, once, or have ended in a failure that is seen.
 */

const RUNS = 32;
const STEPS = 30;

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ADVANCE_MS = 20 * HOUR_MS;
const GUESTS = 12;
const ALARMS = ['Process Down', 'High Load Average', 'High Memory Utilization'] as const;

const SIX = sixNodeDeployment();
const NODES = SIX.nodes.map(({ name }) => name);

const addressOf = (guest: string): string => `guest${guest}@visitor.example`;

function accountOf(guest: string, dueAt: number): readonly [string, unknown] {
  const account = {
    id: guest,
    username: guest,
    password: 'p',
    firstName: 'Ada',
    lastName: guest,
    emailAddress: addressOf(guest),
    guestType: 'Visitor',
    validFrom: START - ADVANCE_MS,
    validTo: dueAt + ADVANCE_MS,
    state: 'Active',
    createdAt: START - ADVANCE_MS,
  };
  return [CONFIG_KEYS.guest(guest), account];
}

/** Guests `1` to `12` get a reminder within the first three hours; `0` is there to be resent. */
function configOf(random: Random): NonNullable<NodeLabSettings['config']> {
  const due = random.stream('due');
  const guests = Array.from({ length: GUESTS }, (_, index) =>
    // Some fall due together.
    accountOf(String(index + 1), START + due.integer(1, 36) * 5 * MINUTE_MS),
  );
  return [
    [
      CONFIG_KEYS.guestType('Visitor'),
      {
        name: 'Visitor',
        durationMsMax: 5 * 24 * HOUR_MS,
        defaultDurationMs: 24 * HOUR_MS,
        allowGuestPortalBypass: false,
        expirationNotification: { enabled: true, sendEmail: true, advanceMs: ADVANCE_MS, text: 'Ends soon.' },
      },
    ],
    ...guests,
    accountOf('0', START + 20 * 24 * HOUR_MS),
    [CONFIG_KEYS.sponsor('sue'), { username: 'sue', emailAddress: 'sue@lab.example' }],
    [
      CONFIG_KEYS.adminUser('ops'),
      {
        kind: 'admin',
        username: 'ops',
        emailAddress: 'ops@operations.example',
        includeSystemAlarmsInEmails: true,
        passwordChangedAt: START,
        passwordNeverExpires: true,
        enabled: true,
      },
    ],
    [
      CONFIG_KEYS.alarms,
      {
        sender: 'ise@lab.example',
        perAlarm: Object.fromEntries(ALARMS.map((name) => [name, { suppressForMinutes: 0 }])),
      },
    ],
    [CONFIG_KEYS.retry, { attemptsMax: 10, firstDelayMs: 30_000, delayMsMax: 10 * MINUTE_MS }],
    [
      CONFIG_KEYS.panFailover,
      {
        enabled: random.stream('failover').chance(0.5),
        primaryHealthCheckNode: 'psn1',
        secondaryHealthCheckNode: 'mnt2',
        pollingIntervalSeconds: 30,
        failedAttempts: 3,
      },
    ],
  ];
}

/** One run: the lab in its troubles, and what nodes have promised meanwhile. */
class Trouble {
  readonly story: string[] = [];
  /** Details of alarms that a node took: they must be mailed. */
  readonly alarms: string[] = [];
  private readonly cut = new Set<string>();
  private readonly down = new Set<string>();
  private isExchangeCut = false;
  private count = 0;

  constructor(
    private readonly lab: NodeLab,
    private readonly random: Random,
  ) {}

  async go(): Promise<void> {
    for (let step = 0; step < STEPS; step += 1) {
      const { random, lab } = this;
      await lab.clock.sleep(random.chance(0.4) ? random.integer(1, 3_000) : random.integer(5, 400) * SECOND_MS);
      await this.random.pick(this.deeds)();
    }
  }

  async mend(): Promise<void> {
    const { lab } = this;
    this.tell('all is mended');
    lab.network.heal(SMTP_HOST);
    for (const node of this.cut) lab.network.heal(node);
    for (const node of [...this.down]) await lab.start(node);
    await lab.clock.sleep(6 * HOUR_MS);
  }

  private get deeds(): readonly (() => Promise<void> | void)[] {
    const { lab, random } = this;
    const node = random.pick(NODES);
    return [
      () => this.cutOff(node),
      () => this.heal(node),
      () => this.heal(node),
      () => this.kill(node),
      () => this.kill(random.pick(['pan1', 'pan2', 'mnt1', 'mnt2'])),
      () => this.killWhileItSends(),
      () => this.killWhileItSends(),
      () => this.start(),
      () => this.start(),
      () => this.promote(random.pick(['pan1', 'pan2'])),
      () => {
        this.isExchangeCut = !this.isExchangeCut;
        this.tell(`Exchange ${this.isExchangeCut ? 'is cut off' : 'is back'}`);
        if (this.isExchangeCut) lab.network.cut(SMTP_HOST);
        else lab.network.heal(SMTP_HOST);
      },
      () => this.resend(random.pick(['psn1', 'psn2'])),
      () => this.resend(random.pick(['psn1', 'psn2'])),
      () => this.raise(node),
      () => this.raise(node),
      async () => {
        this.tell('an hour goes by');
        await lab.clock.sleep(HOUR_MS);
      },
    ];
  }

  private cutOff(node: string): void {
    this.tell(`${node} is cut off`);
    this.cut.add(node);
    this.lab.network.cut(node);
  }

  private heal(node: string): void {
    const healed = this.cut.has(node) ? node : [...this.cut][0];
    if (healed === undefined) return;
    this.tell(`${healed} is healed`);
    this.cut.delete(healed);
    this.lab.network.heal(healed);
  }

  private kill(node: string): void {
    if (this.down.has(node)) return;
    this.tell(`${node} is killed`);
    this.down.add(node);
    this.lab.kill(node);
  }

  /** Kills the next node that is about to have sent a message, at the latest in two minutes. */
  private async killWhileItSends(): Promise<void> {
    const { clock } = this.lab;
    const seen = recordsOf(this.lab, 'smtp.authenticated').length;
    for (let waited = 0; waited < 2 * MINUTE_MS; waited += 100) {
      const [sending] = recordsOf(this.lab, 'smtp.authenticated').slice(seen);
      if (sending?.node !== undefined) {
        await clock.sleep(this.random.integer(1, 1_500));
        return this.kill(sending.node);
      }
      await clock.sleep(100);
    }
  }

  private async start(): Promise<void> {
    const [node] = this.down;
    if (node === undefined) return;
    this.tell(`${node} is started`);
    this.down.delete(node);
    await this.lab.start(node);
  }

  private promote(pan: string): void {
    if (this.down.has(pan)) return;
    this.tell(`${pan} is to be promoted`);
    this.ask(pan, 'deployment/promote');
  }

  private resend(psn: string): void {
    if (this.down.has(psn)) return;
    this.tell(`resend on ${psn}`);
    this.ask(psn, 'sponsor-portal/guests/0/resend', { sponsor: 'sue' });
  }

  private raise(node: string): void {
    if (this.down.has(node)) return;
    this.count += 1;
    const details = `case-${this.count}-of-this-run`;
    const name = this.random.pick(ALARMS);
    this.tell(`alarm ${details} on ${node}`);
    this.ask(node, 'alarms', { name, details }, () => this.alarms.push(details));
  }

  /** Nobody waits for the answer, and the node may die before it gives one. */
  private ask(node: string, path: string, body: object = {}, onTaken: () => void = () => undefined): void {
    void this.lab.call(node, 'POST', path, { body }).then(
      ({ status }) => {
        if (status < 300) onTaken();
      },
      () => undefined,
    );
  }

  private tell(what: string): void {
    this.story.push(`${this.lab.clock.timestamp()} ${what}`);
  }
}

/** Everything that is wrong after a run; the empty list is the property. */
async function complaintsAfter({ alarms }: Trouble, lab: NodeLab): Promise<string[]> {
  const { journal, exchange } = lab;
  const ledger = new MailLedger(journal.records, SIX).read();
  const complaints = [
    ...mailsOfWrongNodes(ledger).map(({ id, type, from }) => `${from} sent ${type} ${id}, which was not its duty`),
    ...disputedMails(journal.records, ledger).map(({ id, outcome }) => `${id} is ${outcome} for its node alone`),
    ...ledger
      .filter(({ outcome }) => outcome === 'pending' || outcome === 'retrying')
      .map(({ id, outcome }) => `${id} is still ${outcome}`),
  ];
  const ids = exchange.messages.map(({ messageId }) => messageId);
  complaints.push(...ids.filter((id, index) => ids.indexOf(id) < index).map((id) => `${id} came twice`));
  for (let guest = 1; guest <= GUESTS; guest += 1) {
    const address = addressOf(String(guest));
    const mails = ledger.filter(({ type, to, outcome }) => {
      return type === 'guest-expiry' && to.includes(address) && outcome !== 'withdrawn';
    });
    if (mails.length !== 1) complaints.push(`${address}: ${mails.length} reminders that count`);
    const delivered = exchange.deliveredTo(address).length;
    const [mail] = mails;
    if (delivered > 1) complaints.push(`${address} got ${delivered} reminders`);
    if (mail?.outcome === 'delivered' && delivered !== 1) complaints.push(`${address} got none`);
  }
  complaints.push(...(await alarmComplaints(alarms, lab)));
  return complaints;
}

async function alarmComplaints(alarms: readonly string[], lab: NodeLab): Promise<string[]> {
  const bodies = lab.exchange.messages.map(({ raw }) => raw.toString('utf8'));
  const complaints: string[] = [];
  for (const details of alarms) {
    const mailed = bodies.filter((body) => body.includes(`${details}\r`) || body.includes(`${details}\n`)).length;
    const listed = await Promise.all(
      ['mnt1', 'mnt2'].map(async (mnt) => (await lab.call(mnt, 'GET', `mnt/alarms?keyword=${details}`)).body[0]),
    );
    const ends = listed.map((entry) => (entry as { delivery?: string } | undefined)?.delivery ?? 'unknown');
    if (mailed > 1) complaints.push(`alarm ${details} was mailed ${mailed} times`);
    const isSeen = ends.some((end) => end === 'sent' || end === 'undeliverable');
    if (mailed === 0 && !isSeen) complaints.push(`alarm ${details} was lost: ${ends.join(', ')}`);
  }
  return complaints;
}

/** Kinds of records that the runs left, and reasons for which mails were given up. */
function noteSeen(lab: NodeLab, seen: Set<string>): void {
  for (const { kind } of lab.journal.records) seen.add(kind);
  for (const record of recordsOf(lab, 'mail.given-up')) seen.add(`given up: ${fieldText(record, 'reason')}`);
}

describe('whatever happens to the nodes', () => {
  const seeds = Array.from({ length: RUNS }, (_, index) => index + 1);
  const seen = new Set<string>();

  it.each(seeds)('each mail comes once and from the right node, or fails visibly (seed %d)', async (seed) => {
    const random = new Random(`duties/${seed}`);
    const settings = { deployment: SIX, seed: String(seed), debugLog: 'ERROR', config: configOf(random) } as const;
    await inNodeLab(settings, async (lab) => {
      await lab.saveSmtpServer('pan1');
      await lab.clock.sleep(SECOND_MS);
      const trouble = new Trouble(lab, random.stream('trouble'));
      await trouble.go();
      await trouble.mend();
      noteSeen(lab, seen);
      const complaints = await complaintsAfter(trouble, lab);
      if (complaints.length > 0) throw new Error([...complaints, '', ...trouble.story].join('\n'));
    });
  });

  it('all of it has happened in these runs', () => {
    const expected = ['mail.held', 'mail.withdrawn', 'mail.retry-scheduled', 'pan.promoted', 'mnt.switched'];
    expect([...seen]).toEqual(expect.arrayContaining([...expected, 'given up: refused', 'given up: outcome-unknown']));
  });
});

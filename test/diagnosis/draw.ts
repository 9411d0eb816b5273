import { Random } from '#libs/simulation';
import type { AttemptKind, Breakage, BreakageOf, Cast, RawStep } from './breakage.ts';
import { ENTRA_BREAKAGES } from './entra-breakages.ts';
import { EXCHANGE_BREAKAGES } from './exchange-breakages.ts';
import { ISE_BREAKAGES } from './ise-breakages.ts';
import { WAY_BREAKAGES } from './way-breakages.ts';

/** How each root cause can be brought about. */
export const BREAKAGES: Readonly<Record<string, BreakageOf>> = {
  ...ISE_BREAKAGES,
  ...WAY_BREAKAGES,
  ...ENTRA_BREAKAGES,
  ...EXCHANGE_BREAKAGES,
};

/** What is drawn, and how often in a row it fails on purpose. */
export type DrawTask =
  | { kind: 'single'; seed: number; code: string }
  | { kind: 'pair'; seed: number; first: string; second: string }
  | { kind: 'healthy'; seed: number };

/** A scenario file as data, and where its attempts are. */
export interface Draw {
  scenario: Record<string, unknown>;
  attempts: DrawnAttempt[];
}

export interface DrawnAttempt {
  /** The cause that it must show; undefined: none. */
  code?: string;
  kind: AttemptKind;
  /** Type of the mail, where it is one. */
  mailType?: string;
  /** How its subject ends. */
  subject?: string;
  /** The kind of record that it is seen by, where it is its own. */
  record?: string;
  /** How many steps there are up to it. */
  end: number;
}

/** All that the page SMTP Server takes, right. */
const RIGHT_FORM = {
  authentication: 'oauth',
  encryption: true,
  connectionTimeoutSeconds: 60,
  tenantId: '{{tenant.id}}',
  clientId: '{{app.clientId}}',
  clientSecret: '{{secrets.current.value}}',
  emailAddress: '{{mailbox}}',
} as const;

const HEALTHY_ATTEMPTS: readonly AttemptKind[] = ['mail', 'test', 'mail'];

/** Mistakes of those who set it up. */
const SET_UP_CAUSES: readonly string[] = [
  'entra.tenant-unknown',
  'entra.tenant-malformed',
  'entra.application-unknown',
  'entra.client-id-invalid',
  'entra.secret-missing',
  'entra.secret-is-the-id',
  'exchange.tenant-smtp-auth-disabled',
  'exchange.tenant-mismatch',
  'exchange.role-missing',
  'exchange.service-principal-missing',
  'exchange.service-principal-wrong-object-id',
  'exchange.mailbox-unknown',
  'exchange.mailbox-out-of-scope',
];
const SET_UP_CHANCE = 0.7;

/** What a draw may say of the world before the run that earlier mails, or waiting, would spoil. */
const MIND_THE_PAST = ['clock', 'smtpSettings', 'guestEmailSettings', 'catchUp'] as const;

/** Raised by a draw; the alarms about mails that failed are others. */
const ALARM = 'High Load Average';

const FIRST_NAMES = ['Ada', 'Bruno', 'Chloé', 'Deniz', 'Emil', 'Fatima', 'Gül', 'Henrik'] as const;
const LAST_NAMES = ['Abel', 'Brandt', 'Çelik', 'Dupont', 'Eriksen', 'Ferrari', 'García'] as const;
const STEMS = ['ise', 'ber', 'muc-ise', 'madrid', 'lab', 'hq', 'x1'] as const;

/** A draw follows from its task alone. */
export function drawOf(task: DrawTask): Draw {
  const random = randomOf(task);
  switch (task.kind) {
    case 'single': {
      const { cast, deployment, alarmNode } = castOf(random, needsNodesApart(task.code));
      const breakage = maybeAtSetUp(task.code, breakageOf(task.code, random, cast), random);
      const attempt = attemptOf(breakage, { code: task.code, random, cast, alarmNode });
      const steps = [...before(breakage, attempt.kind, random, cast), ...breakage.broken, ...attempt.steps];
      const scenario = scenarioOf(task, { deployment, random, steps, given: breakage.given });
      return { scenario, attempts: [{ ...attempt.drawn, end: steps.length }] };
    }
    case 'pair': {
      const { cast, deployment, alarmNode, first, second } = partsOfPair(task, random);
      const one = attemptOf(first, { code: task.first, random, cast, alarmNode, fresh: true });
      const other = attemptOf(second, { code: task.second, random, cast, alarmNode, fresh: true });
      const untilFirst = [...second.broken, ...first.broken, ...one.steps];
      const steps = [...untilFirst, ...first.mended, ...other.steps];
      const scenario = scenarioOf(task, { deployment, random, steps, given: { ...second.given, ...first.given } });
      const attempts = [
        { ...one.drawn, end: untilFirst.length },
        { ...other.drawn, end: steps.length },
      ];
      return { scenario, attempts };
    }
    case 'healthy': {
      const { cast, deployment, alarmNode } = castOf(random, false);
      const steps: RawStep[] = [];
      for (const kind of HEALTHY_ATTEMPTS) {
        const attempt = attemptOf(
          { at: 'settings', broken: [], mended: [], attempts: [kind] },
          { random, cast, alarmNode },
        );
        steps.push({ wait: `${random.integer(1, 300)}m` }, ...attempt.steps);
      }
      return { scenario: scenarioOf(task, { deployment, random, steps }), attempts: [] };
    }
  }
}

/** Who is in the pair, and what breaks: the same for the same task. */
export function partsOfPair(task: Extract<DrawTask, { kind: 'pair' }>, random = randomOf(task)) {
  const actors = castOf(random, true);
  const { cast } = actors;
  return { ...actors, first: breakageOf(task.first, random, cast), second: breakageOf(task.second, random, cast) };
}

function randomOf(task: DrawTask): Random {
  return new Random(`diagnosis ${JSON.stringify(task)}`);
}

/** Causes that need nodes apart; a single node has a token in its cache from the set-up, besides. */
const APART: readonly string[] = [
  'exchange.token-from-before-consent',
  'ise.primary-pan-down',
  'ise.active-mnt-lost',
  'ise.node-deregistered',
  'ise.node-out-of-sync',
];

function needsNodesApart(code: string): boolean {
  return APART.includes(code);
}

/** As in the field, most of these come up when mail is set up for the first time: nothing has worked before. */
function maybeAtSetUp(code: string, breakage: Breakage, random: Random): Breakage {
  if (!SET_UP_CAUSES.includes(code) || !random.chance(SET_UP_CHANCE)) return breakage;
  return { ...breakage, given: { ...breakage.given, smtpSettings: 'none' }, attempts: ['test'] };
}

/** The breakage of a code in a draw; the same for the same seed. */
function breakageOf(code: string, random: Random, cast: Cast): Breakage {
  const breakage = BREAKAGES[code];
  if (!breakage) throw new Error(`no breakage for ${code}: add one to test/diagnosis`);
  return breakage(random.stream(code), cast);
}

function castOf(random: Random, distributed: boolean) {
  const stem = random.pick(STEMS);
  const named = (role: string): string => `${stem}-${role}${random.integer(1, 99)}`;
  const personas = { pan: 'Administration', psn: 'Policy Service', mnt: 'Monitoring' } as const;
  if (!distributed && random.chance(0.15)) {
    const pan = named('all');
    const cast: Cast = { pan, psn: pan, otherPsn: pan, mnt: pan };
    return { cast, alarmNode: pan, deployment: { nodes: [{ name: pan, personas: Object.values(personas) }] } };
  }
  const isSmall = !distributed && random.chance(0.4);
  const pan = named('pan');
  const mnt = isSmall ? pan : named('mnt');
  const psn = named('psna');
  const otherPsn = named('psnb');
  const nodes = [
    { name: pan, personas: isSmall ? [personas.pan, personas.mnt] : [personas.pan] },
    ...(isSmall ? [] : [{ name: mnt, personas: [personas.mnt] }]),
    { name: psn, personas: [personas.psn] },
    { name: otherPsn, personas: [personas.psn] },
  ];
  return { cast: { pan, psn, otherPsn, mnt }, alarmNode: mnt, deployment: { nodes } };
}

/** What happened before: nothing, mails of the other node, or mails of the very node, which then has a token. */
function before(breakage: Breakage, kind: AttemptKind, random: Random, { psn, otherPsn }: Cast): RawStep[] {
  if (breakage.own ?? MIND_THE_PAST.some((key) => key in (breakage.given ?? {}))) return [];
  const mayBeCached = !breakage.hiddenByCache && kind === 'mail';
  const sender = random.chance(mayBeCached ? 0.4 : 0) ? psn : otherPsn;
  const mails: RawStep[] = random.chance(0.7)
    ? [{ click: `${sender} / Sponsor Portal / Resend`, with: { guest: '1001' } }]
    : [];
  return random.chance(0.5) ? [...mails, { wait: `${random.integer(1, 50)}m` }] : mails;
}

interface AttemptContext {
  code?: string;
  random: Random;
  cast: Cast;
  alarmNode: string;
  /** By a node without a token in its cache. */
  fresh?: boolean;
}

function attemptOf(
  breakage: Breakage,
  context: AttemptContext,
): { steps: RawStep[]; kind: AttemptKind; drawn: Omit<DrawnAttempt, 'end'> } {
  const { code, random, cast } = context;
  const { attempts = ['test', 'mail'], typed, hiddenByCache = false } = breakage;
  const mayBe = hiddenByCache && cast.pan === cast.psn && attempts.includes('test') ? (['test'] as const) : attempts;
  const kind = random.pick(mayBe);
  const named = code === undefined ? {} : { code };
  if (kind === 'own' && breakage.own) {
    const { steps, ...seen } = breakage.own;
    return { steps, kind, drawn: { ...named, kind, ...seen } };
  }
  if (kind === 'mail') {
    const { steps, mailType } = mailOf(breakage, context);
    return { steps, kind, drawn: { ...named, kind, mailType, ...(mailType === 'alarm' ? { subject: ALARM } : {}) } };
  }
  const fields = { ...RIGHT_FORM, ...typed };
  return {
    steps: [{ click: `${cast.pan} / SMTP Server / Test Connection`, with: fields }],
    kind,
    drawn: { ...named, kind },
  };
}

function mailOf(
  { recipient, needsCopy, hiddenByCache }: Breakage,
  { random, cast, alarmNode, code, fresh }: AttemptContext,
) {
  const copyMe = needsCopy ?? random.chance(0.4);
  const credentials = 'guest-credentials';
  const portal = `${cast.psn} / Sponsor Portal`;
  const address = recipient ?? `${random.hex(5)}@guests.example`;
  const create = {
    click: `${portal} / Create`,
    with: { firstName: random.pick(FIRST_NAMES), lastName: random.pick(LAST_NAMES), emailAddress: address, copyMe },
  };
  if (recipient !== undefined) return { steps: [create], mailType: credentials };
  const resend = { click: `${portal} / Resend`, with: { guest: '1001', copyMe } };
  const alarm = { raise: ALARM, on: cast.psn };
  const test = { click: `${cast.pan} / Portal Page Customization / Send test email`, with: { to: address } };
  // A node that has a token already, or whose clock is right, does not show it.
  const isOfPsn =
    fresh || hiddenByCache || needsCopy || code?.startsWith('tls.certificate') || needsNodesApart(code ?? '');
  const choices = [
    { steps: [resend], mailType: credentials },
    { steps: [create], mailType: credentials },
    ...(isOfPsn ? [] : [{ steps: [test], mailType: 'test' }]),
    ...(isOfPsn || alarmNode === '' ? [] : [{ steps: [alarm], mailType: 'alarm' }]),
  ];
  return random.pick(choices);
}

function scenarioOf(
  task: DrawTask,
  {
    deployment,
    random,
    steps,
    given = {},
  }: { deployment: object; random: Random; steps: RawStep[]; given?: object | undefined },
): Record<string, unknown> {
  const [month, day] = [random.integer(1, 12), random.integer(1, 28)].map((value) => String(value).padStart(2, '0'));
  const hour = String(random.integer(0, 23)).padStart(2, '0');
  return {
    name: JSON.stringify(task),
    given: {
      clock: `2026-${month}-${day}T${hour}:${String(random.integer(10, 59))}:00Z`,
      seed: task.seed,
      deployment,
      debugLog: random.pick(['INFO', 'DEBUG']),
      guests: [
        {
          username: '1001',
          firstName: random.pick(FIRST_NAMES),
          lastName: random.pick(LAST_NAMES),
          emailAddress: `${random.hex(6)}@guests.example`,
        },
      ],
      adminUsers: [{ username: 'netadmin', emailAddress: 'netadmin@lab.example', includeSystemAlarmsInEmails: true }],
      ...given,
    },
    steps,
  };
}

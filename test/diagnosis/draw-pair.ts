import { isBefore } from '#libs/diagnosis';
import { Random } from '#libs/simulation';
import type { Breakage, RawStep } from './breakage.ts';
import { BREAKAGES, partsOfPair, type DrawTask } from './draw.ts';

type PairTask = Extract<DrawTask, { kind: 'pair' }>;

/** Tried before it is given up that two causes go together. */
const TRIES_MAX = 1_000;

/** Those that need steps of their own, in an order of their own. */
const ALONE: readonly string[] = [
  'exchange.token-from-before-consent',
  'exchange.token-expired',
  'exchange.tenant-mismatch',
  'entra.secret-too-new',
  'exchange.rate-exceeded',
  'entra.application-too-new',
  'network.slow-link',
];

/** Two causes that are independent of each other, the one that shows first in front. */
export function drawPair(seed: number): PairTask {
  const random = new Random(`pair ${seed}`);
  const codes = Object.keys(BREAKAGES).filter((code) => !code.startsWith('ise.') && !ALONE.includes(code));
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const task: PairTask = { kind: 'pair', seed, first: random.pick(codes), second: random.pick(codes) };
    if (task.first === task.second) continue;
    const { first, second } = partsOfPair(task);
    if (isFirst(first, second) && canBeMended(first) && isIndependent(first, second)) return task;
  }
  throw new Error(`no two causes for seed ${seed}`);
}

function isFirst(first: Breakage, second: Breakage): boolean {
  return isBefore(first.at, second.at);
}

/** What is mended without steps is typed rightly the next time. */
function canBeMended({ mended, typed }: Breakage): boolean {
  return mended.length > 0 || typed !== undefined;
}

/** Neither changes what the other changes, and mending the first leaves the second. */
function isIndependent(first: Breakage, second: Breakage): boolean {
  const [ofFirst, ofSecond] = [areasOf(first), areasOf(second)];
  if (first.at.startsWith('token') && needsNoToken(second)) return false;
  return !ofFirst.some((area) => ofSecond.includes(area));
}

/** Whoever logs in with a password, or not at all. */
function needsNoToken({ typed, broken }: Breakage): boolean {
  const fields = [typed, ...broken.map(({ with: own }) => own)];
  return fields.some((own) => typeof own === 'object' && own !== null && 'authentication' in own);
}

/** What a breakage and its mending touch, coarsely. */
function areasOf({ given = {}, broken, mended, typed, recipient }: Breakage): string[] {
  const areas = [...broken, ...mended].flatMap((step) => Object.keys(actionsOf(step)).map(areaOf));
  const pages = [...broken, ...mended].flatMap((step) => pageOf(step));
  const form = typed ? ['form'] : [];
  const world = Object.keys(given);
  return [...new Set([...areas, ...pages, ...form, ...world, ...(recipient === undefined ? [] : ['mailbox'])])];
}

function actionsOf({
  click: _click,
  with: _with,
  wait: _wait,
  waitUntil: _until,
  break: _break,
  mend: _mend,
  ...actions
}: RawStep) {
  return actions;
}

function areaOf(action: string): string {
  if (/Consent|entra\.application$/.test(action)) return 'consent';
  if (action.includes('ServicePrincipal')) return 'principal';
  if (action.startsWith('entra.')) return 'token';
  if (/ailbox|exchange\.(run|usage)$/.test(action)) return 'mailbox';
  if (/inspect/i.test(action)) return 'inspection';
  if (/^network|^proxy/.test(action)) return 'network';
  return action;
}

function pageOf({ click, wait, waitUntil }: RawStep): string[] {
  if (wait !== undefined || waitUntil !== undefined) return ['time'];
  if (typeof click !== 'string') return [];
  if (click.includes('Proxy')) return ['network', 'proxy'];
  if (click.includes('SMTP Server')) return ['form', 'token', 'mailbox', 'consent'];
  return [click.split(' / ')[1] ?? ''];
}

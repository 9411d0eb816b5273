import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { judgeAll } from './draw-all.ts';
import { drawPair } from './draw-pair.ts';
import { BREAKAGES, type DrawTask } from './draw.ts';
import type { Judged, Opinion, TaskResult } from './draw-worker.ts';

export const confusionsFile = new URL('../../docs/diagnosis.md', import.meta.url);

const SINGLES = 500;
const PAIRS = 200;
const HEALTHY = 200;
const JOBS = 2;

const BEGIN = '<!-- confusions: begin -->';
const END = '<!-- confusions: end -->';

const FIRST_SHARE_MIN = 0.95;
const THREE_SHARE_MIN = 0.99;

export interface Confusions {
  /** What `docs/diagnosis.md` must hold. */
  text: string;
  /** What is worse than promised; empty when all is well. */
  shortfalls: string[];
  /** One line for the terminal. */
  summary: string;
}

/** Draws causes, pairs and healthy deployments by seed, and counts what the engine makes of them. */
export async function confusions(): Promise<Confusions> {
  const codes = Object.keys(BREAKAGES);
  const singles = Array.from({ length: SINGLES }, (_, seed): DrawTask => ({
    kind: 'single',
    seed,
    code: codes[seed % codes.length] ?? '',
  }));
  const pairs = Array.from({ length: PAIRS }, (_, seed) => drawPair(seed));
  const healthy = Array.from({ length: HEALTHY }, (_, seed): DrawTask => ({ kind: 'healthy', seed }));
  const results = await judgeAll([...singles, ...pairs, ...healthy], JOBS);
  return countOf(results);
}

async function countOf(results: readonly TaskResult[]): Promise<Confusions> {
  const ofKind = (kind: DrawTask['kind']): TaskResult[] => results.filter(({ task }) => task.kind === kind);
  const troubles = results.filter(({ trouble }) => trouble !== undefined);
  const judged = ofKind('single').flatMap((result) => result.judged);
  const tenant = sharesOf(judged, ({ withTenant }) => withTenant);
  const alone = sharesOf(judged, ({ alone: opinion }) => opinion);
  const pairs = ofKind('pair');
  const inOrder = pairs.filter(({ judged: both }) => both.length === 2 && both.every(isFirst));
  const healthy = ofKind('healthy');
  const diagnosed = healthy.filter(({ judged: all }) =>
    all.some(({ step, withTenant }) => step ?? withTenant.codes[0]),
  );
  const missed = judged.filter(({ code = '', alone: opinion }) => !opinion.codes.includes(code));
  const sure = judged.filter(({ code, alone: { verdict, codes } }) => verdict === 'certain' && codes[0] !== code);
  const shortfalls = [
    ...troubles.map(({ task, trouble }) => `${JSON.stringify(task)}: ${trouble ?? ''}`),
    ...(judged.length < SINGLES ? [`${SINGLES - judged.length} draws without an attempt`] : []),
    ...(tenant.first < FIRST_SHARE_MIN ? [`the tenant's state decides ${percent(tenant.first)} only`] : []),
    ...(tenant.three < THREE_SHARE_MIN ? [`among the first three: ${percent(tenant.three)} only`] : []),
    ...missed.map(({ code = '' }) => `${code}: not among the causes that the evidence leaves`),
    ...sure.map(({ code = '', alone: { codes } }) => `${code}: called ${codes[0] ?? ''}, and certain of it`),
    ...(inOrder.length < pairs.length ? pairs.filter((pair) => !inOrder.includes(pair)).map(pairInWords) : []),
    ...diagnosed.map(({ task }) => `healthy, and diagnosed: ${JSON.stringify(task)}`),
  ];
  const table = [
    '| draws | evidence alone | with the state of the tenant |',
    '| --- | --- | --- |',
    `| one cause (${judged.length}): named first | ${percent(alone.first)} | ${percent(tenant.first)} |`,
    `| one cause: among the first three | ${percent(alone.three)} | ${percent(tenant.three)} |`,
    `| one cause: among all that it names | ${percent(alone.listed)} | ${percent(tenant.listed)} |`,
    `| one cause: wrong, and called certain | ${sure.length} | ${judged.filter(isWronglyCertain).length} |`,
    `| two causes (${pairs.length}): each named first in its turn | | ${percent(inOrder.length / pairs.length)} |`,
    `| healthy (${healthy.length} deployments): diagnosed | ${diagnosed.length} | ${diagnosed.length} |`,
  ].join('\n');
  const generated = `${BEGIN}\n\n${table}\n\n${confusionTable(judged)}\n\n${END}`;
  const page = readFileSync(confusionsFile, 'utf8');
  const text = page.slice(0, page.indexOf(BEGIN)) + generated + page.slice(page.indexOf(END) + END.length);
  return {
    text: await format(text, { parser: 'markdown', filepath: fileURLToPath(confusionsFile), printWidth: 120 }),
    shortfalls,
    summary: `evidence alone: first ${percent(alone.first)}, first three ${percent(alone.three)}; with the tenant: first ${percent(tenant.first)}, first three ${percent(tenant.three)}; pairs ${inOrder.length} of ${pairs.length}; healthy and diagnosed ${diagnosed.length} of ${healthy.length}`,
  };
}

interface Shares {
  first: number;
  three: number;
  listed: number;
}

function sharesOf(judged: readonly Judged[], of: (one: Judged) => Opinion): Shares {
  const places = judged.map((one) => of(one).codes.indexOf(one.code ?? ''));
  const share = (hits: (place: number) => boolean): number => places.filter(hits).length / places.length;
  return {
    first: share((place) => place === 0),
    three: share((place) => place >= 0 && place < 3),
    listed: share((place) => place >= 0),
  };
}

/** For each cause that was not named first from evidence alone, what was. */
function confusionTable(judged: readonly Judged[]): string {
  const confused = judged.filter((one) => one.alone.codes[0] !== one.code);
  const codes = [...new Set(confused.map(({ code = '' }) => code))];
  const rows = codes.map((code) => {
    const own = judged.filter((one) => one.code === code);
    const named = countBy(own.map(({ alone }) => alone.codes[0] ?? 'none'));
    const three = own.filter(({ alone }) => alone.codes.slice(0, 3).includes(code)).length;
    const verdicts = countBy(own.map(({ alone }) => alone.verdict));
    return `| \`${code}\` | ${own.length} | ${named} | ${three} | ${verdicts} |`;
  });
  const head = [
    '| cause | draws | named first from evidence alone | among the first three | verdict |',
    '| --- | --- | --- | --- | --- |',
  ];
  return [...head, ...rows].join('\n');
}

function countBy(values: readonly string[]): string {
  const counts = [...new Set(values)].map((value) => ({ value, count: values.filter((one) => one === value).length }));
  return counts
    .toSorted((one, other) => other.count - one.count || one.value.localeCompare(other.value))
    .map(({ value, count }) => `${value.includes('.') ? `\`${value}\`` : value} ${count}`)
    .join(', ');
}

function isFirst({ code, withTenant }: Judged): boolean {
  return withTenant.codes[0] === code;
}

function isWronglyCertain({ code, withTenant }: Judged): boolean {
  return withTenant.verdict === 'certain' && withTenant.codes[0] !== code;
}

function pairInWords({ task, judged }: TaskResult): string {
  return `${JSON.stringify(task)}: ${judged.map(({ withTenant }) => withTenant.codes[0] ?? 'none').join(', then ')}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

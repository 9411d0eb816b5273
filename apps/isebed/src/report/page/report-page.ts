import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import type { ScenarioResult, StoryEntry } from '#libs/scenario';
import { plainText, span, whereOf } from '../text.ts';
import { attemptsIn, type Attempt } from './attempts.ts';
import { chainViews } from './certificate-view.ts';
import { deploymentMap } from './deployment-map.ts';
import { explanationsOf } from './explanations.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import type { ReportInput } from './report-input.ts';
import { clockTime, dateTime, fileLink } from './report-text.ts';
import { ATTEMPTS_MAX, timelineOf } from './timeline.ts';
import { wireSessions } from './wire.ts';

const OUTCOMES = { passed: 'passed', failed: 'failed', error: 'broke down' } as const;

/** Templates escape whatever they are given; only style and script are put in as they are, and come from here. */
const handlebars = Handlebars.create();
for (const name of ['head', 'explanation', 'timeline', 'deployment', 'story', 'attempts', 'wire', 'certificates']) {
  handlebars.registerPartial(name, textOf(`${name}.hbs`));
}
const reportPage = handlebars.compile(textOf('report.hbs'), { strict: true, preventIndent: true });
const indexPage = handlebars.compile(textOf('index.hbs'), { strict: true, preventIndent: true });
const style = textOf('report.css');

/** What stands in `<style>` and `<script>`, and the policy that lets the browser take these two and nothing else. */
const FRAME = {
  style,
  script: PAGE_SCRIPT,
  policy: [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(PAGE_SCRIPT)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
};

/**
 * The report of a run as one HTML page that needs nothing but itself: no request leaves it, it works from `file://` and
 * without its script. The same run gives the same bytes. What is in names and texts is text, never markup.
 */
export function renderReport({ result, nodes, records, files }: ReportInput): string {
  const attempts = attemptsIn(records);
  const { outcome, virtualMs, failures } = result;
  return cleaned(
    reportPage({
      ...FRAME,
      ...result,
      title: result.name,
      outcomeText: OUTCOMES[outcome],
      simulated: span(virtualMs),
      nodeCount: nodes.length,
      startedOn: dateTime(result.story[0]?.at ?? ''),
      failures: failures.map((failure) => ({
        ...failure,
        where: whereOf(failure),
        lastLines: failure.lastLines ?? [],
      })),
      explanations: explanationsOf(result.diagnosis, attempts, records),
      timeline: attempts.length > 0 ? timelineOf(attempts, result.story, span) : undefined,
      map: nodes.length > 0 ? deploymentMap(nodes, attempts) : undefined,
      story: storyView(result.story),
      attempts: attempts.slice(0, ATTEMPTS_MAX).map(attemptView),
      wire: wireSessions(files),
      chains: chainViews(files, records),
      files: files.map(({ path, what }) => ({ path, what, href: fileLink(path) })),
    }),
  );
}

/** A line of the index: a run, and where its report is. */
export interface IndexedRun {
  readonly result: ScenarioResult;
  /** Relative to the index, with `/`; undefined where there is none. */
  readonly report: string | undefined;
}

/** One page over the reports of several runs. Deterministic but for the time that it really took, which it leaves out. */
export function renderIndex(runs: readonly IndexedRun[]): string {
  const count = (outcome: ScenarioResult['outcome']): number =>
    runs.filter(({ result }) => result.outcome === outcome).length;
  const rows = runs.map(({ result, report }) => ({
    ...result,
    outcomeText: OUTCOMES[result.outcome],
    simulated: span(result.virtualMs),
    href: report === undefined ? undefined : fileLink(report),
    causes: result.diagnosis.map(({ code }) => code),
    because: result.failures[0] ? `expected ${result.failures[0].expected}; ${result.failures[0].actual}` : '',
  }));
  const isBad = count('failed') + count('error') > 0;
  return cleaned(
    indexPage({
      ...FRAME,
      title: `isebed: ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`,
      outcome: isBad ? 'failed' : 'passed',
      rows: [
        ...rows.filter(({ outcome }) => outcome !== 'passed'),
        ...rows.filter(({ outcome }) => outcome === 'passed'),
      ],
      counts: { passed: count('passed'), failed: count('failed'), error: count('error') },
    }),
  );
}

function storyView(story: readonly StoryEntry[]): object[] {
  const severalDays = new Set(story.map(({ at }) => at.slice(0, 10))).size > 1;
  return story.map((entry) => ({
    action: undefined,
    why: undefined,
    remedy: undefined,
    ...entry,
    time: severalDays ? dateTime(entry.at) : entry.at.slice(11, 19),
    kind: entry.why !== undefined ? 'failed' : entry.action === undefined ? entry.label : 'done',
    details: entry.details.map((detail) => ({
      peer: '',
      ...detail,
      duration: detail.durationMs === undefined ? '' : `${(detail.durationMs / 1_000).toFixed(2)} s`,
    })),
  }));
}

function attemptView({ seq, node, what, from, to, outcome, verdict, stages }: Attempt): object {
  return {
    id: `attempt-${seq}`,
    seq,
    node,
    what,
    outcome,
    verdict,
    time: clockTime(new Date(from).toISOString()),
    took: `${((to - from) / 1_000).toFixed(2)} s`,
    stages: stages.map((stage) => ({ ...stage, took: `${((stage.to - stage.from) / 1_000).toFixed(2)} s` })),
  };
}

/** Line by line, since line ends are ours: no control character of a name gets through. */
function cleaned(page: string): string {
  return page.split('\n').map(plainText).join('\n');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function textOf(name: string): string {
  return readFileSync(new URL(`templates/${name}`, import.meta.url), 'utf8');
}

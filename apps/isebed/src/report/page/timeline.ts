import type { StoryEntry } from '#libs/scenario';
import type { Attempt, Stage } from './attempts.ts';
import { clipped, clockTime } from './report-text.ts';
import { TimeScale } from './time-scale.ts';

/** Pixels. */
const ROW = 26;
const LANE_PADDING = 12;
const HEAD = 46;
const AXIS = 30;

/** Width of the picture: so many pixels for a second of an attempt, within bounds. */
const PIXELS_PER_SECOND = 11;
const WIDTH_MIN = 640;
const WIDTH_MAX = 12_000;

/** Attempts that are drawn; a longer run is told by its journal. */
export const ATTEMPTS_MAX = 400;
const TICKS_MAX = 9;
const LABEL_CHARACTERS_MAX = 24;

/** Percent of the width from which on a text ends at its place rather than begins there. */
const RIGHT_EDGE = 80;

export interface TimelineBar {
  readonly kind: Stage['kind'];
  readonly failed: boolean;
  readonly x: number;
  readonly width: number;
  readonly title: string;
}

export interface TimelineAttempt {
  readonly href: string;
  readonly label: string;
  readonly failed: boolean;
  readonly worked: boolean;
  readonly x: number;
  readonly end: number;
  readonly width: number;
  readonly y: number;
  readonly markY: number;
  readonly bars: readonly TimelineBar[];
}

export interface TimelineLane {
  readonly name: string;
  readonly y: number;
  readonly height: number;
  readonly attempts: readonly TimelineAttempt[];
}

export interface TimelineEvent {
  readonly x: number;
  readonly label: string;
  readonly title: string;
  readonly kind: 'broken' | 'mended' | 'other';
  readonly textY: number;
  readonly dx: number;
  readonly anchor: 'start' | 'end';
}

/** The picture: places across in percent, so that it can be widened without distorting text; down in pixels. */
export interface Timeline {
  readonly width: number;
  readonly height: number;
  readonly axisY: number;
  readonly tickY: number;
  readonly head: number;
  readonly lanesHeight: number;
  readonly lanes: readonly TimelineLane[];
  readonly events: readonly TimelineEvent[];
  readonly gaps: readonly {
    readonly x: number;
    readonly width: number;
    readonly middle: number;
    readonly label: string;
  }[];
  readonly ticks: readonly {
    readonly x: number;
    readonly label: string;
    readonly dx: number;
    readonly anchor: 'start' | 'end';
  }[];
  readonly further: number;
}

/** When each node tried what and how far it came, beside what was done to the world. */
export function timelineOf(
  all: readonly Attempt[],
  story: readonly StoryEntry[],
  span: (ms: number) => string,
): Timeline {
  const attempts = all.slice(0, ATTEMPTS_MAX);
  const notes = story.filter(({ action }) => action === undefined);
  const scale = new TimeScale([
    ...notes.map(({ at }) => Date.parse(at)),
    ...attempts.flatMap(({ from, to, stages }) => [from, to, ...stages.map((stage) => stage.to)]),
  ]);
  const lanes: TimelineLane[] = [];
  let y = HEAD;
  for (const [name, own] of Map.groupBy(attempts, ({ node }) => node)) {
    const { placed, rows } = placeInRows(own, scale, y + LANE_PADDING);
    const height = rows * ROW + 2 * LANE_PADDING - 6;
    lanes.push({ name, y, height, attempts: placed });
    y += height;
  }
  return {
    width: Math.round(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, (scale.drawnMs / 1_000) * PIXELS_PER_SECOND))),
    height: y + AXIS,
    axisY: y,
    tickY: y + 20,
    head: HEAD,
    lanesHeight: y - HEAD,
    lanes,
    events: notes.map((entry, index) => eventOf(entry, index, scale)),
    gaps: scale.gaps.map(({ from, to }) => {
      const [x, end] = [scale.at(from), scale.at(to)];
      return { x, width: round(end - x), middle: round((x + end) / 2), label: span(to - from) };
    }),
    ticks: ticksOf(attempts, notes, scale),
    further: all.length - attempts.length,
  };
}

/** Attempts that overlap stand below one another. */
function placeInRows(
  attempts: readonly Attempt[],
  scale: TimeScale,
  top: number,
): { placed: TimelineAttempt[]; rows: number } {
  const ends: number[] = [];
  const placed = attempts.map((attempt) => {
    const free = ends.findIndex((end) => end < attempt.from);
    const row = free === -1 ? ends.length : free;
    ends[row] = attempt.to;
    const y = top + row * ROW;
    const [x, end] = [scale.at(attempt.from), scale.at(attempt.to)];
    return {
      href: `#attempt-${attempt.seq}`,
      label: labelOf(attempt),
      failed: attempt.outcome === 'failed',
      worked: attempt.outcome === 'worked',
      x,
      end,
      width: round(end - x),
      y,
      markY: y + 8,
      bars: attempt.stages.map((stage) => barOf(stage, scale)),
    };
  });
  return { placed, rows: Math.max(1, ends.length) };
}

function labelOf({ from, node, what, outcome, verdict }: Attempt): string {
  const told = { worked: 'worked', failed: 'failed', open: 'still under way at the end' }[outcome];
  return `${clockTime(new Date(from).toISOString())} ${node}: ${what}, ${told}. ${clipped(verdict, 160)}`.trim();
}

function barOf({ kind, label, from, to, text, failed }: Stage, scale: TimeScale): TimelineBar {
  const x = scale.at(from);
  return {
    kind,
    failed,
    x,
    width: round(scale.at(to) - x),
    title: `${label}, ${((to - from) / 1_000).toFixed(2)} s: ${clipped(text, 160)}`,
  };
}

function eventOf({ at, label, outcome }: StoryEntry, index: number, scale: TimeScale): TimelineEvent {
  const x = scale.at(Date.parse(at));
  return {
    x,
    label: clipped(label, LABEL_CHARACTERS_MAX),
    title: `${clockTime(at)} ${label}: ${outcome}`,
    kind: label === 'broken' || label === 'mended' ? label : 'other',
    // Neighbours must not write over each other.
    textY: index % 2 === 0 ? 16 : 34,
    dx: x > RIGHT_EDGE ? -6 : 6,
    anchor: x > RIGHT_EDGE ? 'end' : 'start',
  };
}

/** Times below the picture: of beginnings, as many as stand side by side. */
function ticksOf(attempts: readonly Attempt[], notes: readonly StoryEntry[], scale: TimeScale): Timeline['ticks'] {
  const begins = [...attempts.map(({ from }) => from), ...notes.map(({ at }) => Date.parse(at))].sort((a, b) => a - b);
  const days = new Set(begins.map((at) => new Date(at).toISOString().slice(0, 10)));
  const ticks: Timeline['ticks'][number][] = [];
  for (const begin of begins) {
    const x = scale.at(begin);
    const last = ticks.at(-1);
    if (last && x - last.x < 100 / TICKS_MAX) continue;
    const iso = new Date(begin).toISOString();
    const label = days.size > 1 ? `${iso.slice(5, 10)} ${iso.slice(11, 16)}` : iso.slice(11, 19);
    ticks.push({ x, label, dx: x > RIGHT_EDGE ? -4 : 4, anchor: x > RIGHT_EDGE ? 'end' : 'start' });
  }
  return ticks;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

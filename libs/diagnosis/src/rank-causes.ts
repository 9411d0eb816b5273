import type { CaseView } from './case-view.ts';
import { CLUES, type ClueId } from './clues.ts';
import { CHANCES, type Decision, type Knowledge } from './knowledge/knowledge.ts';
import { KNOWLEDGE } from './knowledge/root-cause-knowledge.ts';

/** Less probable ones are not worth a reader's time. */
const PROBABILITY_MIN = 0.001;

/** How much a look at the Microsoft side changes the odds. */
const DECIDED: Readonly<Record<Decision, number>> = { confirmed: 10_000, supported: 30, excluded: 0.00001 };

/** Of two that the Microsoft side shows, the earlier on the path hides the later. */
const HIDDEN = 0.01;

export interface RankedCause {
  knowledge: Knowledge;
  /** 0 to 1. */
  probability: number;
  /** Clues that hold, and make it more probable than its rivals. */
  clues: readonly ClueId[];
  decision: Decision | undefined;
}

/**
 * The causes that can show as the failure does, the most probable first (Bayes' rule: how common a cause is, times how
 * probable it makes what was seen). Simplified: clues count as independent of each other.
 */
export function rankCauses(view: CaseView): RankedCause[] {
  const candidates = KNOWLEDGE.flatMap((knowledge) => {
    const shown = chanceOfSymptom(knowledge, view);
    return shown > 0 ? [{ knowledge, weight: knowledge.prior * shown }] : [];
  });
  const held = heldClues(view);
  let confirmed = 0;
  const weighed = candidates.map(({ knowledge, weight }) => {
    const decision = decisionOf(knowledge, view);
    const decided =
      decision === undefined ? 1 : DECIDED[decision] * (decision === 'confirmed' ? HIDDEN ** confirmed : 1);
    if (decision === 'confirmed') confirmed += 1;
    const product = held.reduce((total, { id, holds }) => total * chanceOfClue(knowledge, id, holds), weight * decided);
    return { knowledge, decision, weight: product, clues: tellingClues(knowledge, held) };
  });
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  return weighed
    .map(({ weight, ...cause }) => ({ ...cause, probability: weight / total }))
    .filter(({ probability }) => probability >= PROBABILITY_MIN)
    .toSorted((one, other) => other.probability - one.probability);
}

/** What is shown of an application or a mailbox that nothing names speaks for a cause, and decides nothing. */
function decisionOf({ decide }: Knowledge, view: CaseView): Decision | undefined {
  const decision = view.facts ? decide?.(view) : undefined;
  if (!view.isGuessed) return decision;
  return decision === 'confirmed' ? 'supported' : undefined;
}

function chanceOfSymptom({ shows }: Knowledge, { failure }: CaseView): number {
  const chances = (failure?.symptoms ?? []).flatMap((symptom) => {
    const chance = shows[symptom];
    return chance === undefined ? [] : [CHANCES[chance]];
  });
  return chances.reduce((sum, chance) => sum + chance, 0);
}

interface HeldClue {
  id: ClueId;
  holds: boolean;
}

function heldClues(view: CaseView): HeldClue[] {
  return clueIds().flatMap((id) => {
    const holds = CLUES[id].holds(view);
    return holds === undefined ? [] : [{ id, holds }];
  });
}

function clueIds(): ClueId[] {
  return Object.keys(CLUES).filter((id): id is ClueId => Object.hasOwn(CLUES, id));
}

function chanceOfClue({ clues }: Knowledge, id: ClueId, holds: boolean): number {
  const chance = clues?.[id];
  const probability = chance === undefined ? CLUES[id].base : CHANCES[chance];
  return holds ? probability : 1 - probability;
}

function tellingClues({ clues }: Knowledge, held: readonly HeldClue[]): ClueId[] {
  return held.flatMap(({ id, holds }) => {
    const chance = clues?.[id];
    return holds && chance !== undefined && CHANCES[chance] > CLUES[id].base ? [id] : [];
  });
}

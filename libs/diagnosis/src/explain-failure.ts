import { failuresBeside, successSince } from './beside-failure.ts';
import { causeFactsOf } from './cause-facts.ts';
import { CaseView } from './case-view.ts';
import { checkText } from './check-text.ts';
import { CHECKS } from './checks.ts';
import { CLUES } from './clues.ts';
import type { ChainStep, ExplainedCause, Explanation, OtherFailure, Verdict } from './explanation.ts';
import type { Language } from './language.ts';
import type { Observation } from './observation.ts';
import { isBefore, PATH, STEP_LABELS, type PathStep } from './path.ts';
import { rankCauses, type RankedCause } from './rank-causes.ts';
import { causeTexts } from './cause-texts.ts';
import { PHRASES } from './phrases.ts';
import { refusalMeaning } from './refusal-meanings.ts';
import type { TenantFacts } from './tenant-facts.ts';

const CERTAIN = 0.95;
const LIKELY = 0.7;

/** Causes that are told, and next steps: more is no help. */
const CAUSES_MAX = 12;
const NEXT_MAX = 4;

/** Steps that a token from the cache, or none, makes unnecessary. */
const TOKEN_STEPS: readonly PathStep[] = ['token-name', 'token-connect', 'token-tls', 'token'];

export interface ExplainOptions {
  /** What an administrator looked up on the Microsoft side. */
  microsoft?: TenantFacts | undefined;
  /** Default: English. */
  language?: Language;
  /** What was seen of earlier attempts, on any node, oldest first. */
  history?: readonly Observation[];
  /** What was seen of later attempts: it may show that the failure is over. */
  later?: readonly Observation[];
}

/**
 * Explains one failed attempt from what was seen of it, and, if it is given, from the state of the Microsoft side. Of
 * several failures the last attempt's is explained, and of that the first on the path: what lies behind it was not tried
 * yet and shows once it is mended.
 */
export function explainFailure(observations: readonly Observation[], options: ExplainOptions = {}): Explanation {
  const { microsoft, language = 'en', history = [], later = [] } = options;
  const view = new CaseView(observations, history, microsoft);
  const { failure } = view;
  const phrases = PHRASES[language];
  const chain = chainOf(view, language);
  if (!failure) return { verdict: 'none', chain, certainty: phrases.healthy, causes: [], collectNext: [] };
  const symptom = { step: failure.step, text: failure.text, source: failure.observation.source };
  const ranked = rankCauses(view).slice(0, CAUSES_MAX);
  const verdict = verdictOf(ranked, view);
  const causes = ranked.map((cause) => explained(cause, ranked, view, language));
  const [first] = ranked;
  const meaning = first ? undefined : refusalMeaning(failure.symptoms, language);
  const certainty = first?.decision === 'confirmed' ? phrases.confirmed : phrases[verdict];
  const collectNext = nextOf(verdict, ranked, view, language);
  return {
    verdict,
    symptom,
    chain,
    certainty,
    causes,
    collectNext,
    ...(meaning && { meaning }),
    ...besides(view, later, language),
  };
}

/** What the evidence holds besides the failure. */
function besides(
  { failure, readings }: CaseView,
  later: readonly Observation[],
  language: Language,
): Pick<Explanation, 'since' | 'beside'> {
  if (!failure) return {};
  const success = successSince(failure, readings, later);
  const beside = failuresBeside(failure, readings).map(({ reading, count }): OtherFailure => {
    const { step, text, observation } = reading;
    const code = rankCauses(new CaseView([observation]))[0]?.knowledge.code;
    return { step, text, source: observation.source, count, ...(code === undefined ? {} : { code }) };
  });
  const since = success && {
    text: `${PHRASES[language].since} ${STEP_LABELS[success.step][language]}: ${success.text}`,
    source: success.observation.source,
  };
  return { ...(since && { since }), ...(beside.length > 0 ? { beside } : {}) };
}

function verdictOf(ranked: readonly RankedCause[], view: CaseView): Verdict {
  const [first] = ranked;
  const { failure, facts } = view;
  if (!first) return 'none';
  if (first.decision === 'confirmed') return 'certain';
  // A look at the Microsoft side spoke against all that is known.
  if (facts && first.decision === 'excluded') return 'ambiguous';
  const isVague =
    failure?.precision !== 3 && (failure?.observation.kind === 'alarm' || (failure?.symptoms.length ?? 0) > 1);
  if (first.probability >= CERTAIN) return isVague || isLeftOver(ranked, view) ? 'likely' : 'certain';
  return first.probability >= LIKELY ? 'likely' : 'ambiguous';
}

/** The tenant only spoke against its rivals, and has nothing to say of it: it could be something unknown as well. */
function isLeftOver([first]: readonly RankedCause[], { observations, history, facts }: CaseView): boolean {
  if (!facts || first?.decision !== undefined) return false;
  const [alone] = rankCauses(new CaseView(observations, history));
  return alone?.knowledge !== first?.knowledge || (alone?.probability ?? 0) < CERTAIN;
}

function explained(
  { knowledge, probability, clues }: RankedCause,
  ranked: readonly RankedCause[],
  view: CaseView,
  language: Language,
): ExplainedCause {
  const { code, check } = knowledge;
  const facts = causeFactsOf(view, code, language);
  const texts = causeTexts(code, language);
  const { ask, tells } = CHECKS[check];
  const fill = (text: string): string => checkText(text, view);
  return {
    code,
    probability,
    why: clues.map((id) => CLUES[id].text[language]),
    cause: texts.cause(facts),
    remedy: texts.remedy(facts),
    rivals: ranked.filter((other) => other.knowledge !== knowledge).map((other) => other.knowledge.code),
    check: { ask: fill(ask), tells: fill(tells[language]) },
  };
}

function chainOf({ readings, failure, token, settings }: CaseView, language: Language): ChainStep[] {
  const skipsToken = token?.fromCache === true || (settings?.authentication ?? 'oauth') !== 'oauth';
  return PATH.flatMap((step): ChainStep[] => {
    const label = STEP_LABELS[step][language];
    const seen = readings.findLast((reading) => reading.step === step && reading.outcome === 'worked');
    const told = seen ? { text: seen.text, source: seen.observation.source } : {};
    if (!failure) return seen ? [{ step, label, outcome: 'worked', ...told }] : [];
    if (step === failure.step) {
      return [{ step, label, outcome: 'failed', text: failure.text, source: failure.observation.source }];
    }
    if (isBefore(failure.step, step)) return [{ step, label, outcome: 'not-reached' }];
    if (!seen && skipsToken && TOKEN_STEPS.includes(step)) return [{ step, label, outcome: 'skipped' }];
    return [{ step, label, outcome: 'worked', ...told }];
  });
}

/** What to look at next: the deciding checks of the rivals; first of all a better view where there is but a sentence. */
function nextOf(verdict: Verdict, ranked: readonly RankedCause[], view: CaseView, language: Language): string[] {
  if (verdict === 'certain') return [];
  const phrases = PHRASES[language];
  const log = view.failure?.precision === 3 ? [] : [phrases.collectLog];
  if (verdict === 'none') return [...log, phrases.collectReply];
  const asks = ranked.map(({ knowledge }) => checkText(CHECKS[knowledge.check].ask, view));
  const decodes = view.failure?.symptoms.includes('smtp:auth-573') && view.token?.roles === undefined && !view.facts;
  return [...new Set([...log, ...asks, ...(decodes ? [phrases.decodeToken] : [])])].slice(0, NEXT_MAX);
}

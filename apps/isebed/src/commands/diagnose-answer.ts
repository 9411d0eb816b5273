import picocolors from 'picocolors';
import type { ExplainedCause, Explanation, Language } from '#libs/diagnosis';
import type { EvidenceRead, Quote } from '#libs/evidence-reader';
import { plainText, wrap } from '../report/text.ts';
import { WORDS } from './diagnose-words.ts';

export interface Answer {
  read: EvidenceRead;
  explanation: Explanation;
  /** `isebed run …` for the first cause. */
  replay: string | undefined;
}

export interface AnswerOptions {
  language: Language;
  color: boolean;
  columns: number | undefined;
}

const COLUMNS_DEFAULT = 100;
const COLUMNS_MIN = 40;
const LABEL_WIDTH = 12;
const OTHERS_MAX = 4;
const MARKS = { worked: '✓', failed: '✗', skipped: '–', 'not-reached': '·' } as const;

/** For people. */
export function answerText(answer: Answer, { language, color, columns = COLUMNS_DEFAULT }: AnswerOptions): string {
  const { read, explanation, replay } = answer;
  const words = WORDS[language];
  const colors = picocolors.createColors(color);
  const width = Math.max(COLUMNS_MIN, columns) - LABEL_WIDTH;
  const row = (label: string, texts: readonly string[]): string[] => {
    const lines = texts.flatMap((text) => wrap(plainText(text), width).map((line) => line.trimEnd()));
    return lines.map(
      (line, index) => `${index === 0 ? colors.bold(label.padEnd(LABEL_WIDTH)) : ' '.repeat(LABEL_WIDTH)}${line}`,
    );
  };
  const recognised = [...read.recognised].map(([kind, count]) => `${words.kinds[kind]}: ${count}`).join(', ');
  const head = [
    ...row(words.recognised, [recognised || words.nothingRecognised]),
    ...(read.isPartial ? row('', [words.partial]) : []),
  ];
  const [first, ...others] = explanation.causes;
  if (!first || explanation.verdict === 'none') {
    const chains = read.quotes.filter((_quote, index) => read.observations[index]?.kind === 'chain');
    const lines = [
      ...head,
      ...row(
        '',
        chains.map(({ text }) => text),
      ),
      ...row(explanation.symptom ? words.seen : '', seenOf(explanation, read.quotes)),
      ...row(explanation.meaning ? words.cause : '', nothing(answer, language)),
      ...row(words.remedy, explanation.meaning ? [explanation.meaning.remedy] : []),
      ...besidesOf(answer, language, row),
      ...row(words.next, nextOf(answer, language).map(bullet)),
    ];
    return `${lines.join('\n')}\n`;
  }
  const lines = [
    ...head,
    '',
    ...row(words.seen, seenOf(explanation, read.quotes)),
    ...row(words.path, [pathOf(explanation)]),
    '',
    ...row(words.cause, [colors.red(first.code), first.cause]),
    ...row(words.certainty, [`${percent(first)}  ${explanation.certainty}`]),
    ...row(words.why, first.why.map(bullet)),
    ...row(words.remedy, [first.remedy]),
    ...row(words.check, [first.check.ask, first.check.tells]),
    ...row(words.replay, replay === undefined ? [] : [replay]),
    ...row(
      words.others,
      others.slice(0, OTHERS_MAX).map((cause) => `${percent(cause)}  ${cause.code}: ${cause.cause}`),
    ),
    ...besidesOf(answer, language, row),
    ...row(words.next, explanation.collectNext.map(bullet)),
  ];
  return `${lines.join('\n')}\n`;
}

type Row = (label: string, texts: readonly string[]) => string[];

/** What else the evidence shows. */
function besidesOf({ explanation: { since, beside = [] } }: Answer, language: Language, row: Row): string[] {
  const words = WORDS[language];
  const where = (source: Quote['source']): string => placeOf({ source, text: '' });
  const others = beside.map(
    ({ text, source, count, code }) => `${count} ×  ${where(source)}  ${text}${code === undefined ? '' : ` (${code})`}`,
  );
  return [...row(words.since, since ? [`${where(since.source)}  ${since.text}`] : []), ...row(words.beside, others)];
}

/** For programs: one JSON document. */
export function answerJson(answer: Answer, language: Language): string {
  const { read, explanation, replay } = answer;
  const { symptom } = explanation;
  const document = {
    recognised: Object.fromEntries(read.recognised),
    ...explanation,
    ...(symptom ? { evidence: quotesAt(symptom, read.quotes) } : {}),
    collectNext: explanation.verdict === 'none' ? nextOf(answer, language) : explanation.collectNext,
    ...(replay === undefined ? {} : { replay }),
    isPartial: read.isPartial,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function nothing({ read, explanation }: Answer, language: Language): string[] {
  const { nothingFailed, unexplained } = WORDS[language];
  if (explanation.meaning) return [explanation.meaning.text];
  if (explanation.symptom) return [`${unexplained} ${explanation.symptom.text}`];
  return read.recognised.size === 0 ? [] : [nothingFailed];
}

function nextOf({ explanation }: Answer, language: Language): readonly string[] {
  return explanation.meaning ? [] : [...new Set([...explanation.collectNext, ...WORDS[language].collect])];
}

function seenOf({ symptom }: Explanation, quotes: readonly Quote[]): string[] {
  if (!symptom) return [];
  const at = quotesAt(symptom, quotes);
  return at.length === 0 ? [symptom.text] : at.map(({ place, text }) => `${place}  ${text}`);
}

function quotesAt(
  { source }: NonNullable<Explanation['symptom']>,
  quotes: readonly Quote[],
): { place: string; text: string }[] {
  const quote =
    quotes.find((one) => one.source === source) ??
    quotes.find(
      ({ source: { file, line, seq } }) => file === source.file && line === source.line && seq === source.seq,
    );
  return quote ? [{ place: placeOf(quote), text: plainText(quote.text) }] : [];
}

function placeOf({ source: { file, line, seq, node } }: Quote): string {
  if (seq !== undefined) return `${node ?? 'journal'} #${seq}`;
  return line === undefined ? (file ?? '-') : `${file ?? '-'}:${line}`;
}

function pathOf({ chain }: Explanation): string {
  const reached = chain.filter(({ outcome }) => outcome !== 'not-reached');
  const ahead = reached.length < chain.length ? [`${MARKS['not-reached']} …`] : [];
  return [...reached.map(({ label, outcome }) => `${MARKS[outcome]} ${label}`), ...ahead].join('  ');
}

function percent({ probability }: ExplainedCause): string {
  const rounded = Math.round(probability * 100);
  return rounded === 0 ? '<1 %' : `${rounded} %`;
}

function bullet(text: string): string {
  return `- ${text}`;
}

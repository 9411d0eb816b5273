import { explainFailure, type Language, type Observation, type TenantFacts } from '#libs/diagnosis';
import { EvidenceReader, type EvidenceRead } from '#libs/evidence-reader';
import { RealClock } from '#libs/simulation';
import { EXIT_INVALID } from './command-context.ts';
import { answerJson, answerText, type Answer } from './diagnose-answer.ts';
import { factsOfEvidence } from './diagnose-evidence.ts';
import { readInputs } from './diagnose-files.ts';
import { scenarioFor } from './diagnose-scenarios.ts';
import { shown } from './list.command.ts';
import type { UpContext } from './up.command.ts';

const EXIT_NOTHING_FOUND = 1;

export interface DiagnoseOptions {
  json?: boolean;
  language: Language;
  state?: string;
  testbed?: boolean;
  mailbox?: string;
  clientId?: string;
  tenantId?: string;
  apiPort?: string;
  apiPasswordFile?: string;
}

/** What `isebed diagnose` does: reads, explains, answers. */
export async function diagnose(files: readonly string[], options: DiagnoseOptions, context: UpContext): Promise<void> {
  const { stdout, stderr, exit, color, columns } = context;
  const microsoft = (await microsoftSide(options, context)) ?? factsOfEvidence(files);
  if (microsoft === 'unknown') return exit(EXIT_INVALID);
  const { read, faults } = await readEvidence(files, context);
  for (const fault of faults) stderr.write(`${fault}\n`);
  if (faults.length > 0) return exit(EXIT_INVALID);
  const { language, json } = options;
  const answer = answerOf(read, { language, microsoft, settings: settingsOf(options) }, context);
  stdout.write(json ? answerJson(answer, language) : answerText(answer, { language, color, columns }));
  exit(isFound(answer) ? 0 : EXIT_NOTHING_FOUND);
}

/** Reads it all; what can't be read is a fault. */
export async function readEvidence(
  files: readonly string[],
  { stdin, stderr }: Pick<UpContext, 'stdin' | 'stderr'>,
): Promise<{ read: EvidenceRead; faults: string[] }> {
  const reader = new EvidenceReader({ now: new RealClock().now() });
  const { faults, notes } = await readInputs(files, reader, stdin);
  for (const note of notes) stderr.write(`${note}\n`);
  return { read: reader.result(), faults };
}

interface AnswerSource {
  language: Language;
  microsoft?: TenantFacts | undefined;
  /** What else is known of the SMTP Server page. */
  settings?: readonly Observation[];
}

/** Explains it, and names the scenario that reproduces the first cause. */
export function answerOf(
  read: EvidenceRead,
  { language, microsoft, settings = [] }: AnswerSource,
  context: Pick<UpContext, 'scenariosDir' | 'catalogueCodes'>,
): Answer {
  const { observations, history, later } = read;
  // What the input itself says of the settings comes later, and counts.
  const explanation = explainFailure([...settings, ...observations], { language, microsoft, history, later });
  const [first] = explanation.causes;
  const scenario = first && explanation.verdict !== 'none' ? scenarioFor(first.code, context) : undefined;
  return { read, explanation, replay: scenario && `isebed run ${shown(scenario.file)}` };
}

export function isFound({ explanation: { verdict, causes, meaning } }: Answer): boolean {
  return (verdict !== 'none' && causes.length > 0) || meaning !== undefined;
}

function settingsOf({ mailbox, clientId, tenantId }: DiagnoseOptions): Observation[] {
  if (mailbox === undefined && clientId === undefined && tenantId === undefined) return [];
  return [{ kind: 'settings', present: true, emailAddress: mailbox, clientId, tenantId, source: {} }];
}

/** The tenant, as far as one is given; `unknown` when it can't be read, which was said then. */
async function microsoftSide(
  { state, testbed, apiPort, apiPasswordFile }: DiagnoseOptions,
  { stderr, environment }: UpContext,
): Promise<TenantFacts | undefined | 'unknown'> {
  if (state === undefined && !testbed) return undefined;
  // Loaded here: who gives no tenant waits for nothing of it.
  const { factsOfFile, factsOfTestbed } = await import('./diagnose-tenant.ts');
  const flags = { apiPort, apiPasswordFile };
  const read = state === undefined ? await factsOfTestbed(flags, environment) : factsOfFile(state);
  if ('facts' in read) return read.facts;
  for (const fault of read.faults) stderr.write(`${fault}\n`);
  return 'unknown';
}

import { InvalidArgumentError, Option, type Command } from 'commander';
import { explainFailure, LANGUAGES, type Language, type Observation, type TenantFacts } from '#libs/diagnosis';
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

const HELP = `
It reads guest.log (also clipped lines), Java stack traces, AADSTS bodies and what libraries quote of them, SMTP replies
and transcripts, openssl s_client output, certificates in PEM, captures (pcap, pcapng), alarms, mails (.eml), and
evidence folders of isebed; several of them in one text, packed by gzip, or in a folder. Secrets and tokens in it are never repeated. Nothing is sent anywhere.

Examples:
  $ isebed diagnose guest.log
  $ pbpaste | isebed diagnose -                       what you have just copied
  $ isebed diagnose reply.txt chain.pem --language de
  $ isebed diagnose isebed-evidence/t4-no-consent     a run of isebed that failed
  $ isebed diagnose guest.log --state contoso.yaml    decides with what the tenant is like
  $ isebed diagnose guest.log --state contoso.yaml --mailbox ise@contoso.example
                                                      the same where the log does not name the mailbox
  $ isebed diagnose guest.log --testbed               the same with the testbed that runs on this machine
  $ isebed new --from guest.log                       makes a scenario of it

Exit status: 0 a cause was found, 1 none was, 2 bad usage or a file that cannot be read.`;

interface DiagnoseOptions {
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

/** `isebed diagnose FILE…`: why a mail failed, from what there is to read of it. */
export function addDiagnoseCommand(program: Command, context: UpContext): void {
  program
    .command('diagnose')
    .summary('explain a failed mail from logs, replies, certificates and captures')
    .description('Explain why a mail failed from what there is of it: files, folders, or - for standard input.')
    .argument('<file...>', 'files, folders, or -')
    .option('--json', 'as one JSON document')
    .addOption(new Option('--language <code>', 'language of the answer').choices([...LANGUAGES]).default('en'))
    .option(
      '--state <file>',
      'a tenant seed or an exported state: the Microsoft side, which decides what the node cannot',
    )
    .addOption(new Option('--testbed', 'ask the testbed that runs on this machine for that side').conflicts('state'))
    .option('--mailbox <address>', 'Email Address on the SMTP Server page, if the input does not name it', mailAddress)
    .option('--client-id <guid>', 'Client ID there', guid)
    .option('--tenant-id <guid>', 'Tenant ID there', guid)
    .option('--api-port <port>', 'where that testbed has its API (ISEBED_API_PORT)')
    .option('--api-password-file <file>', 'the password of that API (ISEBED_API_PASSWORD)')
    .addHelpText('after', HELP)
    .action((files: string[], options: DiagnoseOptions) => diagnose(files, options, context));
}

async function diagnose(files: readonly string[], options: DiagnoseOptions, context: UpContext): Promise<void> {
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

function mailAddress(text: string): string {
  if (!/^[^\s@]+@[^\s@]+$/.test(text)) throw new InvalidArgumentError('An e-mail address is expected.');
  return text;
}

function guid(text: string): string {
  if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) {
    throw new InvalidArgumentError('A GUID is expected: 8-4-4-4-12 hexadecimal digits.');
  }
  return text;
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

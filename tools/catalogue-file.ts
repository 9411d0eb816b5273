import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { ROOT_CAUSE_CODES, rootCause, type CauseFacts } from '#libs/diagnosis';
import { findScenarioFiles, loadScenarioFile, type ClickStep, type Scenario } from '#libs/scenario';

const root = fileURLToPath(new URL('..', import.meta.url));

export const catalogueFile = new URL('../docs/catalogue.md', import.meta.url);

/** In the order of the path of a mail. */
const GROUPS = {
  ise: 'Settings of ISE',
  network: 'Network: the server is not reached, or not heard to the end',
  tls: 'TLS: the server is not trusted, or TLS does not come about',
  entra: 'Microsoft Entra: no token',
  'exchange-auth': 'Exchange Online: a token or password that does not let in',
  'exchange-submission': 'Exchange Online: no session, or the mail is refused',
};

/** What stands in the texts for the facts of a failure. */
const ANY_FACTS: Required<CauseFacts> = {
  host: '‹server›',
  expected: '‹right one›',
  actual: '‹other one›',
  mailbox: '‹mailbox›',
  recipient: '‹recipient›',
  tenant: '‹tenant ID›',
  clientId: '‹client ID›',
  certificate: '‹certificate›',
  proxy: '‹proxy›',
  answer: '‹reply›',
  during: '‹step›',
  skew: '‹days ahead or behind›',
};

const PASSED = 'Successfully connected to smtp.office365.com.';

const INTRODUCTION = `# Catalogue of root causes

<!-- Written by tools/update-catalogue.ts; change libs/diagnosis or the scenarios instead, and run it again. -->

Everything that the testbed can break, by the code that \`explain\` names. What the page SMTP Server shows rarely tells
what is wrong: the log tells more, and both sides of the wire together tell all. Each cause has a scenario that breaks
it, shows how it looks, mends it and proves it mended; its command replays it. In the texts, ‹…› stands for what is
found in the case at hand.
`;

interface Entry {
  code: string;
  group: string;
  scenarios: Scenario[];
}

/** What \`docs/catalogue.md\` must hold. */
export async function catalogueText(): Promise<string> {
  const entries = ROOT_CAUSE_CODES.map(entryOf);
  const groups = Object.entries(GROUPS).map(([group, title]) => {
    const own = entries.filter((entry) => entry.group === group);
    return [`## ${title}`, overview(own), ...own.map(section)].join('\n\n');
  });
  return format([INTRODUCTION, ...groups].join('\n\n'), { parser: 'markdown', printWidth: 120 });
}

const scenarios = findScenarioFiles([`${root}scenarios`])
  .files.flatMap((file) => loadScenarioFile(file, { catalogueCodes: ROOT_CAUSE_CODES }).scenario ?? [])
  .filter(({ tags }) => tags.includes('catalogue') || tags.includes('troubleshooting'));

function entryOf(code: string): Entry {
  const showing = scenarios.filter(({ steps }) => steps.some((step) => step.kind === 'explain' && step.code === code));
  const [first] = showing;
  if (!first) throw new Error(`no scenario tagged catalogue or troubleshooting has "explain: ${code}"`);
  const group = first.tags.find((tag) => Object.hasOwn(GROUPS, tag));
  if (group === undefined) throw new Error(`${pathOf(first)} has the tag of no group of the catalogue`);
  return { code, group, scenarios: showing };
}

function overview(entries: readonly Entry[]): string {
  const rows = entries.map(({ code, scenarios: [scenario] }) => {
    const { page, log } = seen(code, scenario);
    return `| [\`${code}\`](#${anchorOf(code)}) | ${titleOf(code)} | ${page} | ${log} |`;
  });
  const head = ['| code | what is wrong | SMTP Server page | guest.log |', '| --- | --- | --- | --- |'];
  return [...head, ...rows].join('\n');
}

function section({ code, scenarios: showing }: Entry): string {
  const known = rootCause(code);
  const replays = showing.map((scenario) => `npx isebed run ${pathOf(scenario)}`);
  return [
    `### ${code}`,
    `**${titleOf(code)}.** ${escaped(known?.cause(ANY_FACTS) ?? '')}`,
    `_Remedy:_ ${escaped(known?.remedy(ANY_FACTS) ?? '')}`,
    ['```console', ...replays.map((command) => `$ ${command}`), '```'].join('\n'),
  ].join('\n\n');
}

/** What an administrator sees before the scenario explains it. */
function seen(code: string, scenario: Scenario | undefined): { page: string; log: string } {
  const steps = scenario?.steps ?? [];
  const explained = steps.findIndex((step) => step.kind === 'explain' && step.code === code);
  const clicks = steps.slice(0, explained).filter((step): step is ClickStep => step.kind === 'click');
  const gui = clicks.findLast(({ page, button }) => page === 'SMTP Server' && button === 'Test Connection')?.gui;
  const log = clicks.findLast((click) => click.log.length > 0)?.log.at(-1)?.text;
  return {
    page: gui === undefined ? '' : gui === PASSED ? 'passes' : `“${escaped(gui)}”`,
    log: log === undefined ? '' : `\`${log.replaceAll('|', '\\|')}\``,
  };
}

function titleOf(code: string): string {
  return escaped(rootCause(code)?.title ?? code);
}

function pathOf({ file }: Scenario): string {
  return file.slice(root.length);
}

/** The anchor of a heading that is a code. */
function anchorOf(code: string): string {
  return code.replaceAll('.', '');
}

/** Plain text as Markdown. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_<|[\]]/g, (mark) => `\\${mark}`);
}

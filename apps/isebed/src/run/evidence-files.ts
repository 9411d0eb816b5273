import { renderCapture, renderChains, renderKeyLog, renderSessions, type TrafficLog } from '#libs/evidence';
import { renderGuestLog } from '#libs/node-log';
import type { ScenarioResult } from '#libs/scenario';
import { JunitReporter } from '../report/junit.reporter.ts';
import { renderReport } from '../report/page/report-page.ts';
import type { ScenarioRun } from './run-scenario.ts';
import type { ScenarioWorld } from './scenario-world.ts';
import { TENANT_LOOKUPS_FILE, type TenantLookup } from './tenant-lookup.ts';

/** One file of the evidence of a run. */
export interface EvidenceFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  /** For the index: what a reader finds in it. */
  readonly what: string;
  readonly content: string | Buffer;
}

/** All that a run leaves. Whatever is to be in the folder has its place here. */
export function evidenceFiles({ result, world, traffic, lookups }: ScenarioRun): EvidenceFile[] {
  const files = [
    ...(world ? worldFiles(world) : []),
    ...(traffic ? trafficFiles(traffic, result, world?.secretValues() ?? []) : []),
    ...(lookups.length > 0 ? [lookupsFile(lookups)] : []),
    ...resultFiles(result),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  return [...files, reportFile(result, world, files)];
}

function reportFile(
  result: ScenarioResult,
  world: ScenarioWorld | undefined,
  files: readonly EvidenceFile[],
): EvidenceFile {
  const { deployment, journal } = world?.testbed ?? {};
  const nodes = deployment?.nodes.map((node) => ({ ...node, roles: deployment.roleLabel(node) })) ?? [];
  const besides = files.map(({ path, what, content }) => ({
    path,
    what,
    ...(typeof content === 'string' ? { text: content } : {}),
  }));
  const content = renderReport({ result, nodes, records: journal?.records ?? [], files: besides });
  return { path: 'report.html', what: 'the whole of it to look at, in a browser', content };
}

function worldFiles({ testbed }: ScenarioWorld): EvidenceFile[] {
  const { deployment, journal, microsoft } = testbed;
  return [
    { path: 'journal.jsonl', what: 'everything that happened, one record a line', content: journal.toJsonLines() },
    ...deployment.nodes.map(({ name }) => ({
      path: `${name}/guest.log`,
      what: `guest.log of ${name}`,
      content: renderGuestLog(journal.records, name),
    })),
    ...microsoft.online.messages.map(({ messageId, raw }) => ({
      path: `mails/${messageId.replaceAll(/[^\w.@-]/g, '').slice(0, 120)}.eml`,
      what: 'a mail as Exchange received it',
      content: raw,
    })),
  ];
}

function lookupsFile(lookups: readonly TenantLookup[]): EvidenceFile {
  return {
    path: TENANT_LOOKUPS_FILE,
    what: 'what an administrator of the tenant could look up each time that something had failed',
    content: `${JSON.stringify(lookups, null, 2)}\n`,
  };
}

function trafficFiles(traffic: TrafficLog, { name, seed }: ScenarioResult, secrets: readonly string[]): EvidenceFile[] {
  return [
    {
      path: 'capture.pcapng',
      what: 'all traffic in virtual time, with the TLS secrets that decrypt it',
      content: renderCapture(traffic, `${name}, seed ${seed}`),
    },
    {
      path: 'tls-keys.log',
      what: 'the TLS secrets once more, for programs that read no secrets from a capture',
      content: renderKeyLog(traffic),
    },
    ...renderSessions(traffic).map((file) => ({
      path: `sessions/${file.name}`,
      what: 'what a node and a server said to each other, without secrets',
      // The transcripts leave out what is secret by its place; this is for a place that nobody thought of.
      content: secrets.reduce((text, secret) => text.replaceAll(secret, '********'), file.text),
    })),
    ...renderChains(traffic).map((file) => ({
      path: `certificates/${file.name}`,
      what: 'a certificate chain as a server showed it',
      content: file.text,
    })),
  ];
}

/** Without what differs from run to run: how long it really took, and where the evidence is. */
function resultFiles(result: ScenarioResult): EvidenceFile[] {
  const { wallMs: _wallMs, evidence: _evidence, ...same } = result;
  let junit = '';
  const reporter = new JunitReporter((text) => (junit += text));
  reporter.runFinished([{ ...result, wallMs: result.virtualMs }], { wallMs: result.virtualMs });
  return [
    { path: 'result.json', what: 'what the run came to', content: `${JSON.stringify(same, null, 2)}\n` },
    { path: 'junit.xml', what: 'the same for CI servers, with simulated seconds as its times', content: junit },
  ];
}

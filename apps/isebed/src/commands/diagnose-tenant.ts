import { TestbedError, type TenantFacts } from '#libs/diagnosis';
import { formatMistake } from '#libs/scenario';
import { Random, RealClock } from '#libs/simulation';
import { factsOfState } from '../testbed/look-up-tenant.ts';
import { beginningOf } from '../testbed/tenant-beginning.ts';
import { readTenantFile, readTenantText, type TenantReading } from '../testbed/tenant-source.ts';
import { callApi } from '../up/api-client.ts';
import { readSetting, type GivenFlags } from '../up/up-settings.ts';

type FactsReading = { facts: TenantFacts } | { faults: readonly string[] };

/** From a seed or an exported state. */
export function factsOfFile(file: string): FactsReading {
  return factsIn(readTenantFile(file));
}

/** From the testbed that runs on this machine. */
export async function factsOfTestbed(
  flags: Readonly<Record<string, string | undefined>>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FactsReading> {
  const faults: string[] = [];
  const given: GivenFlags = Object.fromEntries(
    Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const source = { flags: given, environment, faults };
  const access = { port: readSetting('apiPort', source), password: readSetting('apiPassword', source) };
  if (faults.length > 0) return { faults };
  try {
    const { status, body } = await callApi(access, 'GET', 'isebed/v1/tenant');
    if (status !== 200) return { faults: [`port ${access.port} did not give its tenant (HTTP ${status})`] };
    return factsIn(readTenantText('the running testbed', body));
  } catch (error) {
    if (!(error instanceof TestbedError)) throw error;
    return { faults: [`${error.message}. ${error.detail.remedy}`] };
  }
}

function factsIn(read: TenantReading): FactsReading {
  if ('mistakes' in read) return { faults: read.mistakes.map(formatMistake) };
  const options = { now: new RealClock().now(), random: new Random('diagnose') };
  return { facts: factsOfState(beginningOf(read.source, options).state) };
}

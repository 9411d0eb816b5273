import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findScenarioFiles, type ScenarioResult } from '#libs/scenario';
import { isebed, PROJECT, temporaryFolder } from './isebed-process.ts';

/** What the run came to of its last failure. */
function lastDiagnosis(evidence: string): string | undefined {
  const { diagnosis }: Pick<ScenarioResult, 'diagnosis'> = JSON.parse(
    readFileSync(join(evidence, 'result.json'), 'utf8'),
  );
  const last = ({ evidence: records = [] }: (typeof diagnosis)[number]): number => Math.max(...records);
  return diagnosis.toSorted((a, b) => last(a) - last(b)).at(-1)?.code;
}

describe('isebed diagnose, given the evidence of a run', () => {
  it('comes to what the run came to, also where the node alone could not tell', async () => {
    using folder = temporaryFolder();
    const { status } = await isebed(['run', 'scenarios/troubleshooting', '--out', folder.path]);
    expect(status).toBe(0);
    const found: [string, string | undefined][] = [];
    const expected: [string, string | undefined][] = [];
    for (const name of readdirSync(folder.path)) {
      const evidence = join(folder.path, name);
      expected.push([name, lastDiagnosis(evidence)]);
      const { stdout } = await isebed(['diagnose', evidence, '--json']);
      found.push([name, JSON.parse(stdout).causes[0]?.code]);
    }
    expect(expected).toHaveLength(findScenarioFiles([join(PROJECT, 'scenarios/troubleshooting')]).files.length);
    expect(found).toEqual(expected);
  });

  it('does not decide with a look at the tenant that is missing', async () => {
    using folder = temporaryFolder();
    await isebed(['run', 'scenarios/troubleshooting/t4-wrong-object-id.yaml', '--out', folder.path]);
    const [name = ''] = readdirSync(folder.path);
    const evidence = join(folder.path, name);
    const verdict = async (): Promise<string> =>
      JSON.parse((await isebed(['diagnose', evidence, '--json'])).stdout).verdict;
    expect(await verdict()).toBe('certain');
    rmSync(join(evidence, 'tenant.json'));
    expect(await verdict()).toBe('ambiguous');
  });
});

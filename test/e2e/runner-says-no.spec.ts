import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isebed, PROJECT } from './isebed-process.ts';
import { readJsonReport, type ReportedScenario } from './json-report.ts';

const FAILING = 'test/fixtures/failing';
const FAILS = readdirSync(join(PROJECT, FAILING)).map((name) => `${FAILING}/${name}`);

/** Among those that fail, to show that they fail alone. */
const PASSES = 'scenarios/operations/standalone.yaml';

/** What the runner must say to each file: where, what was expected, what came instead. */
const COMPLAINTS: Record<string, ReportedScenario['failures'][number]> = {
  'alarm-not-raised': {
    line: 9,
    step: 'High Load Average',
    expected: 'alarm "High Disk Space Utilization" on psn1',
    actual: '"High Load Average"',
  },
  'given-cannot-be-brought-about': {
    expected: 'a world as `given` describes it',
    actual: expect.stringMatching(
      /^given\.smtpSettings do not pass Test Connection: the page shows "Invalid client ID"/,
    ),
  },
  'mail-from-the-wrong-node': {
    line: 7,
    step: 'psn1 mails an alarm, which is the duty of the active MnT',
    expected: 'mail of type alarm comes from mnt1, whose duty it is',
    actual: expect.stringMatching(/^psn1 sent /),
  },
  'mail-that-never-comes': {
    line: 11,
    step: 'psn1 / Sponsor Portal / Resend',
    expected: 'a mail type: sponsor-summary, from: psn1, to: sponsor, outcome: delivered',
    actual: 'guest-credentials from psn1 to testuser@guests.example: delivered',
  },
  'missing-log-line': {
    line: 9,
    step: 'pan1 / SMTP Server / Test Connection',
    expected: 'guest.log of pan1 has a line ERROR SmtpSession "535 5.7.3"',
    actual: 'no such line among 7',
  },
  'nothing-to-note': {
    line: 5,
    step: 'a property that the answer does not have',
    expected: 'a step that can be carried out',
    actual: 'the answer to GET /v1.0/organization has no "value[0].nickname". It has @odata.context, value',
  },
  'refusal-that-does-not-come': {
    line: 5,
    step: 'the administrator may read it',
    expected: 'a step that can be carried out',
    actual: 'GET /v1.0/organization was done (200). `refused` expects 403 Authorization_RequestDenied',
  },
  'refused-cmdlet': {
    line: 5,
    step: 'a mailbox that is not there',
    expected: 'a step that can be carried out',
    actual: expect.stringMatching(
      /^Get-Mailbox was refused: 404 Microsoft\.Exchange\..*ManagementObjectNotFoundException The operation couldn't be performed because object 'nobody' couldn't be found on '.*'\. Correct the step, or expect this with `refused`$/,
    ),
  },
  'refused-graph-request': {
    line: 5,
    step: 'a user who is not there',
    expected: 'a step that can be carried out',
    actual:
      "GET /v1.0/users/nobody was refused: 404 Request_ResourceNotFound Resource 'nobody' does not exist or one of its " +
      'queried reference-property objects are not present. Correct the step, or expect this with `refused`',
  },
  'refused-otherwise': {
    line: 5,
    step: 'not for want of a right',
    expected: 'a step that can be carried out',
    actual: expect.stringMatching(
      /^GET \/v1\.0\/users\/nobody was refused otherwise: 404 Request_ResourceNotFound Resource .*\. `refused` expects 403$/,
    ),
  },
  'token-for-nobody': {
    line: 7,
    step: 'no token, so no request',
    expected: 'a step that can be carried out',
    actual: expect.stringMatching(
      /^the administrator got no token for https:\/\/graph\.microsoft\.com: AADSTS90033: A transient error has occurred\. Please try again\. Mend /,
    ),
  },
  'wrong-count-at-the-end': {
    line: 11,
    expected: '2 mail(s) type: guest-credentials, from: psn1, outcome: delivered',
    actual: expect.stringMatching(/^1; all mails: guest-credentials from psn1 to testuser@guests\.example: delivered$/),
  },
  'wrong-diagnosis': {
    line: 9,
    step: 'entra.secret-expired',
    expected: 'the latest failure is explained by entra.secret-expired',
    actual: expect.stringMatching(/^it is explained by entra\.secret-wrong: .+/),
  },
  'wrong-gui-string': {
    line: 5,
    step: 'pan1 / SMTP Server / Test Connection',
    expected: 'the page shows "Connected"',
    actual: 'it shows "Successfully connected to smtp.office365.com."',
  },
};

function nameOf(file: string): string {
  return file.slice(FAILING.length + 1, -'.yaml'.length);
}

describe('scenarios that must fail', () => {
  it('are valid files', async () => {
    const { status, stdout, stderr } = await isebed(['validate', FAILING]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.match(/ {2}valid$/gm)).toHaveLength(FAILS.length);
  });

  it('fail for the one reason they were written for, with exit status 1', async () => {
    const { status, stdout } = await isebed(['run', PASSES, ...FAILS, '--reporter', 'json']);
    expect(status).toBe(1);
    const [passed, ...scenarios] = readJsonReport(stdout);
    expect(passed).toMatchObject({ file: PASSES, outcome: 'passed', failures: [] });
    const complaints = scenarios.map(({ file, outcome, failures }) => [
      nameOf(file),
      outcome,
      failures.map(({ lastLines: _lines, ...failure }) => failure),
    ]);
    expect(complaints).toEqual(FAILS.map((file) => [nameOf(file), 'failed', [COMPLAINTS[nameOf(file)]]]));
  });

  it('are told with file, line, expected, actual, the last log lines and the command that replays them to the letter', async () => {
    const fails = `${FAILING}/missing-log-line.yaml`;
    const { status, stdout, stderr } = await isebed(['run', fails, '--seed', '77']);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    const replay = / {2}replay {6}npx isebed (.+)$/m.exec(stdout)?.[1]?.split(' ') ?? [];
    const again = await isebed(replay);
    const withoutWallTime = (text: string): string => text.replace(/ simulated in .*/g, '');
    expect(withoutWallTime(again.stdout)).toBe(withoutWallTime(stdout));
    const complaint = stdout.slice(stdout.indexOf('✗')).split('\n');
    expect(complaint).toEqual([
      `✗ ${fails}:9  pan1 / SMTP Server / Test Connection`,
      '  expected    guest.log of pan1 has a line ERROR SmtpSession "535 5.7.3"',
      '  actual      no such line among 7',
      '  last lines',
      ...Array.from({ length: 5 }, () => expect.stringMatching(/^ {4}2026-02-02 .{12} DEBUG \[admin-http-pool\d+\]/)),
      `  replay      npx isebed run ${fails} --seed 77`,
      '  evidence    isebed-evidence/test-fixtures-failing-missing-log-line',
      expect.stringMatching(/^failed {3}/),
      '',
      expect.stringMatching(/^0 passed, 1 failed {3}/),
      '',
    ]);
  });
});

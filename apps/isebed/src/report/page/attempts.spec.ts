import { attemptsIn } from './attempts.ts';
import { journal, RECORDS } from './report.fixture.ts';

describe('the attempts of a run', () => {
  it('are the ways of the nodes, stage by stage, each to where it broke off', () => {
    const told = attemptsIn(RECORDS).map(({ node, what, outcome, verdict, stages }) => ({
      node,
      what,
      outcome,
      verdict,
      stages: stages.map(({ label, peer, failed }) => `${failed ? '✕' : '✓'} ${label} ${peer}`.trimEnd()),
    }));
    expect(told).toEqual([
      {
        node: 'pan1',
        what: 'Test Connection',
        outcome: 'failed',
        verdict: 'Invalid email address',
        stages: [
          '✓ connect login.microsoftonline.com',
          '✓ TLS login.microsoftonline.com',
          '✓ token login.microsoftonline.com',
          '✓ connect smtp.office365.com',
          '✓ TLS smtp.office365.com',
          '✕ AUTH smtp.office365.com',
        ],
      },
      {
        node: 'psn1',
        what: 'Your <b>account</b> (guest-credentials), attempt 2',
        outcome: 'failed',
        verdict: 'no-certification-path (Issuing CA)',
        stages: ['✓ token', '✓ connect smtp.office365.com', '✕ TLS smtp.office365.com'],
      },
    ]);
  });

  it('joins stages without a hole, from the begin of the attempt on', () => {
    const [first] = attemptsIn(RECORDS);
    const ends = [first?.from, ...(first?.stages.map(({ to }) => to) ?? [])];
    expect(first?.stages.map(({ from }) => from)).toEqual(ends.slice(0, -1));
    expect(first?.to).toBe(ends.at(-1));
  });

  it('does not mix what happens at the same time', () => {
    const attempts = attemptsIn(
      journal(
        [0, 'mail.attempted', { node: 'psn1', mail: 'a', attempt: 1 }],
        [0, 'mail.attempted', { node: 'psn1', mail: 'b', attempt: 1 }],
        [1, 'mail.accepted', { node: 'psn1', cause: 2, mail: 'b', reply: '250 b' }],
        [2, 'mail.accepted', { node: 'psn1', cause: 1, mail: 'a', reply: '250 a' }],
      ),
    );
    expect(attempts.map(({ verdict }) => verdict)).toEqual(['250 a', '250 b']);
  });

  it('are open if the run ended first', () => {
    expect(attemptsIn(RECORDS.slice(0, 5))).toMatchObject([{ outcome: 'open', verdict: '' }]);
  });

  it('take no part in what the other side wrote', () => {
    expect(JSON.stringify(attemptsIn(RECORDS))).not.toContain('internal');
  });
});

import { DatabaseSync } from 'node:sqlite';
import { AlarmLog, raiseAlarm, type AlarmInstance } from './index.ts';

const MINUTE_MS = 60_000;

function anAlarm(change: Partial<AlarmInstance> = {}): AlarmInstance {
  const { raisedAt = 0, node = 'psn1', ...rest } = change;
  const id = `${node}-${raisedAt}-1`;
  return raiseAlarm({ id, name: 'Process Down', node, subject: '', raisedAt, details: 'one', ...rest });
}

function aLog(): AlarmLog {
  return new AlarmLog(new DatabaseSync(':memory:'));
}

describe('the list of alarms', () => {
  it('counts a repetition on the alarm that is there, up to the end of the time set, from its first occurrence', () => {
    const log = aLog();
    const kinds = [0, 5, 9.999, 10, 10.001].map(
      (minute) => log.take(anAlarm({ raisedAt: minute * MINUTE_MS }), 10).kind,
    );
    expect(kinds).toEqual(['listed', 'repeated', 'repeated', 'listed', 'repeated']);
    expect(log.list().map(({ occurrences, raisedAt }) => [occurrences, raisedAt / MINUTE_MS])).toEqual([
      [2, 10],
      [3, 0],
    ]);
  });

  it('lists each on its own where nothing is suppressed', () => {
    const log = aLog();
    for (const raisedAt of [0, 1, 2]) log.take(anAlarm({ raisedAt }), 0);
    expect(log.list()).toHaveLength(3);
  });

  it('takes another node, or another subject, for another alarm', () => {
    const log = aLog();
    log.take(anAlarm(), 10);
    expect(log.take(anAlarm({ node: 'psn2', raisedAt: 1 }), 10).kind).toBe('listed');
    expect(log.take(anAlarm({ subject: 'root CA', raisedAt: 1 }), 10).kind).toBe('listed');
  });

  it('takes the same alarm once, however often it is told', () => {
    const log = aLog();
    expect(['', '', ''].map(() => log.take(anAlarm(), 0).kind)).toEqual(['listed', 'known', 'known']);
  });

  it('is there again when its database is opened anew', () => {
    const database = new DatabaseSync(':memory:');
    new AlarmLog(database).take(anAlarm(), 0);
    expect(new AlarmLog(database).list()).toHaveLength(1);
  });

  it('is narrowed down by what is asked for', () => {
    const log = aLog();
    log.take(anAlarm({ raisedAt: 1, details: 'the Session Service' }), 0);
    log.take(anAlarm({ raisedAt: 2, node: 'mnt1' }), 0);
    log.take(anAlarm({ raisedAt: 3, name: 'High Load Average' }), 0);
    log.change('mnt1-2-1', { acknowledgedAt: 9, acknowledgedBy: 'admin', delivery: 'undeliverable' });
    const times = (filter: object) => log.list(filter).map(({ raisedAt }) => raisedAt);
    expect(times({})).toEqual([3, 2, 1]);
    expect(times({ severity: 'Warning' })).toEqual([3]);
    expect(times({ node: 'mnt1' })).toEqual([2]);
    expect(times({ keyword: 'session' })).toEqual([1]);
    expect(times({ from: 2, to: 2 })).toEqual([2]);
    expect(times({ acknowledged: false })).toEqual([3, 1]);
    expect(times({ delivery: 'undeliverable' })).toEqual([2]);
  });

  it('is summed up by alarm', () => {
    const log = aLog();
    for (const raisedAt of [0, 1, 2]) log.take(anAlarm({ raisedAt }), 10);
    log.take(anAlarm({ node: 'psn2', raisedAt: 3 }), 10);
    log.change('psn2-3-1', { delivery: 'undeliverable', acknowledgedAt: 4 });
    expect(log.summary()).toEqual([
      {
        name: 'Process Down',
        severity: 'Critical',
        instances: 2,
        occurrences: 4,
        lastRaisedAt: 3,
        unacknowledged: 1,
        undeliverable: 1,
      },
    ]);
  });

  it('finds an alarm by its mail, and no other by half of the name', () => {
    const log = aLog();
    log.take(anAlarm(), 0);
    log.change('psn1-0-1', { mails: ['mnt1-11'] });
    expect(log.ofMail('mnt1-11')?.id).toBe('psn1-0-1');
    expect(log.ofMail('mnt1-1')).toBeUndefined();
  });

  it('keeps the newest 10,000', () => {
    const log = aLog();
    for (let raisedAt = 0; raisedAt < 10_002; raisedAt += 1) log.take(anAlarm({ raisedAt }), 0);
    const kept = log.list();
    expect([kept.length, kept.at(0)?.raisedAt, kept.at(-1)?.raisedAt]).toEqual([10_000, 10_001, 2]);
  });
});

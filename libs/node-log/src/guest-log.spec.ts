import fc from 'fast-check';
import { Journal, VirtualClock } from '#libs/simulation';
import { GuestLog, LOGGERS, LOG_LEVELS, renderGuestLog, renderGuestLogLine } from './guest-log.ts';

const START = Date.parse('2026-02-02T05:00:00.007Z');

function withLog(test: (log: GuestLog, journal: Journal, clock: VirtualClock) => Promise<void>): Promise<void> {
  return VirtualClock.run({ startAt: START }, async (clock) => {
    const journal = new Journal(clock);
    await test(new GuestLog('pan1', journal), journal, clock);
  });
}

function texts(journal: Journal): unknown[] {
  return journal.records.map((record) => record['text']);
}

describe('GuestLog', () => {
  it('writes a line as a record of the journal, with thread and user', async () => {
    await withLog(async (log, journal) => {
      log.onThread({ thread: 'admin-http-pool12', user: 'admin' }, () =>
        log.logger(LOGGERS.settingsPage).info('saved'),
      );
      expect(renderGuestLog(journal.records, 'pan1')).toBe(
        '2026-02-02 05:00:00,007 INFO  [admin-http-pool12][[]] ' +
          'cpm.admin.guestaccess.action.SmtpServerSettingsAction -::admin:::- saved\n',
      );
    });
  });

  it('names the main thread and nobody outside of any work', async () => {
    await withLog(async (log, journal) => {
      log.logger(LOGGERS.mailJob).error('lost');
      expect(renderGuestLog(journal.records, 'pan1')).toMatch(/ ERROR \[main\]\[\[\]\] .* -:::::- lost\n$/);
    });
  });

  it('keeps a thread across timers, and those of concurrent work apart', async () => {
    await withLog(async (log, journal, clock) => {
      const logger = log.logger(LOGGERS.mailJob);
      const work = async (delayMs: number): Promise<void> => {
        await clock.sleep(delayMs);
        logger.info('done');
      };
      await Promise.all([
        log.onThread({ thread: 'slow' }, () => work(20)),
        log.onThread({ thread: 'quick' }, () => work(10)),
      ]);
      expect(journal.records.map((record) => record['thread'])).toEqual(['quick', 'slow']);
    });
  });

  it('leaves out DEBUG at first, and writes it once the level allows it', async () => {
    await withLog(async (log, journal) => {
      const logger = log.logger(LOGGERS.smtpSession);
      logger.debug('hidden');
      log.setLevel('guestaccess', 'DEBUG');
      logger.debug('shown');
      log.setLevel('guestaccess', 'FATAL');
      logger.error('hidden again');
      expect(texts(journal)).toEqual(['shown']);
    });
  });

  it.each(LOG_LEVELS)('at %s writes what is as severe or more, and nothing below', async (level) => {
    await withLog(async (log, journal) => {
      log.setLevel('guestaccess', level);
      expect(log.levelOf('guestaccess')).toBe(level);
      const logger = log.logger(LOGGERS.mailJob);
      logger.error('ERROR');
      logger.info('INFO');
      logger.debug('DEBUG');
      const most = LOG_LEVELS.indexOf(level);
      expect(texts(journal)).toEqual(['ERROR', 'INFO', 'DEBUG'].filter((_, i) => [1, 3, 4][i]! <= most));
    });
  });

  it('goes by the component of the logger', async () => {
    await withLog(async (log, journal) => {
      log.setLevel('guest-access-admin', 'DEBUG');
      log.logger(LOGGERS.tokenCache).debug('of guestaccess');
      log.logger(LOGGERS.settingsPage).debug('of guest-access-admin');
      expect(texts(journal)).toEqual(['of guest-access-admin']);
    });
  });

  it('shows the lines of one node only, oldest first', async () => {
    await withLog(async (log, journal) => {
      log.logger(LOGGERS.mailJob).info('first');
      new GuestLog('psn1', journal).logger(LOGGERS.mailJob).info('elsewhere');
      journal.record({ kind: 'mail.composed', node: 'pan1', text: 'no line of the log' });
      log.logger(LOGGERS.mailJob).info('second');
      expect(renderGuestLog(journal.records, 'pan1').match(/- \w+$/gm)).toEqual(['- first', '- second']);
    });
  });
});

describe('a rendered line', () => {
  it('can be taken apart again, whatever its text', () => {
    const word = fc.stringMatching(/^[\w.-]{1,30}$/);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Date.parse('9999-12-31T23:59:59.999Z') }),
        fc.constantFrom(...LOG_LEVELS),
        word,
        fc.constantFrom(...Object.values(LOGGERS)),
        fc.option(word, { nil: undefined }),
        fc.string({ unit: 'binary' }),
        (instant, level, thread, logger, user, text) => {
          const t = new Date(instant).toISOString();
          const line = renderGuestLogLine({
            t,
            seq: 1,
            kind: 'guest.log',
            node: 'pan1',
            level,
            thread,
            user,
            logger,
            text,
          });
          const parts = /^(\S+) (\S+),(\d{3}) (\w+) {1,2}\[(.*?)\]\[\[\]\] (\S+) -::(.*?):::- ([^]*)$/
            .exec(line)
            ?.slice(1);
          expect(parts).toEqual([
            t.slice(0, 10),
            t.slice(11, 19),
            t.slice(20, 23),
            level,
            thread,
            logger,
            user ?? '',
            text,
          ]);
        },
      ),
    );
  });

  it('goes on below the first line, as a Java stack trace does', () => {
    const record = { t: '2026-02-02T05:00:00.000Z', seq: 1, kind: 'guest.log', level: 'ERROR', thread: 'main' };
    const line = renderGuestLogLine({ ...record, logger: LOGGERS.smtpSession, text: 'a\n  nested exception is:\n\tb' });
    expect(line.split('\n')).toHaveLength(3);
  });
});

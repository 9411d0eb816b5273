import { DatabaseSync } from 'node:sqlite';
import { ExchangeOnline, type StoredMessage } from '#mocks/exchange';
import { archiveInto, MailArchive } from './mail-archive.ts';

const message = (number: number): StoredMessage => ({
  messageId: `<m${number}@lab.example>`,
  subject: `Mail ${number}`,
  from: 'ise@lab.example',
  to: ['guest@visitor.example'],
  cc: [],
  envelope: { from: 'ise@lab.example', to: ['guest@visitor.example'] },
  raw: Buffer.from(`Subject: Mail ${number}\r\n\r\nSoon\r\n`),
  receivedAt: number,
  undelivered: [],
});
const subjects = (mails: readonly { subject: string }[]): string[] => mails.map(({ subject }) => subject);

describe('an archive with a bound', () => {
  it('keeps the newest mails, here, on the disk and in Exchange, and tells what went', () => {
    const database = new DatabaseSync(':memory:');
    const archive = new MailArchive(database, undefined, 2);
    const online = new ExchangeOnline();
    const gone: number[] = [];
    archive.onChange((change) => void ('deleted' in change && gone.push(change.deleted)));
    archiveInto(archive, online, (messages) => {
      archive.add(messages);
      return true;
    });
    for (const number of [1, 2, 3]) online.store(message(number));
    expect(subjects(archive.newestFirst)).toEqual(['Mail 3', 'Mail 2']);
    expect(subjects(online.messages)).toEqual(['Mail 2', 'Mail 3']);
    expect(subjects(new MailArchive(database).newestFirst)).toEqual(['Mail 3', 'Mail 2']);
    expect(gone).toEqual([1]);
  });

  it('forgets nothing for a mail that could not be written', () => {
    const database = new DatabaseSync(':memory:');
    const archive = new MailArchive(database, undefined, 1);
    archive.add([message(1)]);
    database.exec(`CREATE TRIGGER full BEFORE INSERT ON mails BEGIN SELECT RAISE(ABORT, 'full'); END`);
    expect(() => archive.add([message(2)])).toThrow('full');
    expect(subjects(archive.newestFirst)).toEqual(['Mail 1']);
    expect(subjects(new MailArchive(database).newestFirst)).toEqual(['Mail 1']);
  });
});

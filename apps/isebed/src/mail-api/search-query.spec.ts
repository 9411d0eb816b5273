import { DatabaseSync } from 'node:sqlite';
import { MailArchive } from './mail-archive.ts';
import { SearchQuery, SearchQueryError } from './search-query.ts';

const RECEIVED = Date.parse('2026-03-01T23:30:00Z');

describe('SearchQuery', () => {
  async function matches(query: string, tz?: string): Promise<boolean> {
    const archive = new MailArchive(new DatabaseSync(':memory:'));
    const raw = Buffer.from(
      'From: "ISE" <ise@lab.example>\r\nTo: guest@visitor.example\r\nSubject: Expiry\r\n\r\nSoon\r\n',
    );
    archive.add([
      {
        messageId: '<m1@lab.example>',
        subject: 'Expiry',
        from: 'ise@lab.example',
        to: ['guest@visitor.example'],
        cc: [],
        envelope: { from: 'ise@lab.example', to: ['guest@visitor.example'] },
        raw,
        receivedAt: RECEIVED,
        undelivered: [],
        submittedBy: { mailbox: 'ise@lab.example', appId: '', sessionId: '' },
      },
    ]);
    const [mail] = archive.newestFirst;
    if (!mail) throw new Error('the mail is not in the archive');
    return new SearchQuery(query, tz).matches(mail, await archive.parse(mail));
  }

  it.each([
    ['', true],
    ['soon expiry', true],
    ['soon later', false],
    ['"soon expiry"', false],
    ['!later -to:sponsor', true],
    ['unknown:word', false],
    ['after:2026-03-01 before:2026-03-02', true],
    ['after:2026-03-02', false],
    ['after:"2026-03-01 23:30"', true],
    ['before:"2026-03-01 23:30"', false],
    ['smaller:1k', true],
    ['larger:1k', false],
  ])('"%s" matches: %s', async (query, expected) => {
    expect(await matches(query)).toBe(expected);
  });

  it('takes days in the time zone of the reader, also on the day that summer time begins', async () => {
    expect(await matches('after:2026-03-02', 'Europe/Berlin')).toBe(true);
    expect(await matches('after:2026-03-02', 'America/New_York')).toBe(false);
    expect(await matches('before:2026-03-30 after:2026-03-02', 'Europe/Berlin')).toBe(true);
  });

  it.each(['after:soon', 'before:2026-3', 'is:red', 'has:wings', 'larger:big', 'a '.repeat(101)])(
    'says what it does not understand: %s',
    (query) => {
      expect(() => new SearchQuery(query)).toThrow(SearchQueryError);
    },
  );
});

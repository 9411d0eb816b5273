import { createGuestAccounts } from './create-guest-account.ts';
import { DEFAULT_GUEST_TYPES } from './guest-type.ts';
import { IMPORT_COLUMNS, IMPORT_OCTETS_MAX, IMPORT_TEMPLATE, readGuestImport } from './import-guests.ts';
import { Random } from '#libs/simulation';

const read = (file: string, rowsMax = 200) => readGuestImport(file, { rowsMax });

describe('readGuestImport', () => {
  it('takes a byte order mark, CRLF, quotes, empty lines, and columns in any order', () => {
    const file =
      '\uFEFFEmail Address,First Name,Last Name\r\nada@x.example,Ada,"Lovelace, ""Countess"""\r\n\r\n,Alan,\r\n';
    expect(read(file)).toEqual({
      kind: 'read',
      rows: [
        { line: 2, request: { emailAddress: 'ada@x.example', firstName: 'Ada', lastName: 'Lovelace, "Countess"' } },
        { line: 4, request: { firstName: 'Alan' } },
      ],
    });
  });

  it('takes its own template, once it has a guest', () => {
    expect(read(IMPORT_TEMPLATE)).toMatchObject({
      mistakes: [{ line: 1, text: 'There is no guest below the header.' }],
    });
    const values = Object.keys(IMPORT_COLUMNS).map(() => 'x');
    expect(read(IMPORT_TEMPLATE + values.join(','))).toMatchObject({ kind: 'read' });
  });

  it.each([
    [
      'columns between semicolons',
      '\uFEFFFirst Name;Last Name\r\nAda;Lovelace',
      [{ line: 1, text: 'The columns are separated by semicolons; save the file with commas.' }],
    ],
    [
      'columns between tabs',
      'First Name\tLast Name\nAda\tLovelace',
      [{ line: 1, text: 'The columns are separated by tabs; save the file with commas.' }],
    ],
    ['an empty file', '', [{ line: 1, text: expect.stringContaining('The file is empty') }]],
    [
      'columns that are not there, each with its nearest',
      'Frist Name,Shoe Size,Company,Company\na,b,c,d',
      [
        { line: 1, column: 'Frist Name', text: expect.stringContaining('Did you mean "First Name"?') },
        { line: 1, column: 'Shoe Size', text: expect.stringMatching(/^There is no column "Shoe Size"\. Columns/) },
        { line: 1, column: 'Company', text: 'The column "Company" is there twice.' },
      ],
    ],
    [
      'lines with too many or too few values',
      'First Name,Last Name\nAda\nAlan,Turing\nGrace,Hopper,x',
      [
        { line: 2, text: 'The line has 1 values, the header 2 columns.' },
        { line: 4, text: 'The line has 3 values, the header 2 columns.' },
      ],
    ],
    [
      'a quotation mark that is never closed',
      'First Name\nAda\n"Alan\nGrace',
      [{ line: 3, text: 'A quotation mark is opened and never closed.' }],
    ],
    [
      'a quotation mark in the middle of a value',
      'First Name\nAda\nAl"an',
      [{ line: 3, text: 'A quotation mark stands inside a value that is not quoted.' }],
    ],
  ])('refuses %s', (_what, file, mistakes) => expect(read(file)).toMatchObject({ kind: 'refused', mistakes }));

  it('takes as many guests as the sponsor group may import, and not one more', () => {
    const file = (count: number): string => `First Name\n${'Ada\n'.repeat(count)}`;
    expect(read(file(500), 500)).toMatchObject({ kind: 'read' });
    expect(read(file(501), 500)).toMatchObject({
      mistakes: [{ line: 502, text: expect.stringContaining('500 at once') }],
    });
  });

  it('takes no file of more than 10 MB, and tells no more than 100 mistakes', () => {
    expect(read('x'.repeat(IMPORT_OCTETS_MAX + 1))).toMatchObject({
      mistakes: [{ text: 'The file is larger than 10 MB.' }],
    });
    const ragged = read(`First Name\n${'a,b\n'.repeat(150)}`);
    expect(ragged).toMatchObject({ mistakesInAll: 150 });
    expect(ragged.kind === 'refused' && ragged.mistakes).toHaveLength(100);
  });
});

describe('createGuestAccounts', () => {
  const create = (requests: Parameters<typeof createGuestAccounts>[0]) =>
    createGuestAccounts(requests, {
      guestTypes: DEFAULT_GUEST_TYPES,
      usernames: ['taken'],
      now: 0,
      random: new Random('batch'),
    });

  it('creates none if one is wrong, and says which', () => {
    const batch = create([
      { username: 'anna' },
      { username: 'ANNA' },
      { emailAddress: 'nowhere' },
      { username: 'Taken' },
    ]);
    expect(batch).toMatchObject({
      kind: 'refused',
      refusals: [
        { index: 1, code: 'guests.username-taken' },
        { index: 2, code: 'guests.address-invalid' },
        { index: 3, code: 'guests.username-taken' },
      ],
    });
  });

  it('gives every account a name, a password and an identifier of its own', () => {
    const batch = create(Array.from({ length: 500 }, (_, index) => (index % 2 === 0 ? {} : { usernamePrefix: 'v' })));
    const accounts = batch.kind === 'created' ? batch.accounts : [];
    expect(new Set(accounts.map(({ username }) => username)).size).toBe(500);
    expect(new Set(accounts.map(({ id }) => id)).size).toBe(500);
  });
});

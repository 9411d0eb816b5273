import { pick } from './answer-path.ts';

const BODY = {
  id: 'one',
  seats: 25,
  enabled: false,
  nothing: null,
  value: [
    {
      id: 'a',
      appRoles: [
        { id: 'x', value: 'IMAP.AccessAsApp' },
        { id: 'y', value: 'SMTP.SendAsApp' },
      ],
    },
    { id: 'b' },
  ],
};

describe('a path into an answer', () => {
  it.each([
    ['id', 'one'],
    ['seats', '25'],
    ['enabled', 'false'],
    ['value[1].id', 'b'],
    ['value[id=b].id', 'b'],
    ['value[0].appRoles[value=SMTP.SendAsApp].id', 'y'],
  ])('%s', (path, found) => {
    expect(pick(BODY, path)).toBe(found);
  });

  it.each([
    'Id',
    'nothing',
    'value',
    'value[0]',
    'value[2].id',
    'id[0]',
    'id.length',
    'value[id=c].id',
    'toString',
    '',
  ])('%j leads nowhere', (path) => {
    expect(pick(BODY, path)).toBeUndefined();
  });

  it('leads nowhere in an answer without a body', () => {
    expect(pick(undefined, 'id')).toBeUndefined();
  });
});

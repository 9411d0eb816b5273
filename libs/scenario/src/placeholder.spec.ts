import { resolvePlaceholders } from './placeholder.ts';

describe('resolvePlaceholders', () => {
  it('replaces every placeholder in every string, however deep, and nothing else', () => {
    const value = { appId: '{{app.clientId}}', list: ['a {{ mailbox }} b {{mailbox}}', 7, null], '{{key}}': true };
    expect(resolvePlaceholders(value, (name) => `<${name}>`)).toEqual({
      appId: '<app.clientId>',
      list: ['a <mailbox> b <mailbox>', 7, null],
      '{{key}}': true,
    });
  });

  it('does not take what a placeholder stands for as a pattern or another placeholder', () => {
    expect(resolvePlaceholders('{{mailbox}}', () => '$&{{mailbox}}')).toBe('$&{{mailbox}}');
  });
});

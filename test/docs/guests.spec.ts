import { GUEST_LIFE_CYCLE, GUEST_OPERATIONS, GUEST_STATES } from '#libs/guests';
import { readMarkdown } from './markdown.ts';

const LABELS = {
  edit: 'Edit',
  resend: 'Resend',
  resetPassword: 'Reset Password',
  extend: 'Extend',
  suspend: 'Suspend',
  reinstate: 'Reinstate',
  approve: 'Approve',
  deny: 'Deny',
  delete: 'Delete',
  firstLogin: '_sign in_',
  changePassword: '_change password_',
} as const;

/** What a cell says: where the account goes; a dash where the operation is refused. */
function cell(operation: (typeof GUEST_OPERATIONS)[number], state: (typeof GUEST_STATES)[number]): string {
  const found = GUEST_LIFE_CYCLE[operation][state];
  if (found.kind === 'refused') return '-';
  const [only, ...others] = found.next;
  return only === state && others.length === 0 ? 'stays' : found.next.join(', ');
}

describe('docs/guests.md', () => {
  it('shows the life cycle as it is', () => {
    const rows = readMarkdown('docs/guests.md').lines.filter((line) => line.startsWith('|'));
    const table = rows.map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((text) => text.trim()),
    );
    for (const operation of GUEST_OPERATIONS) {
      const expected = [LABELS[operation], ...GUEST_STATES.map((state) => cell(operation, state))];
      expect(table).toContainEqual(expected);
    }
  });
});

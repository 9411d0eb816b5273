import { callGraph, type GraphLab } from './graph-lab.ts';

/** A user that can be created as it stands. */
export const A_USER = {
  accountEnabled: true,
  displayName: 'No Reply',
  mailNickname: 'no-reply',
  userPrincipalName: 'no-reply@lab.example',
  passwordProfile: { forceChangePasswordNextSignIn: false, password: 'correct-Horse-1' },
  usageLocation: 'DE',
};

export const E5_DEVELOPER = 'c42b9cae-ea4f-4ab7-9717-81576235ccac';

export async function createUser(lab: GraphLab, changes: object = {}): Promise<{ id: string }> {
  const { status, body } = await callGraph(lab, 'POST', '/users', { ...A_USER, ...changes });
  expect(status).toBe(201);
  return body;
}

export function contextOf(set: string): string {
  return `https://graph.microsoft.com/v1.0/$metadata#${set}`;
}

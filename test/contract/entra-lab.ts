import { httpRequest, tokenForm, type MicrosoftLab } from './microsoft-lab.ts';

/** Asks for a token with the lab's form: `form` replaces or adds fields, `without` leaves some out. */
export async function askForToken(lab: MicrosoftLab, form: Record<string, string> = {}, without: string[] = []) {
  const fields = new URLSearchParams(tokenForm(lab, form));
  for (const name of without) fields.delete(name);
  const path = `/${lab.tenantId}/oauth2/v2.0/token`;
  const answer = await httpRequest(lab, path, { method: 'POST', body: fields.toString() });
  return { status: answer.status, body: JSON.parse(answer.body) };
}

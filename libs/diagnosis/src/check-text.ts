import type { CaseView } from './case-view.ts';
import type { Peer } from './observation.ts';
import { peerOf } from './reading.ts';

const TOKEN_ENDPOINT = 'login.microsoftonline.com';
/** What the SMTP Server page has for Exchange Online (fact sheet ise 1.2). */
const SMTP_SERVER = 'smtp.office365.com';

/** `{openssl -showcerts}`: the command that shows the TLS session of the server in question, and what is added to it. */
const OPENSSL = /\{openssl( [^}]*)\}/g;

/** The words of a check, with the names of the case, or those to be filled in. */
export function checkText(text: string, view: CaseView): string {
  const { mailbox, clientId, failure } = view;
  const peer = failure && peerOf(failure.observation);
  const host = hostOf(view);
  const smtp = peer === 'smtp' ? (host ?? SMTP_SERVER) : SMTP_SERVER;
  return text
    .replaceAll(OPENSSL, (_whole, rest: string) => opensslCommands(peer, host).map(addedTo(rest)).join('; '))
    .replaceAll('{mailbox}', mailbox ?? '<mailbox>')
    .replaceAll('{clientId}', clientId ?? '<client ID>')
    .replaceAll('{smtp}', smtp)
    .replaceAll('{host}', host ?? '<server>');
}

function hostOf({ server, failure }: CaseView): string | undefined {
  const named = server?.replace(/:\d+$/, '');
  if (named !== undefined && named !== '') return named;
  const step = failure?.step ?? '';
  if (step.startsWith('token')) return TOKEN_ENDPOINT;
  return failure?.observation.kind !== 'network' && step.startsWith('smtp') ? SMTP_SERVER : undefined;
}

function opensslCommands(peer: Peer | undefined, host: string | undefined): string[] {
  const toToken = `openssl s_client -connect ${peer === 'token-endpoint' ? (host ?? TOKEN_ENDPOINT) : TOKEN_ENDPOINT}:443`;
  const toSmtp = `openssl s_client -connect ${peer === 'smtp' ? (host ?? SMTP_SERVER) : SMTP_SERVER}:587 -starttls smtp`;
  if (peer === undefined) return [toSmtp, toToken];
  return [peer === 'smtp' ? toSmtp : toToken];
}

function addedTo(rest: string): (command: string) => string {
  return (command) => command + rest;
}

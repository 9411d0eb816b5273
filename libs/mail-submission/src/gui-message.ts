import type { ConnectionLoss, DialFailure } from '#libs/network';
import type { SubmissionFailure } from './submission-failure.ts';

/** AADSTS numbers that say that the tenant is at fault (fact sheet microsoft 1.5). */
const TENANT_NUMBERS: readonly number[] = [90002, 900023, 900021, 9001023];

/** AADSTS numbers that say that the secret is at fault. */
const SECRET_NUMBERS: readonly number[] = [7000215, 7000218, 7000222];

/** AADSTS numbers that say that the client ID is at fault; the page's text for them is our own. */
const CLIENT_NUMBERS: readonly number[] = [700016, 700038, 7000112, 7000229];

/** Ours: the message of the innermost Java exception, as the page shows it for a connect timeout. */
const LOSS_MESSAGES: Partial<Record<ConnectionLoss, string>> = {
  'read-timeout': 'Read timed out',
  'connection-reset': 'Connection reset',
};

/**
 * What the page SMTP Server shows after a failed Test Connection. The five texts of the troubleshooting cases are
 * Cisco's (fact sheet ise 1.3); the others are ours, since nobody knows them.
 */
export function guiMessageOf(failure: SubmissionFailure, smtpServer: string): string {
  switch (failure.stage) {
    case 'settings':
      return 'SMTP server is not configured';
    case 'dial':
      return dialMessage(failure.error.failure, failure.error.peer.host);
    case 'tls':
      return failure.error.failure === 'no-certification-path'
        ? 'unable to find valid certification path to requested target'
        : failure.error.javaException.split(': ').slice(1).join(': ');
    case 'connection':
      return LOSS_MESSAGES[failure.error.loss] ?? `Connection to ${smtpServer} failed`;
    case 'token':
      return tokenMessage(failure.refusal.aadsts, failure.refusal.error);
    case 'token-garbled':
      return 'Invalid OAuth endpoint or tenant ID';
    case 'auth':
      return failure.reply.code === 535 ? 'Invalid email address' : `Connection to ${smtpServer} failed`;
    case 'session':
    case 'envelope':
    case 'data':
    case 'protocol':
      return `Connection to ${smtpServer} failed`;
  }
}

function dialMessage(failure: DialFailure, host: string): string {
  switch (failure) {
    case 'connect-timeout':
      return 'connect timed out';
    case 'dns-failure':
      return host;
    case 'connection-refused':
      return 'Connection refused';
    case 'connection-reset':
      return 'Connection reset';
    case 'proxy-authentication-required':
      return 'Unable to tunnel through proxy. Proxy returns "HTTP/1.1 407 Proxy Authentication Required"';
    case 'proxy-forbidden':
      return 'Unable to tunnel through proxy. Proxy returns "HTTP/1.1 403 Forbidden"';
    case 'proxy-bad-gateway':
      return 'Unable to tunnel through proxy. Proxy returns "HTTP/1.1 502 Bad Gateway"';
  }
}

function tokenMessage(aadsts: number | undefined, error: string): string {
  if (aadsts !== undefined && TENANT_NUMBERS.includes(aadsts)) return 'Invalid OAuth endpoint or tenant ID';
  if (aadsts !== undefined && SECRET_NUMBERS.includes(aadsts)) return 'Invalid client secret';
  if (aadsts !== undefined && CLIENT_NUMBERS.includes(aadsts)) return 'Invalid client ID';
  return `OAuth token request failed: ${error}`;
}

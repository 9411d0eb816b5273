import type { ConnectionError, DialError } from '#libs/network';
import type { SubmissionFailure } from './submission-failure.ts';

/**
 * The failure as the Java mail stack of a real node would log it: JavaMail's exceptions with their nested ones
 * (fact sheet ise 1.4 items 5 and 6, microsoft 4.10).
 *
 * @param timeoutMs the configured connection timeout, which JavaMail prints
 */
export function javaExceptionOf(failure: SubmissionFailure, timeoutMs: number): string {
  switch (failure.stage) {
    case 'settings':
      return 'javax.mail.MessagingException: SMTP server is not configured';
    case 'dial':
      return dialException(failure, timeoutMs);
    case 'tls':
      if (failure.error.failure === 'starttls-not-offered') return failure.error.javaException;
      return failure.peer === 'smtp'
        ? `javax.mail.MessagingException: Could not convert socket to TLS;\n  nested exception is:\n\t${failure.error.javaException}`
        : `javax.mail.MessagingException: no access token;\n  nested exception is:\n\t${failure.error.javaException}`;
    case 'connection':
      return lossException(failure);
    case 'token':
      return `javax.mail.AuthenticationFailedException: no access token: ${failure.refusal.error}: ${failure.refusal.description}`;
    case 'token-garbled':
      return `javax.mail.AuthenticationFailedException: no access token: ${failure.description}`;
    case 'session':
      return failure.during === 'greeting'
        ? `javax.mail.MessagingException: Could not connect to SMTP host: ${failure.server.host}, port: ${failure.server.port}, response: ${failure.reply.code}`
        : `javax.mail.MessagingException: ${failure.reply.line}`;
    case 'auth':
      return `javax.mail.AuthenticationFailedException: ${failure.reply.line}`;
    case 'envelope':
    case 'data':
      return `com.sun.mail.smtp.SMTPSendFailedException: ${failure.reply.line}`;
    case 'protocol':
      return `javax.mail.MessagingException: ${failure.description}`;
  }
}

function dialException({ peer, error }: Extract<SubmissionFailure, { stage: 'dial' }>, timeoutMs: number): string {
  const { host, port } = error.peer;
  const outer =
    peer === 'smtp'
      ? `com.sun.mail.util.MailConnectException: Couldn't connect to host, port: ${host}, ${port}; timeout ${timeoutMs};`
      : 'javax.mail.MessagingException: no access token;';
  return `${outer}\n  nested exception is:\n\t${connectException(error)}`;
}

/** A server that closes without a word is `[EOF]` to JavaMail; at the greeting it reports a reply code of -1. */
function lossException({ peer, error }: Extract<SubmissionFailure, { stage: 'connection' }>): string {
  const { host, port } = error.peer;
  if (peer === 'token-endpoint') {
    return `javax.mail.MessagingException: no access token;\n  nested exception is:\n\t${socketException(error)}`;
  }
  if (error.loss === 'connection-closed') {
    return error.during === 'greeting'
      ? `javax.mail.MessagingException: Could not connect to SMTP host: ${host}, port: ${port}, response: -1`
      : 'javax.mail.MessagingException: [EOF]';
  }
  return `javax.mail.MessagingException: Exception reading response;\n  nested exception is:\n\t${socketException(error)}`;
}

function socketException({ loss }: ConnectionError): string {
  switch (loss) {
    case 'read-timeout':
      return 'java.net.SocketTimeoutException: Read timed out';
    case 'connection-reset':
      return 'java.net.SocketException: Connection reset';
    case 'connection-closed':
      return 'java.io.EOFException: SSL peer shut down incorrectly';
  }
}

function connectException({ failure, peer }: DialError): string {
  switch (failure) {
    case 'connect-timeout':
      return 'java.net.SocketTimeoutException: connect timed out';
    case 'dns-failure':
      return `java.net.UnknownHostException: ${peer.host}`;
    case 'connection-refused':
      return 'java.net.ConnectException: Connection refused (Connection refused)';
    case 'connection-reset':
      return 'java.net.SocketException: Connection reset';
    case 'proxy-authentication-required':
      return tunnelException('407 Proxy Authentication Required');
    case 'proxy-forbidden':
      return tunnelException('403 Forbidden');
    case 'proxy-bad-gateway':
      return tunnelException('502 Bad Gateway');
  }
}

function tunnelException(status: string): string {
  return `java.io.IOException: Unable to tunnel through proxy. Proxy returns "HTTP/1.1 ${status}"`;
}

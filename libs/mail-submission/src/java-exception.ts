import type { DialError } from '#libs/network';
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
      return failure.peer === 'smtp'
        ? `javax.mail.MessagingException: Could not convert socket to TLS;\n  nested exception is:\n\t${failure.error.javaException}`
        : `javax.mail.MessagingException: no access token;\n  nested exception is:\n\t${failure.error.javaException}`;
    case 'token':
      return `javax.mail.AuthenticationFailedException: no access token: ${failure.refusal.error}: ${failure.refusal.description}`;
    case 'token-garbled':
      return `javax.mail.AuthenticationFailedException: no access token: ${failure.description}`;
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

function connectException({ failure, peer }: DialError): string {
  switch (failure) {
    case 'connect-timeout':
      return 'java.net.SocketTimeoutException: connect timed out';
    case 'dns-failure':
      return `java.net.UnknownHostException: ${peer.host}`;
    case 'connection-refused':
      return 'java.net.ConnectException: Connection refused (Connection refused)';
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

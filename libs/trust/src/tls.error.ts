import { TestbedError } from '#libs/diagnosis';
import type { TrustFailure } from './server-verification.ts';

/** Beyond the judgement of a chain: what keeps a TLS session from coming about. */
export type TlsFailure =
  TrustFailure | 'handshake-failed' | 'timed-out' | 'connection-reset' | 'no-common-version' | 'starttls-not-offered';

const REMEDY =
  'Administration > System > Certificates > Trusted Certificates: import the chain of this server, enable it, and tick "Trust for authentication within ISE and Client-Server communication".';

/** A TLS session that did not come about, or whose server is not trusted. */
export class TlsError extends TestbedError {
  constructor(
    readonly failure: TlsFailure,
    readonly host: string,
    /** Common name of the certificate at fault, where one is. */
    readonly certificate?: string,
    cause?: unknown,
  ) {
    super(`tls.${failure}`, `TLS with ${host} failed: ${failure}${certificate ? ` (${certificate})` : ''}`, {
      remedy: REMEDY,
      evidence: { host, certificate },
      cause,
    });
  }

  /** What the Java stack of a real node throws in this case (fact sheet ise 8; the texts are the JDK's and JavaMail's). */
  get javaException(): string {
    switch (this.failure) {
      case 'no-certification-path':
        return (
          'javax.net.ssl.SSLHandshakeException: sun.security.validator.ValidatorException: PKIX path building failed: ' +
          'sun.security.provider.certpath.SunCertPathBuilderException: ' +
          'unable to find valid certification path to requested target'
        );
      case 'expired':
      case 'not-yet-valid':
        return (
          'javax.net.ssl.SSLHandshakeException: sun.security.validator.ValidatorException: PKIX path validation failed: ' +
          'java.security.cert.CertPathValidatorException: validity check failed'
        );
      case 'wrong-name':
        return `javax.net.ssl.SSLHandshakeException: No subject alternative DNS name matching ${this.host} found.`;
      case 'handshake-failed':
        return 'javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake';
      case 'timed-out':
        return 'java.net.SocketTimeoutException: Read timed out';
      case 'connection-reset':
        return 'java.net.SocketException: Connection reset';
      case 'no-common-version':
        return 'javax.net.ssl.SSLHandshakeException: Received fatal alert: protocol_version';
      case 'starttls-not-offered':
        return 'javax.mail.MessagingException: STARTTLS is required but host does not support STARTTLS';
    }
  }
}

import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { TLSSocket } from 'node:tls';
import { NodeTrust, TlsError } from '#libs/trust';

type UpgradeCallback = (error: Error | null, secured?: boolean) => void;

/** nodemailer's STARTTLS step: not in its types, but the one place where the server can be judged before EHLO. */
interface Upgradable {
  _upgradeConnection: (this: SMTPConnection, callback: UpgradeCallback) => void;
}

const upgrade = (SMTPConnection.prototype as unknown as Upgradable)._upgradeConnection;

/** nodemailer's SMTP client whose TLS server is judged by the node's Trusted Certificates, at the node's time. */
export class TrustingSmtpConnection extends SMTPConnection {
  /** The verdict on the server, when it was not trusted; nodemailer wraps the error and loses its class. */
  trustFailure: TlsError | undefined;

  constructor(
    private readonly trust: NodeTrust,
    private readonly serverName: string,
    options: ConstructorParameters<typeof SMTPConnection>[0],
  ) {
    super({ ...options, tls: { servername: serverName, ...NodeTrust.clientOptions } });
  }

  _upgradeConnection(callback: UpgradeCallback): void {
    upgrade.call(this, (error: Error | null, secured?: boolean) => {
      if (error) return callback(error);
      try {
        if (this._socket instanceof TLSSocket) this.trust.requireTrust(this._socket, this.serverName);
      } catch (failure) {
        if (failure instanceof TlsError) this.trustFailure = failure;
        return callback(failure instanceof Error ? failure : new Error(String(failure)));
      }
      callback(null, secured);
    });
  }
}

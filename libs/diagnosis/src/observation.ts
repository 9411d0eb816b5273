/**
 * What can be seen of a mail that failed, from outside Microsoft: the input of `explainFailure`. Readers of logs, replies,
 * certificates and captures produce these; so does the reader of our own journal, which takes nothing from it but what
 * the node saw.
 *
 * Order matters little: the engine puts observations on the path of a mail itself (`PathStage`), and by `source.at` where
 * an order in time is needed. Leave out what is not known: an absent field means "not seen", never "no". Texts are as
 * they stood there (clipped lines stay clipped), free of secrets, tokens and passwords.
 */
export type Observation =
  | AadstsObservation
  | HttpObservation
  | SmtpReplyObservation
  | SmtpOfferObservation
  | ExceptionObservation
  | TlsObservation
  | NetworkObservation
  | ProxyObservation
  | GuiObservation
  | ChainObservation
  | TokenObservation
  | SettingsObservation
  | TrustStoreObservation
  | NodeObservation
  | MailObservation
  | BounceObservation
  | AlarmObservation
  | IseObservation;

/** Where something was seen. */
export interface ObservationSource {
  /** File, or `-` for standard input. */
  file?: string;
  /** Line in that file, from 1. */
  line?: number;
  /** `seq` of the journal record. */
  seq?: number;
  /** The ISE node that saw it. */
  node?: string;
  /** ISO 8601, as the source gives it; a time without a zone stays without. */
  at?: string;
}

interface Seen {
  source: ObservationSource;
}

/** The two servers that a mail needs. */
export type Peer = 'token-endpoint' | 'smtp';

/** The steps of a mail, in their order. */
export type PathStage =
  | 'settings'
  | 'name'
  | 'connect'
  | 'tls'
  | 'token'
  | 'greeting'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'end-of-data'
  | 'delivery';

/** A refusal of Entra: its JSON body, or the number in any text that quotes it (fact sheet microsoft 1.4, 1.5). */
export interface AadstsObservation extends Seen {
  kind: 'aadsts';
  /** 7000215 of AADSTS7000215. */
  number: number;
  /** `invalid_client`, … */
  error?: string;
  /** HTTP status. */
  status?: number;
  /** The sentence, without `AADSTSnnn: ` and without Trace ID, Correlation ID and Timestamp. */
  description?: string;
  /** What the sentence names. */
  tenant?: string;
  clientId?: string;
}

/** An HTTP answer in place of a token that is not Entra's JSON: plain-text 429, a page of a portal, a gateway's 5xx. */
export interface HttpObservation extends Seen {
  kind: 'http';
  status?: number;
  /** What the body looks like; absent when the body was not seen. */
  body?: 'json' | 'html' | 'text' | 'empty';
  /** The beginning of the body or of the description. */
  text?: string;
  host?: string;
}

/** A reply of an SMTP server, good or bad (RFC 5321, 4.2). */
export interface SmtpReplyObservation extends Seen {
  kind: 'smtp-reply';
  code: number;
  /** Enhanced status code, `5.7.3` (RFC 3463). */
  enhanced?: string;
  /** All that follows the codes, lines of one reply joined by a blank. */
  text: string;
  /** What it answers, where that can be told. */
  stage?: SmtpStage;
  /** The command without its argument where that is a credential: `AUTH XOAUTH2`, `MAIL FROM:<a@b.example>`. */
  command?: string;
  host?: string;
}

export type SmtpStage =
  'greeting' | 'ehlo' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'end-of-data' | 'quit' | 'other';

/** What EHLO announced. */
export interface SmtpOfferObservation extends Seen {
  kind: 'smtp-offer';
  /** Keywords in capitals, parameters cut off: `STARTTLS`, `AUTH`. */
  extensions: readonly string[];
  /** Of AUTH. */
  mechanisms?: readonly string[];
  /** After STARTTLS (or on a connection that is TLS from its start). */
  overTls: boolean;
}

/**
 * An exception or error of a program, outermost first. A reader adds what it can derive (`tls`, `network`, `aadsts`,
 * `smtp-reply`) as observations of their own; the exception itself shows the engine just what those can't.
 */
export interface ExceptionObservation extends Seen {
  kind: 'exception';
  /** `javax.net.ssl.SSLHandshakeException`, or the code of a Node error, `ECONNRESET`. */
  name: string;
  message: string;
  nested?: readonly { name: string; message: string }[];
  /** Which of the two servers it is about, where logger or text tell. */
  peer?: Peer;
}

export type SeenTlsFailure =
  /** No path from the server's chain to a trusted certificate. */
  | 'no-certification-path'
  | 'expired'
  | 'not-yet-valid'
  /** Java says "validity check failed" for both: past its end, or not valid yet. */
  | 'out-of-date'
  | 'wrong-name'
  | 'no-common-version'
  | 'starttls-not-offered'
  | 'handshake-failed'
  | 'timed-out'
  | 'connection-reset';

/** A TLS session that came about and was trusted, or did not. */
export interface TlsObservation extends Seen {
  kind: 'tls';
  outcome: 'established' | 'failed';
  failure?: SeenTlsFailure;
  peer?: Peer;
  host?: string;
  /** Common name of the certificate at fault. */
  certificate?: string;
  /** Common name of the issuer of the last certificate that was sent: as a rule the root. */
  issuer?: string;
  /** How many certificates the server sent. */
  presented?: number;
  /** A trusted certificate that would have done but for its usage or status. */
  nearMiss?: { name: string; lacking: 'infrastructure' | 'enabled' };
  /** `TLSv1.3`. */
  protocol?: string;
  /** How long the handshake took. */
  elapsedMs?: number;
  /** A time-out: whether part of an answer had come by then. */
  halfHeard?: boolean;
}

export type SeenNetworkFailure =
  | 'dns-failure'
  | 'connect-timeout'
  | 'connection-refused'
  | 'connection-reset'
  | 'connection-closed'
  | 'read-timeout'
  | 'unreachable';

/** A connection that was opened, or failed to, or was lost later. */
export interface NetworkObservation extends Seen {
  kind: 'network';
  outcome: 'connected' | 'failed';
  failure?: SeenNetworkFailure;
  /** The step at which it failed; `connect` for one that did not come about. */
  stage?: PathStage;
  peer?: Peer;
  /** What was dialled: the server, or the proxy when `proxyFor` is given. */
  host?: string;
  port?: number;
  /** The server, `host:port`, that the dialled proxy should lead to. */
  proxyFor?: string;
  /** How long it took to open, or until it failed. */
  elapsedMs?: number;
  /** A time-out: whether part of an answer had come by then. */
  halfHeard?: boolean;
}

/** What a proxy answered to CONNECT. */
export interface ProxyObservation extends Seen {
  kind: 'proxy';
  status: number;
  /** The rest of the status line. */
  reason?: string;
  /** `host:port` of the proxy, and of the server behind it. */
  proxy?: string;
  target?: string;
}

/** What a page of ISE showed. */
export interface GuiObservation extends Seen {
  kind: 'gui';
  text: string;
}

/** A certificate as it can be read; names are common names, times ISO 8601. */
export interface SeenCertificate {
  subject: string;
  issuer: string;
  validFrom?: string;
  validTo?: string;
  /** DNS names it is valid for; for a leaf. */
  names?: readonly string[];
}

/** The chain that a server sent, leaf first. */
export interface ChainObservation extends Seen {
  kind: 'chain';
  peer?: Peer;
  host?: string;
  certificates: readonly SeenCertificate[];
}

/** An access token that a node obtained or used; never the token itself. */
export interface TokenObservation extends Seen {
  kind: 'token';
  /** From the node's cache. */
  fromCache?: boolean;
  /** Time at which it was obtained, and at which it ends; ISO 8601. */
  obtainedAt?: string;
  expiresAt?: string;
  clientId?: string;
  /** `tid`, `aud`, `oid` of a token that was decoded. */
  tenant?: string;
  audience?: string;
  objectId?: string;
  /** Absent: not decoded. Empty: decoded, and there are none. */
  roles?: readonly string[];
}

/** The SMTP Server page as the node has it, without the secrets. */
export interface SettingsObservation extends Seen {
  kind: 'settings';
  /** False: there are none on this node. */
  present: boolean;
  /** There are none, and a restore from a backup came after they were last saved. */
  restored?: boolean;
  smtpServer?: string;
  smtpPort?: number;
  connectionTimeoutSeconds?: number;
  encryption?: boolean;
  authentication?: 'none' | 'password' | 'oauth';
  emailAddress?: string;
  tenantId?: string;
  clientId?: string;
  /** What the secret looks like, never more: a GUID is a secret's ID, not its value. */
  secretForm?: 'empty' | 'guid' | 'other';
  /** No later than this the secret was entered, as the page or the audit log of configuration changes tells. */
  secretEnteredAt?: string;
  /** ISO date that was typed. */
  secretExpiryTyped?: string;
  /** `host:port` of the proxy that the node is told to use. */
  proxy?: string;
}

/** The Trusted Certificates of a node. */
export interface TrustStoreObservation extends Seen {
  kind: 'trust-store';
  certificates: readonly (SeenCertificate & { name: string; enabled: boolean; infrastructure: boolean })[];
}

/** The node itself. */
export interface NodeObservation extends Seen {
  kind: 'node';
  personas?: readonly string[];
  roles?: readonly string[];
  /** `Connected`, `NotInSync`, … as on the Deployment page. */
  status?: string;
  /** Milliseconds that its clock is ahead; negative: behind. */
  clockSkewMs?: number;
}

/** The mail that was sent, or a Test Connection, which is none. */
export interface MailObservation extends Seen {
  kind: 'mail';
  /** `guest-credentials`, `alarm`, …; `test-connection`. */
  type: string;
  from?: string;
  to?: readonly string[];
  subject?: string;
  outcome?: 'accepted' | 'refused' | 'connected' | 'not-connected' | 'pending';
}

/** A non-delivery report. */
export interface BounceObservation extends Seen {
  kind: 'bounce';
  /** `5.1.10`. */
  enhanced: string;
  text: string;
  recipient?: string;
}

/** An alarm of the dashboard or in a mail. */
export interface AlarmObservation extends Seen {
  kind: 'alarm';
  name: string;
  text?: string;
}

/** What ISE itself refused or left undone, before anything left the node. */
export interface IseObservation extends Seen {
  kind: 'ise';
  event:
    /** Save was clicked for settings that have not passed Test Connection. */
    | 'save-refused'
    /** Mails to guests are switched off, or the guest has no address. */
    | 'guest-mail-disabled'
    | 'guest-without-address'
    /** An alarm is listed and nobody is to be mailed. */
    | 'alarm-without-recipients'
    /** The active MnT could not be told of an alarm. */
    | 'active-mnt-unreachable'
    | 'primary-pan-unreachable'
    /** The node is no part of the deployment any more. */
    | 'node-deregistered';
  /** The node that is missed or left out. */
  host?: string;
}

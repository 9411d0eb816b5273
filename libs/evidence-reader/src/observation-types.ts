import type { Observation } from '#libs/diagnosis';

/** The observations that readers of this lib produce, by their kind. */
type Of<K extends Observation['kind']> = Extract<Observation, { kind: K }>;

export type AadstsObservation = Of<'aadsts'>;
export type NetworkObservation = Of<'network'>;
export type SmtpReplyObservation = Of<'smtp-reply'>;
export type TlsObservation = Of<'tls'>;
export type TokenObservation = Of<'token'>;
export type SeenNetworkFailure = NonNullable<NetworkObservation['failure']>;
export type SeenTlsFailure = NonNullable<TlsObservation['failure']>;
export type SeenCertificate = Of<'chain'>['certificates'][number];

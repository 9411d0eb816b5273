export { type TrustFailure, type TrustVerdict } from './server-verification.ts';
export { TlsError, type TlsFailure } from './tls.error.ts';
export { TlsWatcher } from './tls-watcher.ts';
export { summarize, type TrustedCertificate, type TrustedCertificateSummary } from './trusted-certificate.ts';
export { NodeTrust } from './trusting-tls.ts';

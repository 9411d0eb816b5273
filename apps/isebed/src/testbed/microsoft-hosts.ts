import type { PkiPeer } from '#mocks/pki';

/** Names and addresses of the Microsoft services; the addresses are from the ranges for documentation (RFC 5737). */
export const MICROSOFT_HOSTS = {
  tokenEndpoint: { name: 'login.microsoftonline.com', address: '198.51.100.10', port: 443 },
  smtp: { name: 'smtp.office365.com', address: '203.0.113.25', port: 587 },
  graph: { name: 'graph.microsoft.com', address: '198.51.100.20', port: 443 },
  exchangeAdmin: { name: 'outlook.office365.com', address: '203.0.113.30', port: 443 },
} as const;

/** Client submission is served there too (fact sheet microsoft 4.1). */
export const FURTHER_SMTP_PORT = 25;

/** The host of a server, by what it is for those who dial it. */
export function microsoftHost(peer: PkiPeer): (typeof MICROSOFT_HOSTS)[keyof typeof MICROSOFT_HOSTS] {
  return peer === 'smtp' ? MICROSOFT_HOSTS.smtp : MICROSOFT_HOSTS.tokenEndpoint;
}

/** The names under which Entra answers (fact sheet microsoft 2.3). */
export const ENTRA_HOSTS = ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'];

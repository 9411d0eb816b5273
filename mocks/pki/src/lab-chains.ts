import type { LabKeyRole } from './lab-keys.ts';

/** The two servers that have certificates; their chains share nothing. */
export type PkiPeer = 'token-endpoint' | 'smtp';

/** Names on the certificates of one server, from the root down. */
export interface ChainNames {
  peer: PkiPeer;
  root: string;
  issuing: string;
  leaf: string;
  dnsNames: readonly string[];
  keys: { root: LabKeyRole; issuing: LabKeyRole; leaf: LabKeyRole };
}

/** Common names as on the real chains (fact sheet microsoft 6.1, 6.2); which leaf smtp.office365.com has in 2026 is unknown. */
export const LAB_CHAINS: readonly ChainNames[] = [
  {
    peer: 'token-endpoint',
    root: 'DigiCert Global Root G2',
    issuing: 'Microsoft Azure RSA TLS Issuing CA 03',
    leaf: 'stamp2.login.microsoftonline.com',
    dnsNames: [
      'login.microsoftonline.com',
      'login.windows.net',
      'login.microsoft.com',
      'sts.windows.net',
      'graph.microsoft.com',
    ],
    keys: { root: 'token-endpoint-root', issuing: 'token-endpoint-issuing', leaf: 'token-endpoint-leaf' },
  },
  {
    peer: 'smtp',
    root: 'DigiCert Global Root CA',
    issuing: 'DigiCert Cloud Services CA-1',
    leaf: 'outlook.com',
    dnsNames: ['smtp.office365.com', 'outlook.office365.com', 'outlook.office.com', '*.office365.com', '*.outlook.com'],
    keys: { root: 'smtp-root', issuing: 'smtp-issuing', leaf: 'smtp-leaf' },
  },
];

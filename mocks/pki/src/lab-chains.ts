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

/** Names of a PKI that stands beside the two chains; it is trusted by nobody until somebody imports its root. */
export interface FurtherPki {
  root: string;
  /** Absent: the root issues the leaf itself. */
  issuing?: string;
  keys: { root: LabKeyRole; issuing?: LabKeyRole };
}

/** Where Microsoft's chains are moving (fact sheet microsoft 6.1), somebody else's CA, and that of an inspecting firewall. */
export const FURTHER_PKIS = {
  new: {
    root: 'Microsoft TLS RSA Root G2',
    issuing: 'Microsoft TLS G2 RSA CA OCSP 02',
    keys: { root: 'new-root', issuing: 'new-issuing' },
  },
  other: {
    root: 'Contoso Enterprise Root CA',
    issuing: 'Contoso Issuing CA 1',
    keys: { root: 'other-root', issuing: 'other-issuing' },
  },
  inspection: { root: 'Lab Firewall TLS Inspection CA', keys: { root: 'inspection-root' } },
} as const satisfies Record<string, FurtherPki>;

export type FurtherPkiName = keyof typeof FURTHER_PKIS;

/** What may be wrong with the chain that a server presents, or different from `healthy`. */
export type ChainVariant =
  | 'healthy'
  | 'expired'
  | 'not-yet-valid'
  | 'wrong-name'
  | 'without-intermediate'
  | 'unknown-root'
  | 'renewed'
  | 'new-root'
  /** Signed by the firewall that opened the session. */
  | 'inspected'
  /** The healthy chain, but nothing newer than TLS 1.1. */
  | 'old-tls-only';

import type { Knowledge } from './knowledge.ts';

const NO_PATH = { 'tls:no-certification-path': 'must' } as const;

/** Trust and TLS: the chain that came and the Trusted Certificates tell; the Microsoft side can't. */
export const TLS_KNOWLEDGE: readonly Knowledge[] = [
  {
    code: 'tls.token-endpoint-ca-missing',
    prior: 30,
    shows: NO_PATH,
    clues: {
      'at-token-endpoint': 'definite',
      'presented-alone': 'never',
      'near-miss-usage': 'never',
      'near-miss-disabled': 'never',
      'private-root': 'never',
      'other-root-before': 'never',
    },
    check: 'show-chain',
  },
  {
    code: 'tls.smtp-ca-missing',
    prior: 30,
    shows: NO_PATH,
    clues: {
      'at-token-endpoint': 'never',
      'presented-alone': 'never',
      'near-miss-usage': 'never',
      'near-miss-disabled': 'never',
      'private-root': 'never',
      'other-root-before': 'never',
    },
    check: 'show-chain',
  },
  {
    code: 'tls.intermediate-missing',
    prior: 6,
    shows: NO_PATH,
    clues: {
      'presented-alone': 'definite',
      'near-miss-usage': 'never',
      'near-miss-disabled': 'never',
      'private-root': 'never',
    },
    check: 'show-chain',
  },
  {
    code: 'tls.ca-without-infrastructure-usage',
    prior: 20,
    shows: NO_PATH,
    clues: { 'near-miss-usage': 'definite', 'near-miss-disabled': 'never', 'private-root': 'never' },
    check: 'trusted-certificates',
  },
  {
    code: 'tls.ca-disabled',
    prior: 5,
    shows: NO_PATH,
    clues: { 'near-miss-disabled': 'definite', 'near-miss-usage': 'never', 'private-root': 'never' },
    check: 'trusted-certificates',
  },
  {
    code: 'tls.certificate-expired',
    prior: 8,
    shows: { 'tls:expired': 'must' },
    clues: { 'clock-far-ahead': 'impossible' },
    check: 'show-dates',
  },
  { code: 'tls.certificate-not-yet-valid', prior: 4, shows: { 'tls:not-yet-valid': 'must' }, check: 'show-dates' },
  { code: 'tls.wrong-name', prior: 8, shows: { 'tls:wrong-name': 'must' }, check: 'show-names' },
  {
    code: 'tls.intercepted',
    prior: 25,
    shows: NO_PATH,
    clues: {
      'private-root': 'definite',
      'other-root-before': 'often',
      'presented-alone': 'rarely',
      'near-miss-usage': 'rarely',
      'near-miss-disabled': 'rarely',
    },
    check: 'show-chain',
  },
  {
    code: 'tls.starttls-not-offered',
    prior: 8,
    shows: { 'tls:starttls-not-offered': 'must' },
    check: 'ehlo-from-elsewhere',
  },
  {
    code: 'tls.no-common-version',
    prior: 4,
    // Old servers hang up without an alert.
    shows: { 'tls:no-common-version': 'must', 'tls:handshake-failed': 'may' },
    check: 'show-chain',
  },
  {
    code: 'tls.chain-changed',
    prior: 6,
    shows: NO_PATH,
    clues: {
      'other-root-before': 'must',
      'presented-alone': 'never',
      'near-miss-usage': 'rarely',
      'near-miss-disabled': 'rarely',
      'private-root': 'never',
    },
    check: 'show-chain',
  },
];

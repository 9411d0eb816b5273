import type { Knowledge } from './knowledge.ts';

/**
 * What is wrong in ISE itself. Some of it ISE says plainly; some lies behind a refusal that Entra, Exchange or TLS would
 * give for other reasons too, and shows by a clue. Those are far from common where the clue isn't known.
 */
export const ISE_KNOWLEDGE: readonly Knowledge[] = [
  {
    code: 'ise.smtp-server-not-configured',
    prior: 10,
    shows: { 'settings:none': 'must' },
    clues: { 'restored-since': 'impossible' },
    check: 'smtp-server-page',
  },
  {
    code: 'ise.restored-without-settings',
    prior: 0.3,
    shows: { 'settings:none': 'must' },
    clues: { 'restored-since': 'definite' },
    check: 'backup-history',
  },
  {
    code: 'ise.smtp-settings-never-tested',
    prior: 5,
    shows: { 'ise:save-refused': 'must' },
    check: 'smtp-server-page',
  },
  {
    code: 'ise.admin-without-alarm-tick',
    prior: 8,
    shows: { 'ise:alarm-without-recipients': 'must' },
    check: 'alarm-recipients',
  },
  {
    code: 'ise.guest-notifications-off',
    prior: 5,
    shows: { 'ise:guest-mail-disabled': 'must' },
    check: 'guest-email-settings',
  },
  {
    code: 'ise.guest-without-address',
    prior: 8,
    shows: { 'ise:guest-without-address': 'must' },
    check: 'guest-account',
  },
  {
    code: 'ise.primary-pan-down',
    prior: 4,
    shows: { 'ise:primary-pan-unreachable': 'must' },
    check: 'deployment-page',
  },
  {
    code: 'ise.active-mnt-lost',
    prior: 3,
    shows: { 'ise:active-mnt-unreachable': 'must' },
    check: 'deployment-page',
  },
  { code: 'ise.node-deregistered', prior: 2, shows: { 'ise:node-deregistered': 'must' }, check: 'deployment-page' },
  {
    code: 'ise.node-out-of-sync',
    prior: 0.3,
    shows: {
      'aadsts:7000215': 'must',
      'aadsts:7000222': 'must',
      'aadsts:700016': 'must',
    },
    clues: { 'out-of-sync': 'definite', 'typed-date-to-come': 'rarely', 'secret-looks-like-id': 'never' },
    check: 'deployment-page',
  },
  {
    code: 'ise.expired-secret-alarm-undeliverable',
    prior: 0.3,
    shows: { 'aadsts:7000222': 'must' },
    clues: { 'alarm-of-the-secret': 'definite', 'out-of-sync': 'impossible' },
    check: 'secrets',
  },
  {
    code: 'ise.typed-expiry-date-wrong',
    prior: 0.3,
    shows: { 'aadsts:7000222': 'must', 'alarm:secret-expired': 'must' },
    clues: { 'typed-date-to-come': 'definite', 'alarm-of-the-secret': 'impossible', 'out-of-sync': 'impossible' },
    check: 'secrets',
  },
  {
    code: 'ise.alarm-sender-unset',
    prior: 0.3,
    shows: { 'smtp:send-as': 'must' },
    clues: { 'sender-by-default': 'definite' },
    check: 'sender',
  },
  {
    code: 'ise.node-clock-ahead',
    prior: 0.1,
    shows: { 'tls:expired': 'must' },
    clues: { 'clock-far-ahead': 'definite' },
    check: 'show-dates',
  },
];

import { named } from './named.ts';
import type { RootCause } from './root-cause.ts';

const TRUSTED_CERTIFICATES = 'Administration > System > Certificates > Trusted Certificates';

/** What keeps a node from trusting a server, or TLS from coming about. */
export const TLS_CAUSES: readonly RootCause[] = [
  {
    code: 'tls.token-endpoint-ca-missing',
    title: 'The CA of the token endpoint is not trusted',
    cause: ({ host }) =>
      `No certificate of the chain of ${host ?? 'the token endpoint'} is among the Trusted Certificates.`,
    remedy: () => `${TRUSTED_CERTIFICATES}: import the root of the token endpoint's chain and tick Infrastructure.`,
  },
  {
    code: 'tls.smtp-ca-missing',
    title: 'The CA of the SMTP server is not trusted',
    cause: ({ host }) =>
      `No certificate of the chain of ${host ?? 'the SMTP server'} is among the Trusted Certificates.`,
    remedy: () => `${TRUSTED_CERTIFICATES}: import the root of the SMTP server's chain and tick Infrastructure.`,
  },
  {
    code: 'tls.intermediate-missing',
    title: 'The server does not send its intermediate certificate',
    cause: ({ host, expected }) =>
      `${host ?? 'The server'} sends its own certificate alone, without ${expected ?? 'the CA that issued it'}; so there is no path to a root that is trusted.`,
    remedy: ({ expected }) =>
      `${TRUSTED_CERTIFICATES}: import ${expected ?? 'the issuing CA'} and tick Infrastructure; the owner of the server should send the whole chain.`,
  },
  {
    code: 'tls.ca-without-infrastructure-usage',
    title: 'The CA lacks the Infrastructure usage',
    cause: ({ certificate, host }) =>
      `${certificate ?? 'The CA'} is among the Trusted Certificates, but not trusted for client-server communication; so ${host ?? 'the server'} is not trusted.`,
    remedy: () =>
      `${TRUSTED_CERTIFICATES}: edit it and tick "Trust for authentication within ISE and Client-Server communication".`,
  },
  {
    code: 'tls.ca-disabled',
    title: 'The CA is disabled',
    cause: ({ certificate, host }) =>
      `${certificate ?? 'The CA'} is among the Trusted Certificates, but disabled; so ${host ?? 'the server'} is not trusted.`,
    remedy: () => `${TRUSTED_CERTIFICATES}: set its status to Enabled.`,
  },
  {
    code: 'tls.certificate-expired',
    title: 'A certificate of the chain is past its end',
    cause: ({ certificate, host, skew }) =>
      `${certificate ?? 'A certificate'} in the chain of ${host ?? 'the server'} has expired at the node's time${skew ? `; the clock of the node is ${skew}` : ''}.`,
    remedy: ({ skew }) =>
      skew
        ? 'Administration > System > Settings > System Time: correct the NTP servers of this node.'
        : 'The owner of the server must renew the certificate. The clock of the node is right.',
  },
  {
    code: 'tls.certificate-not-yet-valid',
    title: 'A certificate of the chain is not valid yet',
    cause: ({ certificate, host, skew }) =>
      `${certificate ?? 'A certificate'} in the chain of ${host ?? 'the server'} is not valid yet at the node's time${skew ? `; the clock of the node is ${skew}` : ''}.`,
    remedy: ({ skew }) =>
      skew
        ? 'Administration > System > Settings > System Time: correct the NTP servers of this node.'
        : 'The owner of the server put the certificate into use too early. The clock of the node is right.',
  },
  {
    code: 'tls.wrong-name',
    title: 'The certificate is for another name',
    cause: ({ certificate, host }) =>
      `The certificate${named(certificate)} is not valid for ${host === undefined ? 'the name of the server' : `the name ${host}`}.`,
    remedy: () =>
      'SMTP Server page: enter the name that the server has a certificate for; and check where the name leads to (DNS).',
  },
  {
    code: 'tls.intercepted',
    title: 'A firewall opens the TLS session',
    cause: ({ host, actual }) =>
      `A firewall on the way opens the TLS session with ${host ?? 'the server'} and presents a certificate of its own CA${actual === undefined ? '' : ` (${actual})`}, which ISE does not trust.`,
    remedy: () =>
      `Exempt ${'login.microsoftonline.com and smtp.office365.com'} from TLS inspection; or ${TRUSTED_CERTIFICATES}: import the CA of the firewall and tick Infrastructure.`,
  },
  {
    code: 'tls.starttls-not-offered',
    title: 'The server does not offer STARTTLS',
    cause: ({ host }) =>
      `${host ?? 'The SMTP server'} does not announce STARTTLS, as if it had no TLS: Exchange Online always does, so something on the way hides it, or this is another server.`,
    remedy: () =>
      'Switch SMTP inspection (ESMTP fixup) off in the firewall for this connection; check host and port on the SMTP Server page.',
  },
  {
    code: 'tls.no-common-version',
    title: 'No TLS version in common',
    cause: ({ host }) => `${host ?? 'The server'} speaks no TLS version that ISE allows (TLS 1.2 and later).`,
    remedy: () => 'Have TLS 1.2 enabled on the server, or enter a server that has it on the SMTP Server page.',
  },
  {
    code: 'tls.chain-changed',
    title: 'The server has moved to another root',
    cause: ({ host, actual, expected }) =>
      `${host ?? 'The server'} now presents a chain under ${actual ?? 'another root'} instead of ${expected ?? 'the one before'}; the new root is not among the Trusted Certificates.`,
    remedy: ({ actual }) => `${TRUSTED_CERTIFICATES}: import ${actual ?? 'the new root'} and tick Infrastructure.`,
  },
];

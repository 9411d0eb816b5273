import type { Translated } from './language.ts';
import type { PathStage, Peer } from './observation.ts';

/**
 * The path of a mail with OAuth, in its order: first the token endpoint, then the SMTP server (SPEC 4, fact sheet
 * microsoft 4.6). Test Connection ends after `auth`.
 */
export const PATH = [
  'settings',
  'token-name',
  'token-connect',
  'token-tls',
  'token',
  'smtp-name',
  'smtp-connect',
  'greeting',
  'smtp-tls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'end-of-data',
  'delivery',
] as const;

export type PathStep = (typeof PATH)[number];

/** The step that a stage is at a peer; an unknown peer is taken for the SMTP server. */
export function stepOf(stage: PathStage, peer: Peer | undefined): PathStep {
  const atToken = peer === 'token-endpoint';
  switch (stage) {
    case 'name':
      return atToken ? 'token-name' : 'smtp-name';
    case 'connect':
      return atToken ? 'token-connect' : 'smtp-connect';
    case 'tls':
      return atToken ? 'token-tls' : 'smtp-tls';
    case 'starttls':
      return 'smtp-tls';
    default:
      return stage;
  }
}

export function isBefore(one: PathStep, other: PathStep): boolean {
  return PATH.indexOf(one) < PATH.indexOf(other);
}

/** Names of the steps. */
export const STEP_LABELS: Readonly<Record<PathStep, Translated>> = {
  settings: { en: 'settings', de: 'Einstellungen', es: 'configuración' },
  'token-name': {
    en: 'name of the token endpoint',
    de: 'Name des Token-Endpunkts',
    es: 'nombre del punto de conexión de tokens',
  },
  'token-connect': {
    en: 'connection to the token endpoint',
    de: 'Verbindung zum Token-Endpunkt',
    es: 'conexión con el punto de conexión de tokens',
  },
  'token-tls': {
    en: 'TLS with the token endpoint',
    de: 'TLS mit dem Token-Endpunkt',
    es: 'TLS con el punto de conexión de tokens',
  },
  token: { en: 'token', de: 'Token', es: 'token' },
  'smtp-name': { en: 'name of the SMTP server', de: 'Name des SMTP-Servers', es: 'nombre del servidor SMTP' },
  'smtp-connect': {
    en: 'connection to the SMTP server',
    de: 'Verbindung zum SMTP-Server',
    es: 'conexión con el servidor SMTP',
  },
  greeting: { en: 'greeting', de: 'Begrüßung', es: 'saludo' },
  'smtp-tls': { en: 'STARTTLS', de: 'STARTTLS', es: 'STARTTLS' },
  auth: { en: 'AUTH', de: 'AUTH', es: 'AUTH' },
  mail: { en: 'MAIL FROM', de: 'MAIL FROM', es: 'MAIL FROM' },
  rcpt: { en: 'RCPT TO', de: 'RCPT TO', es: 'RCPT TO' },
  data: { en: 'DATA', de: 'DATA', es: 'DATA' },
  'end-of-data': { en: 'end of DATA', de: 'Ende von DATA', es: 'fin de DATA' },
  delivery: { en: 'delivery', de: 'Zustellung', es: 'entrega' },
};

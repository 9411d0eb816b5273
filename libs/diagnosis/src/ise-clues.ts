import type { CaseView } from './case-view.ts';
import type { Clue } from './clue.ts';
import type { Observation, SmtpReplyObservation } from './observation.ts';

/** By a day at least: no certificate in use is as close to its end as a clock that NTP keeps is off. */
const DAY_MS = 86_400_000;

/** Of the Deployment page: the node goes on with the settings that it had. */
const OUT_OF_SYNC: readonly string[] = ['Disconnected', 'NotInSync', 'ReplicationStopped'];

/** Clues about ISE itself, its settings and its mails. */
export const ISE_CLUES = {
  'out-of-sync': {
    base: 0.02,
    holds: ({ history, failure }) => {
      const node = failure?.observation.source.node;
      const known = history.findLast(
        (one) => one.kind === 'node' && one.status !== undefined && one.source.node === node,
      );
      return known?.kind === 'node' ? OUT_OF_SYNC.includes(known.status ?? '') : undefined;
    },
    text: {
      en: 'The node is out of sync with the primary PAN',
      de: 'Der Knoten ist nicht mit dem primären PAN synchron',
      es: 'El nodo no está sincronizado con el PAN primario',
    },
  },
  'typed-date-to-come': {
    base: 0.05,
    holds: ({ settings, failedAt, last }) => {
      const typed = settings?.secretExpiryTyped;
      if (typed === undefined || failedAt === undefined) return undefined;
      // Who tests what is being typed has not been waiting for a warning.
      return last('mail')?.type !== 'test-connection' && new Date(failedAt).toISOString().slice(0, 10) < typed;
    },
    text: {
      en: 'The expiry date that was typed is still to come',
      de: 'Das eingetippte Ablaufdatum liegt noch in der Zukunft',
      es: 'La fecha de caducidad escrita aún está por llegar',
    },
  },
  'alarm-of-the-secret': {
    base: 0.001,
    holds: ({ last }) => {
      const subject = last('mail')?.subject;
      return subject === undefined ? undefined : subject.endsWith('SMTP OAuth Client Secret has expired');
    },
    text: {
      en: 'The mail is the very alarm about the expired secret',
      de: 'Die Mail ist eben der Alarm über das abgelaufene Secret',
      es: 'El correo es justo la alarma sobre el secreto caducado',
    },
  },
  'sender-by-default': {
    base: 0.05,
    holds: ({ last }) => {
      const mail = last('mail');
      return mail?.from === undefined ? undefined : mail.type === 'alarm' && mail.from.startsWith('ise@');
    },
    text: {
      en: 'The alarm is from ise@ and the name of the node, as when no sender is set',
      de: 'Der Alarm ist von ise@ und dem Namen des Knotens, wie wenn kein Absender gesetzt ist',
      es: 'La alarma es de ise@ y el nombre del nodo, como cuando no hay remitente',
    },
  },
  'restored-since': {
    base: 0.01,
    holds: ({ settings }) => settings?.restored,
    text: {
      en: 'A backup was restored after the settings were last saved',
      de: 'Nach dem letzten Speichern der Einstellungen wurde ein Backup zurückgespielt',
      es: 'Se restauró una copia de seguridad después de guardar por última vez la configuración',
    },
  },
  'clock-far-ahead': {
    base: 0.01,
    holds: ({ node }) => (node?.clockSkewMs === undefined ? undefined : node.clockSkewMs >= DAY_MS),
    text: {
      en: 'The clock of the node is ahead by a day or more',
      de: 'Die Uhr des Knotens geht um einen Tag oder mehr vor',
      es: 'El reloj del nodo va adelantado un día o más',
    },
  },
  'secret-looks-like-id': {
    base: 0.001,
    holds: ({ settings }) => (settings?.secretForm === undefined ? undefined : settings.secretForm === 'guid'),
    text: {
      en: 'The client secret has the form of a GUID, as secret IDs have, and values do not',
      de: 'Das Client Secret hat die Form einer GUID, wie Secret-IDs und anders als Werte',
      es: 'El secreto tiene forma de GUID, como los Secret ID y no como los valores',
    },
  },
  'in-turns': {
    base: 0.03,
    holds: inTurns,
    text: {
      en: 'Mails are taken and refused in turns',
      de: 'Mails werden abwechselnd angenommen und abgelehnt',
      es: 'Los correos se aceptan y se rechazan por turnos',
    },
  },
} satisfies Record<string, Clue>;

function inTurns({ history, observations }: CaseView): boolean | undefined {
  if (history.some(isLogonRefused)) {
    return history.some((one) => one.kind === 'mail' && one.outcome === 'accepted');
  }
  // A log tells of several attempts: taken between two refusals.
  const [first, last] = [observations.findIndex(isLogonRefused), observations.findLastIndex(isLogonRefused)];
  const between = observations.slice(first, Math.max(first, last));
  return between.some((one) => one.kind === 'smtp-reply' && isMessageTaken(one)) || undefined;
}

function isLogonRefused(observation: Observation): boolean {
  return observation.kind === 'smtp-reply' && observation.code === 430;
}

function isMessageTaken({ code, stage }: SmtpReplyObservation): boolean {
  return code === 250 && stage === 'end-of-data';
}

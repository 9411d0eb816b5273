import { timeOf, type CaseView } from './case-view.ts';
import type { Translated } from './language.ts';
import { peerOf } from './reading.ts';

const REQUIRED_ROLE = 'SMTP.SendAsApp';

/** A step of the network that takes longer than this is slow; AUTH is not counted, Exchange pauses there itself. */
const SLOW_MS = 3_000;

/** By a day at least: no certificate in use is as close to its end as a clock that NTP keeps is off. */
const DAY_MS = 86_400_000;

/** Of the Deployment page: the node goes on with the settings that it had. */
const OUT_OF_SYNC: readonly string[] = ['Disconnected', 'NotInSync', 'ReplicationStopped'];

/** Roots and issuing CAs that public servers are known to have; what a firewall signs with is named otherwise. */
const PUBLIC_CA =
  /digicert|microsoft|baltimore|globalsign|entrust|sectigo|comodo|usertrust|let's encrypt|isrg|geotrust|verisign|cybertrust|d-trust|quovadis|amazon root|gts root|identrust|godaddy|go daddy/i;

/** Something that can be true, false or unknown in a case, and speaks for some causes and against others. */
export interface Clue {
  /** How often it is true where none of the causes that name it is at work. Our judgement. */
  base: number;
  /** Undefined: the observations don't tell. */
  holds: (view: CaseView) => boolean | undefined;
  /** Why it matters, for the reader. */
  text: Translated;
}

export const CLUES = {
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
  'at-token-endpoint': {
    base: 0.4,
    holds: ({ failure }) => {
      const peer = failure && peerOf(failure.observation);
      return peer === undefined ? undefined : peer === 'token-endpoint';
    },
    text: {
      en: 'It is the token endpoint that is not trusted',
      de: 'Es ist der Token-Endpunkt, dem nicht vertraut wird',
      es: 'Es el punto de conexión de tokens en el que no se confía',
    },
  },
  'presented-alone': {
    base: 0.02,
    holds: ({ failedTls }) => (failedTls?.presented === undefined ? undefined : failedTls.presented === 1),
    text: {
      en: 'The server sent its own certificate alone',
      de: 'Der Server hat nur sein eigenes Zertifikat geschickt',
      es: 'El servidor envió solo su propio certificado',
    },
  },
  'near-miss-usage': {
    base: 0.001,
    holds: ({ failedTls }) =>
      failedTls && failedTls.presented !== undefined && failedTls.nearMiss?.lacking === 'infrastructure',
    text: {
      en: 'A Trusted Certificate would do, but lacks the Infrastructure usage',
      de: 'Ein Trusted Certificate würde genügen, hat aber nicht die Verwendung Infrastructure',
      es: 'Un Trusted Certificate bastaría, pero no tiene el uso Infrastructure',
    },
  },
  'near-miss-disabled': {
    base: 0.001,
    holds: ({ failedTls }) =>
      failedTls && failedTls.presented !== undefined && failedTls.nearMiss?.lacking === 'enabled',
    text: {
      en: 'A Trusted Certificate would do, but is disabled',
      de: 'Ein Trusted Certificate würde genügen, ist aber deaktiviert',
      es: 'Un Trusted Certificate bastaría, pero está desactivado',
    },
  },
  'private-root': {
    base: 0.01,
    holds: ({ failedTls }) => (failedTls?.issuer === undefined ? undefined : !PUBLIC_CA.test(failedTls.issuer)),
    text: {
      en: 'The chain ends in a CA that no public server has',
      de: 'Die Kette endet bei einer CA, die kein öffentlicher Server hat',
      es: 'La cadena termina en una CA que ningún servidor público tiene',
    },
  },
  'other-root-before': {
    base: 0.01,
    holds: otherRootBefore,
    text: {
      en: 'Earlier the same server had a chain under another root',
      de: 'Früher hatte derselbe Server eine Kette unter einer anderen Root',
      es: 'Antes el mismo servidor tenía una cadena bajo otra raíz',
    },
  },
  'from-cache': {
    base: 0.5,
    holds: ({ token }) => token?.fromCache,
    text: {
      en: 'The token came from the cache of the node',
      de: 'Das Token kam aus dem Cache des Knotens',
      es: 'El token salió de la caché del nodo',
    },
  },
  'token-over': {
    base: 0.0001,
    holds: ({ token, failedAt }) =>
      token?.expiresAt === undefined || failedAt === undefined ? undefined : Date.parse(token.expiresAt) <= failedAt,
    text: {
      en: 'The token had ended when the answer came',
      de: 'Das Token war abgelaufen, als die Antwort kam',
      es: 'El token había caducado cuando llegó la respuesta',
    },
  },
  'without-role': {
    base: 0.05,
    holds: ({ token }) => (token?.roles === undefined ? undefined : !token.roles.includes(REQUIRED_ROLE)),
    text: {
      en: 'The token has no role SMTP.SendAsApp',
      de: 'Das Token hat keine Rolle SMTP.SendAsApp',
      es: 'El token no tiene el rol SMTP.SendAsApp',
    },
  },
  'got-through-since': {
    base: 0.1,
    holds: gotThroughSince,
    text: {
      en: 'A newer token of the same application has been accepted since',
      de: 'Ein neueres Token derselben Anwendung wurde seither angenommen',
      es: 'Desde entonces se aceptó un token más nuevo de la misma aplicación',
    },
  },
  'token-accepted-before': {
    base: 0.2,
    holds: ({ token, history }) => {
      if (token?.fromCache !== true || token.obtainedAt === undefined) return undefined;
      const obtainedAt = Date.parse(token.obtainedAt);
      return history.some(
        (one) =>
          one.kind === 'smtp-reply' &&
          one.code === 235 &&
          one.source.node === token.source.node &&
          (timeOf(one) ?? 0) >= obtainedAt,
      );
    },
    text: {
      en: 'The very same token was accepted before',
      de: 'Genau dieses Token wurde früher angenommen',
      es: 'Este mismo token se aceptó antes',
    },
  },
  'worked-before': {
    base: 0.5,
    holds: workedBefore,
    text: {
      en: 'The same settings worked before',
      de: 'Dieselben Einstellungen haben früher funktioniert',
      es: 'La misma configuración funcionaba antes',
    },
  },
  'address-new': {
    base: 0.03,
    holds: addressIsNew,
    text: {
      en: 'The Email Address is another than when it last worked',
      de: 'Die Email Address ist eine andere als beim letzten Erfolg',
      es: 'La Email Address es otra que cuando funcionó por última vez',
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
    holds: ({ history }) => {
      const refused = history.some((one) => one.kind === 'smtp-reply' && one.code === 430);
      return refused ? history.some((one) => one.kind === 'mail' && one.outcome === 'accepted') : undefined;
    },
    text: {
      en: 'Mails are taken and refused in turns',
      de: 'Mails werden abwechselnd angenommen und abgelehnt',
      es: 'Los correos se aceptan y se rechazan por turnos',
    },
  },
  'other-server-reached': {
    base: 0.5,
    holds: otherServerReached,
    text: {
      en: 'The token endpoint could be reached',
      de: 'Der Token-Endpunkt war erreichbar',
      es: 'El punto de conexión de tokens era accesible',
    },
  },
  'only-direct-fails': {
    base: 0.05,
    holds: (view) => {
      const failing = view.failure?.observation;
      if (failing?.kind !== 'network' || failing.proxyFor !== undefined) return undefined;
      const proxied = [...view.sinceSuccess, ...view.observations].some(
        (one) => one.kind === 'network' && one.outcome === 'connected' && one.proxyFor !== undefined,
      );
      return proxied || undefined;
    },
    text: {
      en: 'The token was fetched through the proxy, SMTP is dialled directly',
      de: 'Das Token kam über den Proxy, SMTP wird direkt gewählt',
      es: 'El token se obtuvo por el proxy, SMTP se marca directamente',
    },
  },
  slow: {
    base: 0.02,
    holds: ({ observations, sinceSuccess }) => {
      const times = [...sinceSuccess, ...observations].flatMap((one) =>
        (one.kind === 'network' && one.outcome === 'connected') || (one.kind === 'tls' && one.outcome === 'established')
          ? (one.elapsedMs ?? [])
          : [],
      );
      return times.length === 0 ? undefined : times.some((elapsedMs) => elapsedMs > SLOW_MS);
    },
    text: {
      en: 'Steps that succeeded took unusually long',
      de: 'Auch gelungene Schritte dauerten ungewöhnlich lange',
      es: 'Incluso los pasos que funcionaron tardaron demasiado',
    },
  },
  'half-heard': {
    base: 0.01,
    holds: ({ failure }) => {
      const failing = failure?.observation;
      return failing?.kind === 'tls' || failing?.kind === 'network' ? failing.halfHeard : undefined;
    },
    text: {
      en: 'Part of an answer had come when the node gave up',
      de: 'Ein Teil der Antwort war schon da, als der Knoten aufgab',
      es: 'Parte de la respuesta había llegado cuando el nodo se rindió',
    },
  },
} satisfies Record<string, Clue>;

export type ClueId = keyof typeof CLUES;

function otherRootBefore({ failedTls, history }: CaseView): boolean | undefined {
  const earlier = history.findLast(
    (one) => one.kind === 'tls' && one.outcome === 'established' && one.host === failedTls?.host,
  );
  if (earlier?.kind !== 'tls' || failedTls?.issuer === undefined || earlier.issuer === undefined) return undefined;
  // Of a certificate that comes alone it is not the root that is known.
  if (failedTls.presented === 1) return undefined;
  return earlier.issuer !== failedTls.issuer;
}

/** After this node got its token, AUTH went well somewhere with the same application and mailbox, and a newer token. */
function gotThroughSince({ token, history, clientId }: CaseView): boolean | undefined {
  if (token?.fromCache !== true || token.obtainedAt === undefined) return undefined;
  const obtainedAt = Date.parse(token.obtainedAt);
  const newer = history.filter(
    (one) =>
      one.kind === 'token' &&
      one.fromCache === false &&
      one.clientId?.toLowerCase() === clientId &&
      (timeOf(one) ?? 0) > obtainedAt,
  );
  return newer.some(({ source }) =>
    history.some(
      (one) =>
        one.kind === 'mail' &&
        one.source.node === source.node &&
        (one.outcome === 'accepted' || one.outcome === 'connected') &&
        (timeOf(one) ?? 0) >= Date.parse(source.at ?? ''),
    ),
  );
}

function workedBefore({ settings, successes }: CaseView): boolean | undefined {
  if (!settings || successes.length === 0) return undefined;
  return successes.some(
    (success) =>
      success.settings?.emailAddress === settings.emailAddress &&
      success.settings?.clientId === settings.clientId &&
      success.settings?.tenantId === settings.tenantId,
  );
}

function addressIsNew({ settings, successes }: CaseView): boolean | undefined {
  const before = successes.at(-1)?.settings;
  if (settings?.emailAddress === undefined || before?.emailAddress === undefined) return undefined;
  return successes.every((success) => success.settings?.emailAddress !== settings.emailAddress);
}

function otherServerReached({ observations, sinceSuccess, failure }: CaseView): boolean | undefined {
  if (!failure || peerOf(failure.observation) !== 'smtp') return false;
  const seen = [...sinceSuccess, ...observations].filter(
    (one) => one.kind === 'network' && peerOf(one) === 'token-endpoint',
  );
  const last = seen.at(-1);
  return last?.kind === 'network' ? last.outcome === 'connected' : undefined;
}

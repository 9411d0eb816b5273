import type { CaseView } from './case-view.ts';
import type { Clue } from './clue.ts';
import { peerOf } from './reading.ts';

/** A step of the network that takes longer than this is slow; AUTH is not counted, Exchange pauses there itself. */
const SLOW_MS = 3_000;

/** Roots and issuing CAs that public servers are known to have; what a firewall signs with is named otherwise. */
const PUBLIC_CA =
  /digicert|microsoft|baltimore|globalsign|entrust|sectigo|comodo|usertrust|let's encrypt|isrg|geotrust|verisign|cybertrust|d-trust|quovadis|amazon root|gts root|identrust|godaddy|go daddy/i;

/** Clues about network and TLS. */
export const WAY_CLUES = {
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

function otherRootBefore({ failedTls, history }: CaseView): boolean | undefined {
  const earlier = history.findLast(
    (one) => one.kind === 'tls' && one.outcome === 'established' && one.host === failedTls?.host,
  );
  if (earlier?.kind !== 'tls' || failedTls?.issuer === undefined || earlier.issuer === undefined) return undefined;
  // Of a certificate that comes alone it is not the root that is known.
  if (failedTls.presented === 1) return undefined;
  return earlier.issuer !== failedTls.issuer;
}

function otherServerReached({ observations, sinceSuccess, failure }: CaseView): boolean | undefined {
  if (!failure || peerOf(failure.observation) !== 'smtp') return false;
  const seen = [...sinceSuccess, ...observations].filter(
    (one) => one.kind === 'network' && peerOf(one) === 'token-endpoint',
  );
  const last = seen.at(-1);
  return last?.kind === 'network' ? last.outcome === 'connected' : undefined;
}

import type { CaseView } from './case-view.ts';
import { timeOf } from './choose-failure.ts';
import type { Clue } from './clue.ts';

const REQUIRED_ROLE = 'SMTP.SendAsApp';

/** Clues about the token, and about what worked before. */
export const TOKEN_CLUES = {
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
} satisfies Record<string, Clue>;

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

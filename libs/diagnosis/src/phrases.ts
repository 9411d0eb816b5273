import type { Language } from './language.ts';
import type { Verdict } from './explanation.ts';

/** Sentences of an explanation that belong to no cause. */
type Phrases = Record<
  Verdict | 'healthy' | 'confirmed' | 'collectLog' | 'collectReply' | 'decodeToken' | 'since',
  string
>;

export const PHRASES: Readonly<Record<Language, Phrases>> = {
  en: {
    healthy: 'Nothing failed.',
    confirmed: 'Certain: the state of the Microsoft side shows it.',
    certain: 'Certain: no other known cause shows like this, or hardly ever.',
    likely: 'Likely: others would look the same, but are rarer or fit less well.',
    ambiguous: 'Ambiguous: several causes look the same from here; the check tells which it is.',
    none: 'No known cause shows like this.',
    collectLog:
      'guest.log of the sending node with guestaccess and guest-access-admin at DEBUG (Debug Log Configuration)',
    collectReply: 'the whole reply or exception, not clipped, with the lines before it',
    decodeToken: 'the payload of an access token (three parts, the middle one, base64url): roles, aud, tid, oid, exp',
    since: 'It has gone well since; this is why it failed before.',
  },
  de: {
    healthy: 'Nichts ist fehlgeschlagen.',
    confirmed: 'Sicher: Der Zustand auf der Seite von Microsoft zeigt es.',
    certain: 'Sicher: Keine andere bekannte Ursache zeigt sich so, oder so gut wie nie.',
    likely: 'Wahrscheinlich: Andere sähen gleich aus, sind aber seltener oder passen schlechter.',
    ambiguous: 'Mehrdeutig: Mehrere Ursachen sehen von hier aus gleich aus; die Prüfung sagt, welche es ist.',
    none: 'Keine bekannte Ursache zeigt sich so.',
    collectLog:
      'guest.log des sendenden Knotens mit guestaccess und guest-access-admin auf DEBUG (Debug Log Configuration)',
    collectReply: 'die ganze Antwort oder Exception, ungekürzt, mit den Zeilen davor',
    decodeToken: 'den Inhalt eines Access Tokens (von drei Teilen der mittlere, base64url): roles, aud, tid, oid, exp',
    since: 'Seither ist es gut gegangen; dies ist, warum es vorher fehlschlug.',
  },
  es: {
    healthy: 'Nada ha fallado.',
    confirmed: 'Seguro: el estado en el lado de Microsoft lo muestra.',
    certain: 'Seguro: ninguna otra causa conocida se muestra así, o casi nunca.',
    likely: 'Probable: otras se verían igual, pero son más raras o encajan peor.',
    ambiguous: 'Ambiguo: varias causas se ven igual desde aquí; la comprobación dice cuál es.',
    none: 'Ninguna causa conocida se muestra así.',
    collectLog: 'guest.log del nodo que envía, con guestaccess y guest-access-admin en DEBUG (Debug Log Configuration)',
    collectReply: 'la respuesta o excepción completa, sin recortar, con las líneas anteriores',
    decodeToken:
      'el contenido de un token de acceso (de tres partes, la del medio, base64url): roles, aud, tid, oid, exp',
    since: 'Desde entonces ha ido bien; esto es por qué falló antes.',
  },
};

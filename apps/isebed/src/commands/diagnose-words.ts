import type { Language, Verdict } from '#libs/diagnosis';
import type { InputKind } from '#libs/evidence-reader';

interface Words {
  recognised: string;
  nothingRecognised: string;
  nothingFailed: string;
  unexplained: string;
  seen: string;
  path: string;
  cause: string;
  certainty: string;
  why: string;
  remedy: string;
  check: string;
  replay: string;
  others: string;
  since: string;
  beside: string;
  next: string;
  partial: string;
  verdicts: Readonly<Record<Verdict, string>>;
  kinds: Readonly<Record<InputKind, string>>;
  /** What to bring when there is nothing to go on with. */
  collect: readonly string[];
}

/** The words of the command itself; those of causes and checks are the engine's. */
export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    recognised: 'read',
    nothingRecognised: 'Nothing in it is known here.',
    nothingFailed: 'No failure of mail is in it.',
    unexplained: 'Something failed, in a way that is not known here.',
    seen: 'seen',
    path: 'path',
    cause: 'cause',
    certainty: 'how sure',
    why: 'why',
    remedy: 'remedy',
    check: 'check',
    replay: 'replay',
    others: 'or else',
    since: 'since',
    beside: 'besides',
    next: 'collect',
    partial: 'There was more than can be kept; the answer rests on the later part.',
    verdicts: { certain: 'certain', likely: 'likely', ambiguous: 'one of several', none: 'none' },
    kinds: {
      'guest-log': 'lines of guest.log',
      'java-trace': 'Java exceptions',
      'program-error': 'messages of programs',
      aadsts: 'refusals of Entra',
      token: 'access tokens',
      http: 'HTTP answers',
      'smtp-reply': 'refusals of an SMTP server',
      'smtp-transcript': 'lines of an SMTP session',
      openssl: 'openssl s_client sessions',
      certificates: 'certificates',
      capture: 'packets',
      journal: 'records of a testbed',
      page: 'messages of ISE pages',
      bounce: 'non-delivery reports',
      alarm: 'alarms',
    },
    collect: [
      'guest.log of the node that sends, with the components guest-access-admin and guestaccess at DEBUG: show logging application guest.log',
      'What Test Connection shows on Administration > System > Settings > SMTP Server',
      'The whole reply of the SMTP server (535 5.7.3 …), or the AADSTS number from the sign-in logs of service principals',
      'openssl s_client -connect smtp.office365.com:587 -starttls smtp -showcerts',
      'A capture of the node while it sends: Operations > Troubleshoot > Diagnostic Tools > TCP Dump',
    ],
  },
  de: {
    recognised: 'gelesen',
    nothingRecognised: 'Nichts darin ist hier bekannt.',
    nothingFailed: 'Kein Fehler beim Mailversand ist darin.',
    unexplained: 'Etwas ist fehlgeschlagen, auf eine Art, die hier nicht bekannt ist.',
    seen: 'gesehen',
    path: 'Weg',
    cause: 'Ursache',
    certainty: 'wie sicher',
    why: 'warum',
    remedy: 'Abhilfe',
    check: 'Probe',
    replay: 'nachstellen',
    others: 'sonst',
    since: 'seither',
    beside: 'außerdem',
    next: 'beschaffen',
    partial: 'Es war mehr, als behalten wird; die Antwort stützt sich auf den späteren Teil.',
    verdicts: { certain: 'sicher', likely: 'wahrscheinlich', ambiguous: 'eine von mehreren', none: 'keine' },
    kinds: {
      'guest-log': 'Zeilen von guest.log',
      'java-trace': 'Java-Exceptions',
      'program-error': 'Meldungen von Programmen',
      aadsts: 'Ablehnungen von Entra',
      token: 'Zugriffstoken',
      http: 'HTTP-Antworten',
      'smtp-reply': 'Ablehnungen eines SMTP-Servers',
      'smtp-transcript': 'Zeilen einer SMTP-Sitzung',
      openssl: 'Sitzungen von openssl s_client',
      certificates: 'Zertifikate',
      capture: 'Pakete',
      journal: 'Datensätze eines Testbeds',
      page: 'Meldungen von ISE-Seiten',
      bounce: 'Unzustellbarkeitsberichte',
      alarm: 'Alarme',
    },
    collect: [
      'guest.log des sendenden Knotens, mit den Komponenten guest-access-admin und guestaccess auf DEBUG: show logging application guest.log',
      'Was Test Connection unter Administration > System > Settings > SMTP Server zeigt',
      'Die ganze Antwort des SMTP-Servers (535 5.7.3 …) oder die AADSTS-Nummer aus den Anmeldeprotokollen der Dienstprinzipale',
      'openssl s_client -connect smtp.office365.com:587 -starttls smtp -showcerts',
      'Einen Mitschnitt des Knotens beim Senden: Operations > Troubleshoot > Diagnostic Tools > TCP Dump',
    ],
  },
  es: {
    recognised: 'leído',
    nothingRecognised: 'Nada de ello se conoce aquí.',
    nothingFailed: 'No contiene ningún fallo de correo.',
    unexplained: 'Algo falló, de una manera que no se conoce aquí.',
    seen: 'visto',
    path: 'camino',
    cause: 'causa',
    certainty: 'certeza',
    why: 'por qué',
    remedy: 'remedio',
    check: 'prueba',
    replay: 'reproducir',
    others: 'o bien',
    since: 'desde',
    beside: 'además',
    next: 'reunir',
    partial: 'Había más de lo que se puede guardar; la respuesta se apoya en la parte final.',
    verdicts: { certain: 'segura', likely: 'probable', ambiguous: 'una de varias', none: 'ninguna' },
    kinds: {
      'guest-log': 'líneas de guest.log',
      'java-trace': 'excepciones de Java',
      'program-error': 'mensajes de programas',
      aadsts: 'rechazos de Entra',
      token: 'tokens de acceso',
      http: 'respuestas HTTP',
      'smtp-reply': 'rechazos de un servidor SMTP',
      'smtp-transcript': 'líneas de una sesión SMTP',
      openssl: 'sesiones de openssl s_client',
      certificates: 'certificados',
      capture: 'paquetes',
      journal: 'registros de un banco de pruebas',
      page: 'mensajes de páginas de ISE',
      bounce: 'informes de no entrega',
      alarm: 'alarmas',
    },
    collect: [
      'guest.log del nodo que envía, con los componentes guest-access-admin y guestaccess en DEBUG: show logging application guest.log',
      'Lo que muestra Test Connection en Administration > System > Settings > SMTP Server',
      'La respuesta completa del servidor SMTP (535 5.7.3 …), o el número AADSTS de los registros de inicio de sesión de entidades de servicio',
      'openssl s_client -connect smtp.office365.com:587 -starttls smtp -showcerts',
      'Una captura del nodo mientras envía: Operations > Troubleshoot > Diagnostic Tools > TCP Dump',
    ],
  },
};

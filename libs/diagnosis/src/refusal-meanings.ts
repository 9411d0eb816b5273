import type { Language } from './language.ts';

/** What a refusal or an alarm says where no root cause of a mail from ISE shows as it does. */
export interface RefusalMeaning {
  text: string;
  remedy: string;
}

interface Row extends Readonly<Record<Language, RefusalMeaning>> {
  /** As in `reading.ts`. */
  symptoms: readonly string[];
}

/**
 * Refusals that ISE, which fills in scope and grant itself and has no certificate of its own at Entra, meets as good as
 * never; other programs do (fact sheet microsoft 1.5, 2.3, 4.3, 4.7, 4.9).
 */
const REFUSALS: readonly Row[] = [
  {
    symptoms: ['aadsts:500011'],
    en: {
      text: 'The tenant has no resource of the name that the scope asks for. With the scope of ISE, https://outlook.office.com/.default, it is a tenant without Exchange Online: the ID of another tenant, or no licence.',
      remedy:
        'Compare the Tenant ID with the tenant of the mailbox. In another program correct the scope to https://outlook.office.com/.default.',
    },
    de: {
      text: 'Der Tenant hat keine Ressource mit dem Namen, den der Scope verlangt. Mit dem Scope von ISE, https://outlook.office.com/.default, ist es ein Tenant ohne Exchange Online: die ID eines anderen Tenants, oder keine Lizenz.',
      remedy:
        'Die Tenant ID mit dem Tenant des Postfachs vergleichen. In einem anderen Programm den Scope auf https://outlook.office.com/.default berichtigen.',
    },
    es: {
      text: 'El tenant no tiene ningún recurso con el nombre que pide el ámbito. Con el ámbito de ISE, https://outlook.office.com/.default, es un tenant sin Exchange Online: el ID de otro tenant, o falta la licencia.',
      remedy:
        'Compare el Tenant ID con el tenant del buzón. En otro programa corrija el ámbito a https://outlook.office.com/.default.',
    },
  },
  {
    symptoms: ['aadsts:1002012', 'aadsts:70011', 'aadsts:700022', 'aadsts:28000'],
    en: {
      text: 'The scope of the token request is not one that client credentials may ask for: exactly one resource, with /.default behind it. ISE fills it in itself, so the request comes from another program.',
      remedy: 'In that program set the scope to https://outlook.office.com/.default and nothing else.',
    },
    de: {
      text: 'Der Scope der Token-Anfrage ist keiner, den Client Credentials verlangen dürfen: genau eine Ressource, mit /.default dahinter. ISE füllt ihn selbst aus, die Anfrage kommt also von einem anderen Programm.',
      remedy: 'In jenem Programm den Scope auf https://outlook.office.com/.default setzen und auf nichts sonst.',
    },
    es: {
      text: 'El ámbito de la solicitud de token no es de los que admite client credentials: un solo recurso, seguido de /.default. ISE lo rellena solo, así que la solicitud viene de otro programa.',
      remedy: 'En ese programa ponga el ámbito https://outlook.office.com/.default y nada más.',
    },
  },
  {
    symptoms: ['aadsts:70003', 'aadsts:900561', 'aadsts:90013', 'aadsts:9002313'],
    en: {
      text: 'The token request has another form than Entra takes: method, grant_type or parameters. ISE makes it itself, so it comes from another program, or something on the way has changed it.',
      remedy: 'Send it as a POST form with client_id, client_secret, scope and grant_type=client_credentials.',
    },
    de: {
      text: 'Die Token-Anfrage hat eine andere Form, als Entra sie annimmt: Methode, grant_type oder Parameter. ISE stellt sie selbst, sie kommt also von einem anderen Programm, oder etwas unterwegs hat sie verändert.',
      remedy: 'Als POST-Formular mit client_id, client_secret, scope und grant_type=client_credentials senden.',
    },
    es: {
      text: 'La solicitud de token tiene otra forma que la que acepta Entra: método, grant_type o parámetros. ISE la hace solo, así que viene de otro programa, o algo en el camino la cambió.',
      remedy: 'Envíela como formulario POST con client_id, client_secret, scope y grant_type=client_credentials.',
    },
  },
  {
    symptoms: ['aadsts:50049'],
    en: {
      text: 'Entra does not know the host that the client was told to ask: a misspelt name of the login server, or one of another cloud (login.microsoftonline.us, login.partner.microsoftonline.cn).',
      remedy:
        'Use https://login.microsoftonline.com/<tenant ID>; for a server of your own switch instance discovery off.',
    },
    de: {
      text: 'Entra kennt den Host nicht, den der Client fragen soll: ein falsch geschriebener Name des Anmeldeservers, oder der einer anderen Cloud (login.microsoftonline.us, login.partner.microsoftonline.cn).',
      remedy:
        'https://login.microsoftonline.com/<Tenant ID> verwenden; für einen eigenen Server die Instance Discovery abschalten.',
    },
    es: {
      text: 'Entra no conoce el host al que debe preguntar el cliente: un nombre mal escrito del servidor de inicio de sesión, o el de otra nube (login.microsoftonline.us, login.partner.microsoftonline.cn).',
      remedy:
        'Use https://login.microsoftonline.com/<tenant ID>; para un servidor propio desactive instance discovery.',
    },
  },
  {
    symptoms: ['aadsts:700027', 'aadsts:50027', 'aadsts:7000213'],
    en: {
      text: 'The application proves itself by a signed assertion (a certificate), and the signature does not fit what is registered. ISE uses a client secret, so the request comes from another program.',
      remedy:
        'App registrations > Certificates & secrets > Certificates: upload the certificate whose key signs, and compare thumbprint and audience of the assertion.',
    },
    de: {
      text: 'Die Anwendung weist sich durch eine signierte Assertion aus (ein Zertifikat), und die Signatur passt nicht zu dem, was registriert ist. ISE verwendet ein Client Secret, die Anfrage kommt also von einem anderen Programm.',
      remedy:
        'App registrations > Certificates & secrets > Certificates: das Zertifikat hochladen, dessen Schlüssel signiert, und Fingerabdruck und Audience der Assertion vergleichen.',
    },
    es: {
      text: 'La aplicación se identifica con una aserción firmada (un certificado), y la firma no corresponde a lo registrado. ISE usa un secreto de cliente, así que la solicitud viene de otro programa.',
      remedy:
        'App registrations > Certificates & secrets > Certificates: suba el certificado cuya clave firma, y compare la huella y la audiencia de la aserción.',
    },
  },
  {
    symptoms: ['aadsts:700024', 'aadsts:500133'],
    en: {
      text: 'The assertion that the application signed is not valid yet, or no longer: as a rule the clock of the machine that signs is wrong. ISE uses a client secret, so the request comes from another program.',
      remedy: 'Set the clock of that machine by NTP, and sign a new assertion for each request.',
    },
    de: {
      text: 'Die Assertion, die die Anwendung signiert hat, gilt noch nicht oder nicht mehr: In der Regel geht die Uhr der Maschine falsch, die signiert. ISE verwendet ein Client Secret, die Anfrage kommt also von einem anderen Programm.',
      remedy: 'Die Uhr jener Maschine über NTP stellen, und für jede Anfrage eine neue Assertion signieren.',
    },
    es: {
      text: 'La aserción que firmó la aplicación aún no vale, o ya no: por lo general está mal el reloj de la máquina que firma. ISE usa un secreto de cliente, así que la solicitud viene de otro programa.',
      remedy: 'Ponga en hora esa máquina por NTP y firme una aserción nueva para cada solicitud.',
    },
  },
  {
    symptoms: ['aadsts:65001', 'aadsts:50126', 'aadsts:50076', 'aadsts:50079', 'aadsts:700082', 'aadsts:70008'],
    en: {
      text: 'Entra refuses a user: consent, password, second factor or a refresh token that has ended. ISE logs in as an application, without a user, so the request comes from another program or another flow.',
      remedy:
        'Use the client credentials of an application with SMTP.SendAsApp, as ISE does, or have that user sign in anew.',
    },
    de: {
      text: 'Entra lehnt einen Benutzer ab: Zustimmung, Kennwort, zweiter Faktor oder ein abgelaufenes Refresh Token. ISE meldet sich als Anwendung an, ohne Benutzer, die Anfrage kommt also von einem anderen Programm oder Ablauf.',
      remedy:
        'Die Client Credentials einer Anwendung mit SMTP.SendAsApp verwenden, wie ISE, oder jenen Benutzer sich neu anmelden lassen.',
    },
    es: {
      text: 'Entra rechaza a un usuario: consentimiento, contraseña, segundo factor o un token de actualización caducado. ISE inicia sesión como aplicación, sin usuario, así que la solicitud viene de otro programa u otro flujo.',
      remedy:
        'Use las credenciales de cliente de una aplicación con SMTP.SendAsApp, como ISE, o haga que ese usuario inicie sesión de nuevo.',
    },
  },
  {
    symptoms: ['smtp:xoauth2-syntax'],
    en: {
      text: 'What was sent with AUTH XOAUTH2 is no valid base64 of user=<mailbox>^Aauth=Bearer <token>^A^A: the server could not even read it.',
      remedy:
        'Build the text with the two ^A (0x01) at its end, encode it without line breaks, and send it in one line.',
    },
    de: {
      text: 'Was mit AUTH XOAUTH2 gesendet wurde, ist kein gültiges base64 von user=<Postfach>^Aauth=Bearer <Token>^A^A: Der Server konnte es nicht einmal lesen.',
      remedy: 'Den Text mit den zwei ^A (0x01) am Ende bilden, ohne Umbrüche kodieren und in einer Zeile senden.',
    },
    es: {
      text: 'Lo enviado con AUTH XOAUTH2 no es un base64 válido de user=<buzón>^Aauth=Bearer <token>^A^A: el servidor ni siquiera pudo leerlo.',
      remedy:
        'Forme el texto con los dos ^A (0x01) al final, codifíquelo sin saltos de línea y envíelo en una sola línea.',
    },
  },
  {
    symptoms: ['smtp:domain-name'],
    en: {
      text: 'The client says EHLO with a name that is none: blanks, quotes or letters that host names do not have.',
      remedy: 'Give the machine a host name of letters, digits and hyphens, with its domain.',
    },
    de: {
      text: 'Der Client sagt EHLO mit einem Namen, der keiner ist: Leerzeichen, Anführungszeichen oder Buchstaben, die Hostnamen nicht haben.',
      remedy: 'Der Maschine einen Hostnamen aus Buchstaben, Ziffern und Bindestrichen geben, mit ihrer Domäne.',
    },
    es: {
      text: 'El cliente dice EHLO con un nombre que no lo es: espacios, comillas o letras que los nombres de host no tienen.',
      remedy: 'Dé a la máquina un nombre de host de letras, cifras y guiones, con su dominio.',
    },
  },
  {
    symptoms: ['smtp:address'],
    en: {
      text: 'The address in MAIL FROM or RCPT TO is not written as addresses are.',
      remedy: 'Correct the address of the account, of the alarm or on the SMTP Server page.',
    },
    de: {
      text: 'Die Adresse in MAIL FROM oder RCPT TO ist nicht geschrieben, wie Adressen geschrieben werden.',
      remedy: 'Die Adresse des Kontos, des Alarms oder auf der Seite SMTP Server berichtigen.',
    },
    es: {
      text: 'La dirección de MAIL FROM o RCPT TO no está escrita como se escriben las direcciones.',
      remedy: 'Corrija la dirección de la cuenta, de la alarma o de la página SMTP Server.',
    },
  },
  {
    symptoms: ['smtp:busy'],
    en: {
      text: 'The server puts the client off: it is busy, or has had too much from this address or tenant in a short time. The mail is tried again.',
      remedy: 'Wait; if it lasts, find out what else sends from the same public address, and look at Service health.',
    },
    de: {
      text: 'Der Server vertröstet den Client: Er ist ausgelastet, oder er hat von dieser Adresse oder diesem Tenant in kurzer Zeit zu viel bekommen. Die Mail wird wieder versucht.',
      remedy:
        'Warten; hält es an, herausfinden, was sonst von derselben öffentlichen Adresse sendet, und Service health ansehen.',
    },
    es: {
      text: 'El servidor aplaza al cliente: está ocupado, o ha recibido demasiado de esta dirección o tenant en poco tiempo. El correo se vuelve a intentar.',
      remedy: 'Espere; si continúa, averigüe qué más envía desde la misma dirección pública y mire Service health.',
    },
  },
  {
    symptoms: ['smtp:external-rate'],
    en: {
      text: 'The tenant has sent to as many recipients outside of it as it may in a day.',
      remedy: 'Wait until the day is over; Exchange admin center > Reports > Mail flow shows who sends so much.',
    },
    de: {
      text: 'Der Tenant hat an so viele Empfänger außerhalb gesendet, wie er an einem Tag darf.',
      remedy: 'Warten, bis der Tag um ist; Exchange admin center > Reports > Mail flow zeigt, wer so viel sendet.',
    },
    es: {
      text: 'El tenant ha enviado a tantos destinatarios externos como puede en un día.',
      remedy: 'Espere a que pase el día; Exchange admin center > Reports > Mail flow muestra quién envía tanto.',
    },
  },
];

/** Alarms of ISE that say nothing of a mail by themselves (fact sheet ise 4.1, 4.3). */
const ALARMS: readonly Row[] = [
  {
    symptoms: ['alarm:secret-expires'],
    en: {
      text: 'Nothing has failed yet: the expiry date that was typed on the SMTP Server page is near. Entra’s own date may be another.',
      remedy:
        'Compare with Entra > App registrations > Certificates & secrets > Expires; create a new secret in time, enter its value and date, test and save.',
    },
    de: {
      text: 'Noch ist nichts fehlgeschlagen: Das Ablaufdatum, das auf der Seite SMTP Server eingetippt wurde, ist nahe. Das Datum in Entra kann ein anderes sein.',
      remedy:
        'Mit Entra > App registrations > Certificates & secrets > Expires vergleichen; rechtzeitig ein neues Secret anlegen, Wert und Datum eintragen, testen und speichern.',
    },
    es: {
      text: 'Aún no ha fallado nada: la fecha de caducidad escrita en la página SMTP Server está cerca. La de Entra puede ser otra.',
      remedy:
        'Compare con Entra > App registrations > Certificates & secrets > Expires; cree un secreto nuevo a tiempo, introduzca su valor y fecha, pruebe y guarde.',
    },
  },
  {
    symptoms: ['alarm:node-down'],
    en: {
      text: 'A node does not answer. Mails of its own duty stay away: guest expiry and reminders of a primary PAN, alarms of the active MnT, portal mails of a PSN.',
      remedy:
        'Administration > System > Deployment: which node, and which roles. Restart it, promote the secondary PAN, or let the standby MnT take over.',
    },
    de: {
      text: 'Ein Knoten antwortet nicht. Mails, die seine Pflicht sind, bleiben aus: Gastablauf und Erinnerungen des primären PAN, Alarme des aktiven MnT, Portalmails eines PSN.',
      remedy:
        'Administration > System > Deployment: welcher Knoten und welche Rollen. Ihn neu starten, den sekundären PAN befördern oder den MnT in Bereitschaft übernehmen lassen.',
    },
    es: {
      text: 'Un nodo no responde. Faltan los correos que le tocan: caducidad de invitados y recordatorios del PAN primario, alarmas del MnT activo, correos de portal de un PSN.',
      remedy:
        'Administration > System > Deployment: qué nodo y qué roles. Reinícielo, promueva el PAN secundario o deje que el MnT en espera tome el relevo.',
    },
  },
  {
    symptoms: ['alarm:replication'],
    en: {
      text: 'A node does not take the changes of the primary PAN: it goes on with the SMTP settings that it had, and its mails alone can fail after the secret or the tenant was changed.',
      remedy: 'Administration > System > Deployment: select the node, Syncup.',
    },
    de: {
      text: 'Ein Knoten übernimmt die Änderungen des primären PAN nicht: Er macht mit den SMTP-Einstellungen weiter, die er hatte, und nur seine Mails können scheitern, wenn Secret oder Tenant geändert wurden.',
      remedy: 'Administration > System > Deployment: den Knoten auswählen, Syncup.',
    },
    es: {
      text: 'Un nodo no toma los cambios del PAN primario: sigue con la configuración SMTP que tenía, y solo sus correos pueden fallar tras cambiar el secreto o el tenant.',
      remedy: 'Administration > System > Deployment: seleccione el nodo, Syncup.',
    },
  },
  {
    symptoms: ['alarm:clock'],
    en: {
      text: 'A node has no time server. While its clock is nearly right, mail goes on; far off, it takes certificates for expired or not yet valid.',
      remedy: 'ISE CLI: show clock, show ntp; correct the time servers (ntp server).',
    },
    de: {
      text: 'Ein Knoten hat keinen Zeitserver. Solange seine Uhr ungefähr stimmt, geht die Post weiter; geht sie weit falsch, hält er Zertifikate für abgelaufen oder noch nicht gültig.',
      remedy: 'ISE CLI: show clock, show ntp; die Zeitserver berichtigen (ntp server).',
    },
    es: {
      text: 'Un nodo no tiene servidor de hora. Mientras su reloj esté casi bien, el correo sigue; muy desviado, da los certificados por caducados o aún no válidos.',
      remedy: 'ISE CLI: show clock, show ntp; corrija los servidores de hora (ntp server).',
    },
  },
  {
    symptoms: ['alarm:certificate'],
    en: {
      text: 'A certificate of ISE or one of its Trusted Certificates has ended, or will soon. Mail is concerned only if it is a CA above login.microsoftonline.com or smtp.office365.com.',
      remedy:
        'Administration > System > Certificates > Trusted Certificates: which one it is; import the CA that the servers use today, with the Infrastructure usage.',
    },
    de: {
      text: 'Ein Zertifikat von ISE oder eines der Trusted Certificates ist abgelaufen oder läuft bald ab. Post betrifft es nur, wenn es eine CA über login.microsoftonline.com oder smtp.office365.com ist.',
      remedy:
        'Administration > System > Certificates > Trusted Certificates: welches es ist; die CA importieren, die die Server heute verwenden, mit der Verwendung Infrastructure.',
    },
    es: {
      text: 'Un certificado de ISE o uno de los Trusted Certificates ha caducado o caduca pronto. Al correo solo le afecta si es una CA por encima de login.microsoftonline.com o smtp.office365.com.',
      remedy:
        'Administration > System > Certificates > Trusted Certificates: cuál es; importe la CA que usan hoy los servidores, con el uso Infrastructure.',
    },
  },
  {
    symptoms: ['alarm:undelivered'],
    en: {
      text: 'A mail could not be sent; why, the alarm alone does not tell.',
      remedy: 'Read guest.log of the node that the alarm names, at the time that it names.',
    },
    de: {
      text: 'Eine Mail konnte nicht gesendet werden; warum, sagt der Alarm allein nicht.',
      remedy: 'guest.log des Knotens lesen, den der Alarm nennt, zu der Zeit, die er nennt.',
    },
    es: {
      text: 'Un correo no se pudo enviar; por qué, la alarma sola no lo dice.',
      remedy: 'Lea guest.log del nodo que nombra la alarma, a la hora que nombra.',
    },
  },
];

/** What refusals and alarms mean by themselves, in order. */
export const REFUSAL_MEANINGS: readonly Row[] = [...REFUSALS, ...ALARMS];

/** What is meant by one that shows as these symptoms; undefined where that is not known. */
export function refusalMeaning(symptoms: readonly string[], language: Language): RefusalMeaning | undefined {
  return REFUSAL_MEANINGS.find((row) => row.symptoms.some((one) => symptoms.includes(one)))?.[language];
}

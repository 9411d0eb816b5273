import type { TranslatedCause } from './translated-cause.ts';

const PROXY_PAGE = 'Administration > System > Settings > Proxy';
const TRUSTED = 'Administration > System > Certificates > Trusted Certificates';
const SYSTEM_TIME = 'Administration > System > Settings > System Time: die NTP-Server dieses Knotens berichtigen.';
const WAIT = 'Warten: Die Mails bleiben in der Warteschlange. Service health von Microsoft 365 beobachten.';
const SECRETS = 'App registrations > Certificates & secrets';
const ENTERPRISE = 'Entra > Enterprise applications';

/** German: network, TLS and Entra. */
export const GERMAN_WAY_CAUSES: Readonly<Record<string, TranslatedCause>> = {
  'network.egress-dropped': {
    cause:
      'Bei {host|dem Server} antwortet nichts: Die Firewall verwirft, was nicht vom Proxy kommt, und ISE benutzt keinen.',
    remedy: `${PROXY_PAGE}: den Proxy eintragen, der das Netz verlassen darf.`,
  },
  'network.smtp-port-blocked': {
    cause:
      'Bei {host|dem SMTP-Server} antwortet nichts: Die Firewall verwirft diesen Port, während HTTPS zum Token-Endpunkt durchkommt.',
    remedy: 'In der Firewall TCP-Port 587 von jedem ISE-Knoten zu smtp.office365.com erlauben lassen.',
  },
  'network.proxy-unreachable': {
    cause: 'Der Proxy {proxy|}, den ISE benutzen soll, antwortet nicht oder existiert nicht.',
    remedy: `${PROXY_PAGE}: Host und Port berichtigen.`,
  },
  'network.proxy-connection-refused': {
    cause: 'Den Host des Proxys {proxy|} gibt es, aber er nimmt an diesem Port keine Verbindungen an.',
    remedy: `${PROXY_PAGE}: den Port berichtigen oder den Proxy-Dienst starten lassen.`,
  },
  'network.proxy-authentication-required': {
    cause: 'Der Proxy antwortet 407: Ohne gültige Zugangsdaten öffnet er keinen Tunnel zu {host|dem Server}.',
    remedy: `${PROXY_PAGE}: Benutzername und Kennwort des Proxys eintragen.`,
  },
  'network.proxy-port-forbidden': {
    cause: 'Der Proxy antwortet 403: Seine Regeln verbieten einen Tunnel zu {host|dem Server}.',
    remedy: 'Im Proxy CONNECT zu Port 587 neben 443 erlauben lassen, oder SMTP ohne Proxy hinauslassen.',
  },
  'network.dns-failure': {
    cause: 'Der Knoten kann {host|einen Namen} nicht auflösen[; gemeint ist wohl {expected|}].',
    remedy: 'Den Namen auf der Seite SMTP Server und die Nameserver dieses Knotens (ip name-server) prüfen.',
  },
  'network.connection-refused': {
    cause: '{host|Den Server} gibt es, aber an diesem Port hört niemand.',
    remedy: 'Seite SMTP Server: für Exchange Online smtp.office365.com, Port 587.',
  },
  'network.connection-reset': {
    cause:
      'Die Verbindung zu {host|dem Server} kam zustande und wurde dann abgebrochen (bei {during|einem Schritt}), von keinem ihrer beiden Enden.',
    remedy:
      'Nach einer Firewall oder einem Intrusion-Prevention-System suchen, das Verbindungen beendet, und diese ausnehmen.',
  },
  'network.server-silent': {
    cause:
      '{host|Der Server} nahm die Verbindung an und sagte dann nichts (bei {during|einem Schritt}), bis der Knoten aufgab.',
    remedy:
      'Nach einer Firewall oder einem Load Balancer suchen, der Verbindungen im Namen des Servers annimmt und nicht weitergibt.',
  },
  'network.stalled-in-data': {
    cause:
      'Der Dialog mit {host|dem Server} ging gut bis zur Nachricht selbst ({during|data}); dann kam nichts mehr durch. Kleine Pakete kommen an, große nicht.',
    remedy:
      'Die MTU des Weges prüfen (ICMP „fragmentation needed“ muss den Knoten erreichen), und Firewalls, die Inhalte zurückhalten.',
  },
  'network.slow-link': {
    cause:
      'Auf dem Weg zu {host|dem Server} dauert alles so lange, dass der Knoten aufgab (bei {during|einem Schritt}).',
    remedy: 'Die Leitung prüfen lassen; bis dahin auf der Seite SMTP Server ein längerer Connection Timeout.',
  },
  'tls.token-endpoint-ca-missing': {
    cause: 'Kein Zertifikat der Kette von {host|dem Token-Endpunkt} steht unter den Trusted Certificates.',
    remedy: `${TRUSTED}: die Root der Kette des Token-Endpunkts importieren und Infrastructure ankreuzen.`,
  },
  'tls.smtp-ca-missing': {
    cause: 'Kein Zertifikat der Kette von {host|dem SMTP-Server} steht unter den Trusted Certificates.',
    remedy: `${TRUSTED}: die Root der Kette des SMTP-Servers importieren und Infrastructure ankreuzen.`,
  },
  'tls.intermediate-missing': {
    cause:
      '{host|Der Server} schickt nur sein eigenes Zertifikat, ohne {expected|die CA, die es ausgestellt hat}; so führt kein Weg zu einer Root, der vertraut wird.',
    remedy: `${TRUSTED}: {expected|die ausstellende CA} importieren und Infrastructure ankreuzen; der Betreiber des Servers sollte die ganze Kette schicken.`,
  },
  'tls.ca-without-infrastructure-usage': {
    cause:
      '{certificate|Die CA} steht unter den Trusted Certificates, ihr wird aber nicht für Client-Server-Verbindungen vertraut; darum wird {host|dem Server} nicht vertraut.',
    remedy: `${TRUSTED}: bearbeiten und „Trust for authentication within ISE and Client-Server communication“ ankreuzen.`,
  },
  'tls.ca-disabled': {
    cause:
      '{certificate|Die CA} steht unter den Trusted Certificates, ist aber deaktiviert; darum wird {host|dem Server} nicht vertraut.',
    remedy: `${TRUSTED}: den Status auf Enabled setzen.`,
  },
  'tls.certificate-expired': {
    cause: '{certificate|Ein Zertifikat} in der Kette von {host|dem Server} ist nach der Zeit des Knotens abgelaufen.',
    remedy: 'Der Betreiber des Servers muss das Zertifikat erneuern. Die Uhr des Knotens geht richtig.',
    remedyIfSkewed: SYSTEM_TIME,
  },
  'tls.certificate-not-yet-valid': {
    cause: '{certificate|Ein Zertifikat} in der Kette von {host|dem Server} gilt nach der Zeit des Knotens noch nicht.',
    remedy:
      'Der Betreiber des Servers hat das Zertifikat zu früh in Betrieb genommen. Die Uhr des Knotens geht richtig.',
    remedyIfSkewed: SYSTEM_TIME,
  },
  'tls.wrong-name': {
    cause: 'Das Zertifikat {certificate|} gilt nicht für den Namen {host|des Servers}.',
    remedy:
      'Seite SMTP Server: den Namen eintragen, für den der Server ein Zertifikat hat; und prüfen, wohin der Name führt (DNS).',
  },
  'tls.intercepted': {
    cause:
      'Eine Firewall auf dem Weg öffnet die TLS-Sitzung mit {host|dem Server} und zeigt ein Zertifikat ihrer eigenen CA[ ({actual|})], der ISE nicht vertraut.',
    remedy: `login.microsoftonline.com und smtp.office365.com von der TLS-Inspektion ausnehmen; oder ${TRUSTED}: die CA der Firewall importieren und Infrastructure ankreuzen.`,
  },
  'tls.starttls-not-offered': {
    cause:
      '{host|Der SMTP-Server} kündigt STARTTLS nicht an, als hätte er kein TLS: Exchange Online tut das immer, also verbirgt es etwas auf dem Weg, oder es ist ein anderer Server.',
    remedy:
      'Die SMTP-Inspektion (ESMTP fixup) der Firewall für diese Verbindung abschalten; Host und Port auf der Seite SMTP Server prüfen.',
  },
  'tls.no-common-version': {
    cause: '{host|Der Server} spricht keine TLS-Version, die ISE erlaubt (TLS 1.2 und neuer).',
    remedy: 'TLS 1.2 auf dem Server einschalten lassen, oder auf der Seite SMTP Server einen eintragen, der es hat.',
  },
  'tls.chain-changed': {
    cause:
      '{host|Der Server} zeigt jetzt eine Kette unter {actual|einer anderen Root} statt {expected|der früheren}; die neue Root steht nicht unter den Trusted Certificates.',
    remedy: `${TRUSTED}: {actual|die neue Root} importieren und Infrastructure ankreuzen.`,
  },
  'entra.service-down': {
    cause: 'Der Eingang von Microsoft Entra antwortet mit einer Fehlerseite: Er hat keinen Server für die Anfrage.',
    remedy: WAIT,
  },
  'entra.service-degraded': {
    cause: 'Microsoft Entra antwortet mit einem vorübergehenden eigenen Fehler; an den Einstellungen liegt es nicht.',
    remedy: WAIT,
  },
  'entra.throttled': {
    cause: 'Microsoft Entra nimmt vorerst keine Token-Anfragen dieses Tenants mehr an (429 Too Many Requests).',
    remedy:
      'Eine Minute warten; dann herausfinden, welche Anwendung des Tenants immer wieder Token holt, und sie diese behalten lassen.',
  },
  'entra.request-loop': {
    cause:
      'Die Anwendung {clientId|} hat dasselbe Token so oft verlangt, dass Microsoft Entra es für eine Schleife hält.',
    remedy:
      'Herausfinden, wer diese Client ID noch benutzt, jedem Programm eine eigene App-Registrierung geben und einige Minuten warten.',
  },
  'entra.not-json': {
    cause:
      'Was von {host|dem Token-Endpunkt} zurückkam, ist keine Antwort von Microsoft Entra: Ein Captive Portal oder Filter auf dem Weg antwortet mit einer Seite für Browser.',
    remedy: 'login.microsoftonline.com für jeden ISE-Knoten von Webfiltern und Captive Portals ausnehmen.',
  },
  'entra.tenant-unknown': {
    cause: 'Entra kennt keinen Tenant {tenant|}.',
    remedy: 'Seite SMTP Server: die Directory (tenant) ID der App-Registrierung eintragen, Test Connection, Save.',
  },
  'entra.tenant-malformed': {
    cause: 'Was als Tenant ID eingetragen wurde, ist weder eine GUID noch ein Domainname.',
    remedy: 'Seite SMTP Server: die Directory (tenant) ID der App-Registrierung eintragen, Test Connection, Save.',
  },
  'entra.application-unknown': {
    cause: 'Der Tenant hat keine Anwendung mit der Client ID {clientId|}.',
    remedy: 'Seite SMTP Server: die Application (client) ID der App-Registrierung eintragen, Test Connection, Save.',
  },
  'entra.application-too-new': {
    cause: 'Die Anwendung {clientId|} wurde eben erst registriert und ist noch nicht auf jedem Server von Entra.',
    remedy: 'Einige Minuten warten und Test Connection noch einmal klicken.',
  },
  'entra.client-id-invalid': {
    cause: 'Was als Client ID eingetragen wurde, ist keine gültige Anwendungs-ID.',
    remedy: 'Seite SMTP Server: die Application (client) ID der App-Registrierung eintragen, Test Connection, Save.',
  },
  'entra.application-disabled': {
    cause: 'Die Anwendung {clientId|} ist im Tenant deaktiviert.',
    remedy: `${ENTERPRISE} > Properties: „Enabled for users to sign-in?“ auf Yes stellen.`,
  },
  'entra.service-principal-missing': {
    cause:
      'Die App-Registrierung {clientId|} ist da, ihre Unternehmensanwendung (der Dienstprinzipal) nicht: Sie wurde gelöscht oder nie angelegt.',
    remedy: `${ENTERPRISE}: aus den gelöschten wiederherstellen, oder New-MgServicePrincipal -AppId …; eine neue hat eine andere Object ID, also erneut Grant admin consent, New-ServicePrincipal und Add-MailboxPermission.`,
  },
  'entra.secret-missing': {
    cause: 'Die Token-Anfrage enthielt kein Client Secret oder nur Leerzeichen.',
    remedy: 'Seite SMTP Server: den Value des Client Secrets eintragen, Test Connection, Save.',
  },
  'entra.secret-wrong': {
    cause: 'Keines der Client Secrets der Anwendung {clientId|} hat den Wert, den ISE sendet.',
    remedy: `${SECRETS}: ein Secret anlegen, seinen Value eintragen, Test Connection, Save.`,
  },
  'entra.secret-is-the-id': {
    cause: 'ISE sendet die Secret ID; Entra will den Value, der nur einmal angezeigt wird, beim Anlegen.',
    remedy:
      'Seite SMTP Server: den Value des Secrets eintragen (ein neues anlegen, wenn er nicht notiert wurde), Test Connection, Save.',
  },
  'entra.secret-expired': {
    cause: 'Das Client Secret der Anwendung {clientId|} hat in Entra sein Enddatum überschritten.',
    remedy: `${SECRETS}: ein neues Secret anlegen, Value und Ablaufdatum eintragen, Test Connection, Save.`,
  },
  'entra.secret-too-new': {
    cause: 'Das Client Secret wurde eben erst angelegt und ist noch nicht auf jedem Server von Entra.',
    remedy: 'Eine Minute warten und Test Connection noch einmal klicken.',
  },
  'entra.resource-disabled': {
    cause: 'Die Unternehmensanwendung „Office 365 Exchange Online“, für die das Token gilt, ist deaktiviert.',
    remedy: `${ENTERPRISE} > Office 365 Exchange Online > Properties: „Enabled for users to sign-in?“ auf Yes stellen; prüfen, ob das Abonnement noch läuft.`,
  },
  'entra.assignment-required': {
    cause:
      '„Assignment required?“ ist für Office 365 Exchange Online eingeschaltet, und die Anwendung {clientId|} hat dort keine Rolle.',
    remedy:
      'App registrations > API permissions: SMTP.SendAsApp hinzufügen und „Grant admin consent“; oder „Assignment required?“ ausschalten.',
  },
  'entra.conditional-access': {
    cause:
      'Eine Richtlinie von Conditional Access für Workload-Identitäten sperrt die Anwendung {clientId|}, wegen Ort oder Risiko.',
    remedy:
      'Entra > Conditional Access: die Anwendung ausnehmen, oder die öffentliche Adresse der ISE-Knoten zu den named locations hinzufügen.',
  },
};

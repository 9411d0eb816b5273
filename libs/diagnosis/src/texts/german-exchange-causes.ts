import type { TranslatedCause } from './translated-cause.ts';

const WAIT = 'Warten: Die Mails bleiben in der Warteschlange. Service health von Microsoft 365 beobachten.';
const NEXT_SERVER =
  'Warten: Die Mails bleiben in der Warteschlange, und der nächste Versuch trifft vielleicht einen anderen Server.';
const OAUTH = 'Seite SMTP Server: „MS Exchange Online OAuth“ wählen.';

/** German: Exchange Online. */
export const GERMAN_EXCHANGE_CAUSES: Readonly<Record<string, TranslatedCause>> = {
  'exchange.temporary-authentication-failure': {
    cause:
      'Exchange Online antwortet auf AUTH mit einem vorübergehenden eigenen Fehler; an den Einstellungen liegt es nicht.',
    remedy: WAIT,
  },
  'exchange.tenant-smtp-auth-disabled': {
    cause:
      'SMTP AUTH ist für die Organisation aus, und dieses Postfach setzt sich nicht darüber hinweg. Entra hatte ein gutes Token ausgestellt.',
    remedy:
      'Set-CASMailbox -SmtpClientAuthenticationDisabled $false für dieses Postfach, oder Set-TransportConfig für alle.',
  },
  'exchange.mailbox-smtp-auth-disabled': {
    cause: '„Authenticated SMTP“ ist für {mailbox|das Postfach} aus. Entra hatte ein gutes Token ausgestellt.',
    remedy: 'Set-CASMailbox -Identity {mailbox|<Postfach>} -SmtpClientAuthenticationDisabled $false',
  },
  'exchange.token-expired': {
    cause:
      'Das Token war noch gut, als der Knoten es nahm, und abgelaufen, als Exchange es ansah: Der Weg dorthin dauerte für seine Lebensdauer zu lange.',
    remedy:
      'Den Weg zu smtp.office365.com auf Verzögerungen prüfen lassen; die Richtlinien für die Lebensdauer von Token prüfen (Get-MgPolicyTokenLifetimePolicy).',
  },
  'exchange.role-missing': {
    cause:
      'Das Token ist gut, hat aber keine Rolle SMTP.SendAsApp: Die Berechtigung wurde nicht hinzugefügt, oder kein Administrator hat zugestimmt.',
    remedy:
      'App registrations > API permissions: SMTP.SendAsApp hinzufügen, dann „Grant admin consent“. Token in Caches behalten ihre Rollen bis zu einer Stunde.',
  },
  'exchange.token-from-before-consent': {
    cause:
      'Die Zustimmung ist da, aber der Knoten nahm sein Token aus dem Cache: Es stammt aus der Zeit davor und hat keine Rolle SMTP.SendAsApp.',
    remedy:
      'Warten, bis das Token abgelaufen ist (bis zu einer Stunde), oder den Application Server dieses Knotens neu starten.',
  },
  'exchange.tenant-mismatch': {
    cause: 'Das Token ist von einem anderen Tenant als das Postfach {mailbox|}.',
    remedy: 'Die Anwendung im Tenant des Postfachs registrieren und deren IDs auf der Seite SMTP Server eintragen.',
  },
  'exchange.service-principal-missing': {
    cause:
      'Der Dienstprinzipal {expected.short|} der Anwendung ist in Exchange nicht registriert. Entra hatte ein gutes Token ausgestellt.',
    remedy:
      'New-ServicePrincipal -AppId {clientId|<Client ID>} -ObjectId {expected|<Object ID der Unternehmensanwendung>}',
  },
  'exchange.service-principal-wrong-object-id': {
    cause:
      'Exchange kennt die Anwendung unter einer anderen Object ID als der ihrer Unternehmensanwendung[: {actual.short|} statt {expected.short|}]. Entra hatte ein gutes Token ausgestellt.',
    remedy:
      'Remove-ServicePrincipal, dann New-ServicePrincipal -AppId … -ObjectId {expected|<Object ID der Unternehmensanwendung>}',
  },
  'exchange.mailbox-unknown': {
    cause: 'Exchange kennt das Postfach {mailbox|des Absenders} nicht. Entra hatte ein gutes Token ausgestellt.',
    remedy: 'Seite SMTP Server: die Adresse eines lizenzierten Postfachs eintragen, oder es in Exchange anlegen.',
  },
  'exchange.mailbox-unlicensed': {
    cause: 'Die Lizenz von {mailbox|dem Postfach} wurde entzogen; niemand kann sich mehr daran anmelden.',
    remedy:
      'Microsoft 365 admin center: {mailbox|dem Benutzer} eine Lizenz mit Exchange Online zuweisen; oder daraus ein freigegebenes Postfach unter 50 GB machen (Set-Mailbox -Type Shared).',
  },
  'exchange.mailbox-soft-deleted': {
    cause:
      'Der Benutzer von {mailbox|dem Postfach} wurde gelöscht; das Postfach wartet auf seine endgültige Entfernung.',
    remedy:
      'Microsoft 365 admin center > Deleted users: den Benutzer binnen 30 Tagen wiederherstellen (oder Undo-SoftDeletedMailbox).',
  },
  'exchange.mailbox-out-of-scope': {
    cause:
      'Die Anwendung hat ihre Rolle durch RBAC for Applications, und {mailbox|das Postfach} liegt nicht im Bereich der Zuweisung.',
    remedy:
      'Set-ManagementScope -RecipientRestrictionFilter so, dass er das Postfach einschließt, oder New-ManagementRoleAssignment mit einem anderen -CustomResourceScope.',
  },
  'exchange.basic-authentication': {
    cause: 'Der Knoten meldet sich mit Benutzername und Kennwort an; die Organisation nimmt das nicht an.',
    remedy: OAUTH,
  },
  'exchange.basic-authentication-retired': {
    cause: 'Der Knoten meldet sich mit Benutzername und Kennwort an; Exchange Online nimmt das von niemandem mehr an.',
    remedy: OAUTH,
  },
  'exchange.security-defaults': {
    cause:
      'Der Knoten meldet sich mit Benutzername und Kennwort an; die Sicherheitsstandards des Tenants verlangen mehr als ein Kennwort.',
    remedy: OAUTH,
  },
  'exchange.password-wrong': {
    cause: 'Der Knoten meldet sich als {mailbox|ein Benutzer} mit einem falschen Kennwort an.',
    remedy: 'Seite SMTP Server: „MS Exchange Online OAuth“ wählen, das kein Kennwort eines Benutzers braucht.',
  },
  'exchange.tls-required': {
    cause:
      'Der Schalter TLS/SSL ist aus, darum sagt der Knoten nichts von STARTTLS; Exchange Online bietet ohne TLS kein AUTH an und nimmt keine Mail.',
    remedy: 'Seite SMTP Server: TLS/SSL einschalten und „MS Exchange Online OAuth“ wählen.',
  },
  'exchange.authentication-required': {
    cause:
      'Die Authentifizierung ist auf der Seite SMTP Server aus; smtp.office365.com nimmt Mail nur von bekannten Clients.',
    remedy: OAUTH,
  },
  'exchange.service-unavailable': {
    cause: 'smtp.office365.com beantwortet jede Verbindung mit 421: Der Dienst ist nicht verfügbar.',
    remedy: WAIT,
  },
  'exchange.too-many-connections': {
    cause: 'Der Server, zu dem smtp.office365.com führte, hat so viele Verbindungen, wie er annimmt.',
    remedy: NEXT_SERVER,
  },
  'exchange.tls-rate-exceeded': {
    cause: 'Der Server lehnt STARTTLS ab: Er hat so viele TLS-Handshakes übernommen, wie er kann.',
    remedy: NEXT_SERVER,
  },
  'exchange.too-few-resources': {
    cause: 'Der Server nimmt vorerst keine Mail mehr an: Ihm fehlt Speicher oder Plattenplatz.',
    remedy: NEXT_SERVER,
  },
  'exchange.rate-exceeded': {
    cause: '{mailbox|Das Postfach} hat binnen einer Minute 30 Mails begonnen, alle seine Clients zusammen.',
    remedy:
      'Die Mails in der Warteschlange folgen von selbst. Anderen Programmen ein eigenes Postfach geben; Gäste in kleineren Gruppen anlegen.',
  },
  'exchange.too-many-recipients': {
    cause: 'Exchange lehnt einen Empfänger ab: Die Mail hat so viele, wie die Organisation in einer Mail erlaubt.',
    remedy:
      'Set-TransportConfig -MaxRecipientEnvelopeLimit Unlimited; oder weniger Administratoren oder eine Verteilerliste anschreiben.',
  },
  'exchange.mailbox-disabled': {
    cause: 'An {mailbox|dem Postfach} kann man sich anmelden, für Mail ist es aber deaktiviert.',
    remedy: 'Enable-Mailbox -Identity {mailbox|<Postfach>}, oder ein anderes auf der Seite SMTP Server eintragen.',
  },
  'exchange.submission-disabled': {
    cause: 'Microsoft hat dem Konto von {mailbox|dem Postfach} das Einliefern von Mail verboten.',
    remedy:
      'In Microsoft Defender nachsehen, warum das Konto angehalten wurde, es absichern und das Einliefern wieder freigeben lassen.',
  },
  'exchange.no-full-access': {
    cause:
      'Die Anwendung darf sich anmelden, hat aber kein FullAccess auf {mailbox|das Postfach}: Die Anmeldung gelingt, die Mail wird nach DATA abgelehnt.',
    remedy:
      'Add-MailboxPermission -Identity {mailbox|<Postfach>} -User {expected|<Object ID des Dienstprinzipals>} -AccessRights FullAccess',
  },
  'exchange.permission-not-propagated': {
    cause:
      'Die Anwendung hat FullAccess auf {mailbox|das Postfach}, aber so frisch, dass einige Server es noch nicht wissen: Mails werden abwechselnd angenommen und abgelehnt.',
    remedy: 'Bis zu zwei Stunden warten und nichts ändern. Get-MailboxPermission zeigt das Recht schon.',
  },
  'exchange.send-as-denied': {
    cause: 'Die Mail ist von {actual|einer anderen Adresse}, und {mailbox|das Postfach} darf nicht als diese senden.',
    remedy:
      'Guest Email Settings oder Alarm Notification: das Postfach als Absender nehmen; oder Add-RecipientPermission … -AccessRights SendAs.',
  },
  'exchange.sender-restricted': {
    cause: '{mailbox|Das Postfach} wurde wegen ausgehendem Spam gesperrt.',
    remedy:
      'Microsoft Defender > Review > Restricted entities: herausfinden, was den Spam gesendet hat, dann das Postfach freigeben.',
  },
  'exchange.tenant-blocked': {
    cause: 'Microsoft lässt den Tenant nicht senden, wegen Spam oder zu viel unbekannter Mail ({answer|}).',
    remedy:
      'Herausfinden, was den Spam gesendet hat, und es abstellen; dann den Support von Microsoft um Freigabe bitten.',
  },
  'exchange.concurrency-exceeded': {
    cause: 'Andere Clients halten alle Verbindungen, die zugleich für {mailbox|das Postfach} einliefern dürfen.',
    remedy:
      'Die Mails in der Warteschlange folgen von selbst. Anderen Programmen ein eigenes Postfach geben; Exchange erlaubt je drei Verbindungen.',
  },
  'exchange.daily-quota-exceeded': {
    cause: '{mailbox|Das Postfach} hat so viele Empfänger angeschrieben, wie es in 24 Stunden darf.',
    remedy:
      'Bis morgen warten und erneut senden; Massenmail anderer Programme auf ein eigenes Postfach oder einen eigenen Dienst verlegen.',
  },
  'exchange.message-too-large': {
    cause: 'Die Mail ist größer, als {mailbox|das Postfach} senden darf.',
    remedy:
      'Set-Mailbox -Identity {mailbox|<Postfach>} -MaxSendSize 35MB; oder Text und Bilder der Portal Page Customization kürzen.',
  },
  'exchange.mailbox-full': {
    cause:
      '{mailbox|Das Postfach} ist über seinem Kontingent: Die Kopie der Mail passt nicht in die gesendeten Elemente.',
    remedy:
      'Gesendete Elemente leeren, eine Aufbewahrungsrichtlinie dafür setzen, oder ein größeres Kontingent zuweisen.',
  },
  'exchange.recipient-unknown': {
    cause:
      'Exchange nahm die Mail an, und niemand in der Organisation hat die Adresse {recipient|des Empfängers}. ISE kann das nicht sehen: Der Unzustellbarkeitsbericht geht an das Postfach.',
    remedy:
      'Im Posteingang des Postfachs nach „Undeliverable“ sehen; die Adresse des Gastes berichtigen und erneut senden.',
  },
  'exchange.recipient-mailbox-full': {
    cause:
      'Exchange nahm die Mail an, aber das Postfach {recipient|des Empfängers} ist über seinem Kontingent. ISE kann das nicht sehen: Der Unzustellbarkeitsbericht geht an das sendende Postfach.',
    remedy: 'Der Empfänger muss das Postfach leeren; dann erneut senden.',
  },
};

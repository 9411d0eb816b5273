/** What an administrator of the tenant can look up. Cmdlets are those of Exchange Online PowerShell. */
export const MICROSOFT_CHECKS = {
  'service-health': {
    ask: 'Microsoft 365 admin center > Health > Service health; GET /admin/serviceAnnouncement/healthOverviews',
    tells: {
      en: 'An open incident confirms it; without one, look at the way to the server.',
      de: 'Ein offener Vorfall bestätigt es; gibt es keinen, den Weg zum Server ansehen.',
      es: 'Un incidente abierto lo confirma; si no hay, mire el camino hasta el servidor.',
    },
  },
  'sign-in-logs': {
    ask: 'Entra > Monitoring > Sign-in logs > Service principal sign-ins, filtered by {clientId}',
    tells: {
      en: 'Many sign-ins a minute show who asks for tokens over and over.',
      de: 'Viele Anmeldungen in der Minute zeigen, wer immer wieder Token holt.',
      es: 'Muchos inicios de sesión por minuto muestran quién pide tokens sin parar.',
    },
  },
  'tenant-id': {
    ask: 'Entra > Overview: Tenant ID; https://login.microsoftonline.com/<domain>/v2.0/.well-known/openid-configuration',
    tells: {
      en: 'The Tenant ID on the SMTP Server page must be this one.',
      de: 'Die Tenant ID auf der Seite SMTP Server muss diese sein.',
      es: 'El Tenant ID de la página SMTP Server debe ser este.',
    },
  },
  'client-id': {
    ask: "Entra > App registrations > All applications: {clientId}; GET /applications?$filter=appId eq '{clientId}'",
    tells: {
      en: 'Not found: wrong client ID or wrong tenant. Found, and created minutes ago: not known everywhere yet.',
      de: 'Nicht gefunden: falsche Client ID oder falscher Tenant. Gefunden und erst Minuten alt: noch nicht überall bekannt.',
      es: 'No aparece: Client ID o tenant incorrecto. Aparece y se creó hace minutos: aún no se conoce en todas partes.',
    },
  },
  'enterprise-application': {
    ask: "Entra > Enterprise applications: {clientId} > Properties; GET /servicePrincipals?$filter=appId eq '{clientId}'",
    tells: {
      en: 'It must be there, with "Enabled for users to sign-in?" set to Yes.',
      de: 'Sie muss da sein, und „Enabled for users to sign-in?“ muss auf Yes stehen.',
      es: 'Debe estar ahí, con «Enabled for users to sign-in?» en Yes.',
    },
  },
  'exchange-application': {
    ask: 'Entra > Enterprise applications > Office 365 Exchange Online > Properties',
    tells: {
      en: '"Enabled for users to sign-in?" must be Yes; "Assignment required?" No, or the application needs a role there.',
      de: '„Enabled for users to sign-in?“ muss Yes sein; „Assignment required?“ No, oder die Anwendung braucht dort eine Rolle.',
      es: '«Enabled for users to sign-in?» debe ser Yes; «Assignment required?» No, o la aplicación necesita un rol ahí.',
    },
  },
  secrets: {
    ask: 'Entra > App registrations > {clientId} > Certificates & secrets: Expires, the first characters under Value, Secret ID',
    tells: {
      en: 'Compare the beginning of the Value with what was entered; equal to the Secret ID: the ID was pasted; created minutes ago: not known everywhere yet; past Expires: expired.',
      de: 'Den Anfang von Value mit der Eingabe vergleichen; gleich der Secret ID: die ID wurde eingefügt; erst Minuten alt: noch nicht überall bekannt; nach Expires: abgelaufen.',
      es: 'Compare el principio de Value con lo introducido; igual al Secret ID: se pegó el ID; creado hace minutos: aún no se conoce en todas partes; pasado Expires: caducado.',
    },
  },
  'conditional-access': {
    ask: 'Entra > Sign-in logs > Service principal sign-ins > Conditional Access; Get-MgIdentityConditionalAccessPolicy',
    tells: {
      en: 'The tab names the policy that failed.',
      de: 'Der Reiter nennt die Richtlinie, die verhindert hat.',
      es: 'La pestaña nombra la directiva que lo impidió.',
    },
  },
  'smtp-auth': {
    ask: 'Get-TransportConfig | fl SmtpClientAuthenticationDisabled; Get-CASMailbox {mailbox} | fl SmtpClientAuthenticationDisabled',
    tells: {
      en: 'The mailbox’s own value counts; empty, the organization’s does. True means off.',
      de: 'Der Wert des Postfachs zählt; ist er leer, der der Organisation. True heißt aus.',
      es: 'Cuenta el valor del buzón; si está vacío, el de la organización. True significa desactivado.',
    },
  },
  'mailbox-tenant': {
    ask: 'https://login.microsoftonline.com/<domain of {mailbox}>/v2.0/.well-known/openid-configuration',
    tells: {
      en: 'The tenant in "issuer" must be the Tenant ID on the SMTP Server page.',
      de: 'Der Tenant in „issuer“ muss die Tenant ID auf der Seite SMTP Server sein.',
      es: 'El tenant en «issuer» debe ser el Tenant ID de la página SMTP Server.',
    },
  },
  consent: {
    ask: 'Entra > Enterprise applications > {clientId} > Permissions; GET /servicePrincipals/<object ID>/appRoleAssignments',
    tells: {
      en: 'No SMTP.SendAsApp: consent is missing. There, but given after the node took its token: the cached token is too old.',
      de: 'Kein SMTP.SendAsApp: Die Zustimmung fehlt. Vorhanden, aber erst nach dem Token des Knotens erteilt: Das Token im Cache ist zu alt.',
      es: 'Sin SMTP.SendAsApp: falta el consentimiento. Está, pero se dio después del token del nodo: el token en caché es demasiado viejo.',
    },
  },
  'service-principal': {
    ask: 'Get-ServicePrincipal | fl AppId,ObjectId; Entra > Enterprise applications > {clientId}: Object ID',
    tells: {
      en: 'No entry with this AppId: not registered. Another ObjectId than the enterprise application’s: the wrong one was registered.',
      de: 'Kein Eintrag mit dieser AppId: nicht registriert. Eine andere ObjectId als die der Unternehmensanwendung: die falsche wurde registriert.',
      es: 'Ninguna entrada con este AppId: no registrada. Otro ObjectId que el de la aplicación empresarial: se registró el incorrecto.',
    },
  },
  mailbox: {
    ask: 'Get-Mailbox {mailbox}; Get-Mailbox -SoftDeletedMailbox; GET /users/{mailbox}/licenseDetails',
    tells: {
      en: 'Nothing: the address is wrong. Among the soft-deleted: the user was deleted. Without a licence: assign one. MaxSendSize is shown too.',
      de: 'Nichts: Die Adresse ist falsch. Unter den vorläufig gelöschten: Der Benutzer wurde gelöscht. Ohne Lizenz: eine zuweisen. MaxSendSize steht auch dort.',
      es: 'Nada: la dirección es incorrecta. Entre los eliminados temporalmente: se borró el usuario. Sin licencia: asigne una. También se ve MaxSendSize.',
    },
  },
  'mailbox-size': {
    ask: 'Get-MailboxStatistics {mailbox} | fl TotalItemSize,StorageLimitStatus',
    tells: {
      en: 'Over its quota, it takes no copy into Sent Items.',
      de: 'Über dem Kontingent nimmt es keine Kopie in die gesendeten Elemente auf.',
      es: 'Por encima de la cuota no admite copias en Elementos enviados.',
    },
  },
  'mailbox-permission': {
    ask: 'Get-MailboxPermission -Identity {mailbox} | fl User,AccessRights,Deny',
    tells: {
      en: 'The service principal with FullAccess is missing: give it. It is there: wait, up to two hours, for every server to know.',
      de: 'Der Dienstprinzipal mit FullAccess fehlt: das Recht geben. Er ist da: bis zu zwei Stunden warten, bis jeder Server es weiß.',
      es: 'Falta la entidad de servicio con FullAccess: concédalo. Está: espere hasta dos horas a que lo sepan todos los servidores.',
    },
  },
  'application-role': {
    ask: 'Test-ServicePrincipalAuthorization -Identity <object ID> -Resource {mailbox}',
    tells: {
      en: '"Application SMTP.SendAsApp" with InScope False: the mailbox is outside the scope.',
      de: '„Application SMTP.SendAsApp“ mit InScope False: Das Postfach liegt außerhalb des Bereichs.',
      es: '«Application SMTP.SendAsApp» con InScope False: el buzón está fuera del ámbito.',
    },
  },
  'transport-config': {
    ask: 'Get-TransportConfig | fl MaxRecipientEnvelopeLimit',
    tells: {
      en: 'The mail must not have more recipients than this.',
      de: 'Die Mail darf nicht mehr Empfänger haben.',
      es: 'El correo no puede tener más destinatarios.',
    },
  },
  'message-trace': {
    ask: 'Get-MessageTraceV2 -SenderAddress {mailbox}',
    tells: {
      en: 'Shows how much the mailbox sent, and when: other programs that use it count too.',
      de: 'Zeigt, wie viel das Postfach wann gesendet hat: Andere Programme, die es benutzen, zählen mit.',
      es: 'Muestra cuánto envió el buzón y cuándo: también cuentan otros programas que lo usan.',
    },
  },
  defender: {
    ask: 'Microsoft Defender > Review > Restricted entities; Get-BlockedSenderAddress',
    tells: {
      en: 'The mailbox, or the whole tenant, is listed with the reason.',
      de: 'Das Postfach oder der ganze Tenant steht dort mit dem Grund.',
      es: 'El buzón, o todo el tenant, aparece con el motivo.',
    },
  },
  bounce: {
    ask: 'inbox of {mailbox}: "Undeliverable"; Get-MessageTraceV2 -RecipientAddress <recipient>',
    tells: {
      en: 'The non-delivery report has the code: 5.1.10 unknown address, 5.2.2 mailbox full.',
      de: 'Der Unzustellbarkeitsbericht nennt den Code: 5.1.10 unbekannte Adresse, 5.2.2 Postfach voll.',
      es: 'El informe de no entrega trae el código: 5.1.10 dirección desconocida, 5.2.2 buzón lleno.',
    },
  },
} as const;

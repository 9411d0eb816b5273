import type { TranslatedCause } from './translated-cause.ts';

const WAIT = 'Espere: los correos quedan en la cola. Vigile Service health de Microsoft 365.';
const NEXT_SERVER = 'Espere: los correos quedan en la cola, y el siguiente intento puede dar con otro servidor.';
const OAUTH = 'Página SMTP Server: elija «MS Exchange Online OAuth».';

/** Spanish: Exchange Online. */
export const SPANISH_EXCHANGE_CAUSES: Readonly<Record<string, TranslatedCause>> = {
  'exchange.temporary-authentication-failure': {
    cause: 'Exchange Online responde a AUTH con un fallo temporal propio; la configuración no tiene la culpa.',
    remedy: WAIT,
  },
  'exchange.tenant-smtp-auth-disabled': {
    cause:
      'SMTP AUTH está desactivado para la organización, y este buzón no lo anula. Entra había emitido un buen token.',
    remedy:
      'Set-CASMailbox -SmtpClientAuthenticationDisabled $false para este buzón, o Set-TransportConfig para todos.',
  },
  'exchange.mailbox-smtp-auth-disabled': {
    cause: '«Authenticated SMTP» está desactivado para {mailbox|el buzón}. Entra había emitido un buen token.',
    remedy: 'Set-CASMailbox -Identity {mailbox|<buzón>} -SmtpClientAuthenticationDisabled $false',
  },
  'exchange.token-expired': {
    cause:
      'El token aún era bueno cuando el nodo lo tomó, y había caducado cuando Exchange lo miró: el camino tardó demasiado para su duración.',
    remedy:
      'Haga revisar los retrasos en el camino a smtp.office365.com; revise las directivas de duración de tokens (Get-MgPolicyTokenLifetimePolicy).',
  },
  'exchange.role-missing': {
    cause:
      'El token es bueno pero no tiene el rol SMTP.SendAsApp: no se añadió el permiso, o ningún administrador dio su consentimiento.',
    remedy:
      'App registrations > API permissions: añada SMTP.SendAsApp y después «Grant admin consent». Los tokens en caché conservan sus roles hasta una hora.',
  },
  'exchange.token-from-before-consent': {
    cause:
      'El consentimiento está, pero el nodo tomó su token de la caché: es de antes del consentimiento y no tiene el rol SMTP.SendAsApp.',
    remedy: 'Espere a que el token caduque (hasta una hora), o reinicie el servidor de aplicaciones de este nodo.',
  },
  'exchange.tenant-mismatch': {
    cause: 'El token es de otro tenant que el buzón {mailbox|}.',
    remedy: 'Registre la aplicación en el tenant del buzón e introduzca sus ID en la página SMTP Server.',
  },
  'exchange.service-principal-missing': {
    cause:
      'La entidad de servicio {expected.short|} de la aplicación no está registrada en Exchange. Entra había emitido un buen token.',
    remedy:
      'New-ServicePrincipal -AppId {clientId|<Client ID>} -ObjectId {expected|<Object ID de la aplicación empresarial>}',
  },
  'exchange.service-principal-wrong-object-id': {
    cause:
      'Exchange conoce la aplicación con otro Object ID que el de su aplicación empresarial[: {actual.short|} en lugar de {expected.short|}]. Entra había emitido un buen token.',
    remedy:
      'Remove-ServicePrincipal, después New-ServicePrincipal -AppId … -ObjectId {expected|<Object ID de la aplicación empresarial>}',
  },
  'exchange.mailbox-unknown': {
    cause: 'Exchange no conoce el buzón {mailbox|del remitente}. Entra había emitido un buen token.',
    remedy: 'Página SMTP Server: introduzca la dirección de un buzón con licencia, o créelo en Exchange.',
  },
  'exchange.mailbox-unlicensed': {
    cause: 'Se retiró la licencia de {mailbox|el buzón}, así que nadie puede iniciar sesión en él.',
    remedy:
      'Microsoft 365 admin center: asigne a {mailbox|el usuario} una licencia con Exchange Online; o conviértalo en buzón compartido de menos de 50 GB (Set-Mailbox -Type Shared).',
  },
  'exchange.mailbox-soft-deleted': {
    cause: 'El usuario de {mailbox|el buzón} se eliminó; el buzón espera su eliminación definitiva.',
    remedy:
      'Microsoft 365 admin center > Deleted users: restaure el usuario antes de 30 días (o Undo-SoftDeletedMailbox).',
  },
  'exchange.mailbox-out-of-scope': {
    cause:
      'La aplicación tiene su rol por RBAC for Applications, y {mailbox|el buzón} no está en el ámbito de la asignación.',
    remedy:
      'Set-ManagementScope -RecipientRestrictionFilter de modo que incluya el buzón, o New-ManagementRoleAssignment con otro -CustomResourceScope.',
  },
  'exchange.basic-authentication': {
    cause: 'El nodo inicia sesión con usuario y contraseña; la organización no los acepta.',
    remedy: OAUTH,
  },
  'exchange.basic-authentication-retired': {
    cause: 'El nodo inicia sesión con usuario y contraseña; Exchange Online ya no los acepta de nadie.',
    remedy: OAUTH,
  },
  'exchange.security-defaults': {
    cause:
      'El nodo inicia sesión con usuario y contraseña; los valores predeterminados de seguridad del tenant piden más que una contraseña.',
    remedy: OAUTH,
  },
  'exchange.password-wrong': {
    cause: 'El nodo inicia sesión como {mailbox|un usuario} con una contraseña que no es la correcta.',
    remedy: 'Página SMTP Server: elija «MS Exchange Online OAuth», que no necesita la contraseña de ningún usuario.',
  },
  'exchange.tls-required': {
    cause:
      'El interruptor TLS/SSL está apagado, así que el nodo no pide STARTTLS; Exchange Online no ofrece AUTH ni acepta correo sin TLS.',
    remedy: 'Página SMTP Server: active el cifrado TLS/SSL y elija «MS Exchange Online OAuth».',
  },
  'exchange.authentication-required': {
    cause:
      'La autenticación está desactivada en la página SMTP Server; smtp.office365.com solo acepta correo de clientes conocidos.',
    remedy: OAUTH,
  },
  'exchange.service-unavailable': {
    cause: 'smtp.office365.com responde a cada conexión con 421: el servicio no está disponible.',
    remedy: WAIT,
  },
  'exchange.too-many-connections': {
    cause: 'El servidor al que llevó smtp.office365.com tiene todas las conexiones que acepta.',
    remedy: NEXT_SERVER,
  },
  'exchange.tls-rate-exceeded': {
    cause: 'El servidor rechaza STARTTLS: ha aceptado todos los establecimientos de TLS que puede.',
    remedy: NEXT_SERVER,
  },
  'exchange.too-few-resources': {
    cause: 'El servidor no acepta más correo por ahora: le falta memoria o disco.',
    remedy: NEXT_SERVER,
  },
  'exchange.rate-exceeded': {
    cause: '{mailbox|El buzón} ha empezado 30 correos en un minuto, entre todos sus clientes.',
    remedy:
      'Los correos en cola salen solos. Dé a otros programas su propio buzón; cree invitados en grupos más pequeños.',
  },
  'exchange.too-many-recipients': {
    cause: 'Exchange rechaza un destinatario: el correo tiene todos los que la organización permite en uno.',
    remedy:
      'Set-TransportConfig -MaxRecipientEnvelopeLimit Unlimited; o escriba a menos administradores, o a una lista de distribución.',
  },
  'exchange.mailbox-disabled': {
    cause: 'En {mailbox|el buzón} se puede iniciar sesión, pero está desactivado para correo.',
    remedy: 'Enable-Mailbox -Identity {mailbox|<buzón>}, o introduzca otro en la página SMTP Server.',
  },
  'exchange.submission-disabled': {
    cause: 'Microsoft ha desactivado el envío para la cuenta de {mailbox|el buzón}.',
    remedy:
      'Averigüe en Microsoft Defender por qué se detuvo la cuenta, protéjala y haga que se vuelva a permitir el envío.',
  },
  'exchange.no-full-access': {
    cause:
      'La aplicación puede iniciar sesión pero no tiene FullAccess sobre {mailbox|el buzón}: la autenticación funciona, el correo se rechaza después de DATA.',
    remedy:
      'Add-MailboxPermission -Identity {mailbox|<buzón>} -User {expected|<Object ID de la entidad de servicio>} -AccessRights FullAccess',
  },
  'exchange.permission-not-propagated': {
    cause:
      'La aplicación tiene FullAccess sobre {mailbox|el buzón}, pero desde hace tan poco que algunos servidores no lo saben: los correos se aceptan y se rechazan por turnos.',
    remedy: 'Espere hasta dos horas; no cambie nada mientras tanto. Get-MailboxPermission ya muestra el permiso.',
  },
  'exchange.send-as-denied': {
    cause: 'El correo es de {actual|otra dirección}, y {mailbox|el buzón} no puede enviar como ella.',
    remedy:
      'Guest Email Settings o Alarm Notification: use el buzón como remitente; o Add-RecipientPermission … -AccessRights SendAs.',
  },
  'exchange.sender-restricted': {
    cause: '{mailbox|El buzón} se bloqueó por correo no deseado saliente.',
    remedy:
      'Microsoft Defender > Review > Restricted entities: averigüe qué envió el correo no deseado y desbloquee el buzón.',
  },
  'exchange.tenant-blocked': {
    cause: 'Microsoft impide al tenant enviar, por correo no deseado o demasiado correo desconocido ({answer|}).',
    remedy:
      'Averigüe qué envió el correo no deseado y párelo; después pida al soporte de Microsoft que levante el bloqueo.',
  },
  'exchange.concurrency-exceeded': {
    cause: 'Otros clientes ocupan todas las conexiones que pueden enviar a la vez para {mailbox|el buzón}.',
    remedy:
      'Los correos en cola salen solos. Dé a otros programas su propio buzón; Exchange permite tres conexiones a cada uno.',
  },
  'exchange.daily-quota-exceeded': {
    cause: '{mailbox|El buzón} ha escrito a todos los destinatarios que puede en 24 horas.',
    remedy: 'Espere a mañana y envíe de nuevo; pase el correo masivo de otros programas a un buzón o servicio propio.',
  },
  'exchange.message-too-large': {
    cause: 'El correo es mayor de lo que {mailbox|el buzón} puede enviar.',
    remedy:
      'Set-Mailbox -Identity {mailbox|<buzón>} -MaxSendSize 35MB; o acorte el texto y las imágenes de la Portal Page Customization.',
  },
  'exchange.mailbox-full': {
    cause: '{mailbox|El buzón} supera su cuota: la copia del correo no cabe en Elementos enviados.',
    remedy: 'Vacíe Elementos enviados, póngale una directiva de retención, o asigne una cuota mayor.',
  },
  'exchange.recipient-unknown': {
    cause:
      'Exchange aceptó el correo, y nadie en la organización tiene la dirección {recipient|del destinatario}. ISE no puede verlo: el informe de no entrega va al buzón.',
    remedy: 'Busque «Undeliverable» en la bandeja de entrada del buzón; corrija la dirección del invitado y reenvíe.',
  },
  'exchange.recipient-mailbox-full': {
    cause:
      'Exchange aceptó el correo, pero el buzón {recipient|del destinatario} supera su cuota. ISE no puede verlo: el informe de no entrega va al buzón que envía.',
    remedy: 'El destinatario debe vaciar el buzón; después reenvíe.',
  },
};

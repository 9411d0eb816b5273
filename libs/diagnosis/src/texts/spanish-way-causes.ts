import type { TranslatedCause } from './translated-cause.ts';

const PROXY_PAGE = 'Administration > System > Settings > Proxy';
const TRUSTED = 'Administration > System > Certificates > Trusted Certificates';
const SYSTEM_TIME = 'Administration > System > Settings > System Time: corrija los servidores NTP de este nodo.';
const WAIT = 'Espere: los correos quedan en la cola. Vigile Service health de Microsoft 365.';
const SECRETS = 'App registrations > Certificates & secrets';
const ENTERPRISE = 'Entra > Enterprise applications';

/** Spanish: network, TLS and Entra. */
export const SPANISH_WAY_CAUSES: Readonly<Record<string, TranslatedCause>> = {
  'network.egress-dropped': {
    cause:
      'En {host|el servidor} no responde nada: el cortafuegos descarta lo que no viene del proxy, e ISE no usa ninguno.',
    remedy: `${PROXY_PAGE}: introduzca el proxy que puede salir de la red.`,
  },
  'network.smtp-port-blocked': {
    cause:
      'En {host|el servidor SMTP} no responde nada: el cortafuegos descarta este puerto, mientras que HTTPS al punto de conexión de tokens pasa.',
    remedy: 'Haga que el cortafuegos permita el puerto TCP 587 de cada nodo de ISE a smtp.office365.com.',
  },
  'network.proxy-unreachable': {
    cause: 'El proxy {proxy|} que ISE debe usar no responde o no existe.',
    remedy: `${PROXY_PAGE}: corrija el host y el puerto.`,
  },
  'network.proxy-connection-refused': {
    cause: 'El host del proxy {proxy|} está ahí, pero rechaza conexiones en este puerto.',
    remedy: `${PROXY_PAGE}: corrija el puerto, o haga que se inicie el servicio del proxy.`,
  },
  'network.proxy-authentication-required': {
    cause: 'El proxy responde 407: sin credenciales válidas no abre un túnel a {host|el servidor}.',
    remedy: `${PROXY_PAGE}: introduzca el usuario y la contraseña del proxy.`,
  },
  'network.proxy-port-forbidden': {
    cause: 'El proxy responde 403: sus reglas prohíben un túnel a {host|el servidor}.',
    remedy: 'Haga que el proxy permita CONNECT al puerto 587 además del 443, o deje salir SMTP sin el proxy.',
  },
  'network.dns-failure': {
    cause: 'El nodo no puede resolver {host|un nombre}[; probablemente se quiso escribir {expected|}].',
    remedy: 'Revise el nombre en la página SMTP Server y los servidores de nombres de este nodo (ip name-server).',
  },
  'network.connection-refused': {
    cause: '{host|El servidor} está ahí, pero nadie escucha en este puerto.',
    remedy: 'Página SMTP Server: para Exchange Online, smtp.office365.com y el puerto 587.',
  },
  'network.connection-reset': {
    cause:
      'La conexión con {host|el servidor} se estableció y después se cortó (en {during|algún paso}), por ninguno de sus dos extremos.',
    remedy: 'Busque un cortafuegos o un sistema de prevención de intrusiones que corte conexiones, y exima esta.',
  },
  'network.server-silent': {
    cause:
      '{host|El servidor} aceptó la conexión y después no dijo nada (en {during|algún paso}) hasta que el nodo se rindió.',
    remedy: 'Busque un cortafuegos o un balanceador que acepte conexiones en nombre del servidor y no las pase.',
  },
  'network.stalled-in-data': {
    cause:
      'El diálogo con {host|el servidor} fue bien hasta el propio mensaje ({during|data}); después no pasó nada más. Los paquetes pequeños pasan, los grandes no.',
    remedy:
      'Revise la MTU del camino (el ICMP «fragmentation needed» debe llegar al nodo) y los cortafuegos que retienen contenidos.',
  },
  'network.slow-link': {
    cause: 'En el camino a {host|el servidor} todo tarda tanto que el nodo se rindió (en {during|algún paso}).',
    remedy: 'Haga revisar el enlace; hasta entonces, en la página SMTP Server un Connection Timeout más largo.',
  },
  'tls.token-endpoint-ca-missing': {
    cause: 'Ningún certificado de la cadena de {host|el punto de conexión de tokens} está en Trusted Certificates.',
    remedy: `${TRUSTED}: importe la raíz de la cadena del punto de conexión de tokens y marque Infrastructure.`,
  },
  'tls.smtp-ca-missing': {
    cause: 'Ningún certificado de la cadena de {host|el servidor SMTP} está en Trusted Certificates.',
    remedy: `${TRUSTED}: importe la raíz de la cadena del servidor SMTP y marque Infrastructure.`,
  },
  'tls.intermediate-missing': {
    cause:
      '{host|El servidor} envía solo su propio certificado, sin {expected|la CA que lo emitió}; así no hay camino a una raíz de confianza.',
    remedy: `${TRUSTED}: importe {expected|la CA emisora} y marque Infrastructure; el dueño del servidor debería enviar toda la cadena.`,
  },
  'tls.ca-without-infrastructure-usage': {
    cause:
      '{certificate|La CA} está en Trusted Certificates, pero no es de confianza para la comunicación cliente-servidor; por eso no se confía en {host|el servidor}.',
    remedy: `${TRUSTED}: edítela y marque «Trust for authentication within ISE and Client-Server communication».`,
  },
  'tls.ca-disabled': {
    cause:
      '{certificate|La CA} está en Trusted Certificates, pero desactivada; por eso no se confía en {host|el servidor}.',
    remedy: `${TRUSTED}: ponga su estado en Enabled.`,
  },
  'tls.certificate-expired': {
    cause: '{certificate|Un certificado} de la cadena de {host|el servidor} ha caducado según la hora del nodo.',
    remedy: 'El dueño del servidor debe renovar el certificado. El reloj del nodo va bien.',
    remedyIfSkewed: SYSTEM_TIME,
  },
  'tls.certificate-not-yet-valid': {
    cause: '{certificate|Un certificado} de la cadena de {host|el servidor} aún no es válido según la hora del nodo.',
    remedy: 'El dueño del servidor puso en uso el certificado demasiado pronto. El reloj del nodo va bien.',
    remedyIfSkewed: SYSTEM_TIME,
  },
  'tls.wrong-name': {
    cause: 'El certificado {certificate|} no es válido para el nombre {host|del servidor}.',
    remedy:
      'Página SMTP Server: introduzca el nombre para el que el servidor tiene un certificado; y revise adónde lleva el nombre (DNS).',
  },
  'tls.intercepted': {
    cause:
      'Un cortafuegos en el camino abre la sesión TLS con {host|el servidor} y presenta un certificado de su propia CA[ ({actual|})], en la que ISE no confía.',
    remedy: `Exima login.microsoftonline.com y smtp.office365.com de la inspección TLS; o ${TRUSTED}: importe la CA del cortafuegos y marque Infrastructure.`,
  },
  'tls.starttls-not-offered': {
    cause:
      '{host|El servidor SMTP} no anuncia STARTTLS, como si no tuviera TLS: Exchange Online siempre lo hace, así que algo en el camino lo oculta, o es otro servidor.',
    remedy:
      'Desactive la inspección SMTP (ESMTP fixup) del cortafuegos para esta conexión; revise el host y el puerto en la página SMTP Server.',
  },
  'tls.no-common-version': {
    cause: '{host|El servidor} no habla ninguna versión de TLS que ISE permita (TLS 1.2 y posteriores).',
    remedy: 'Haga activar TLS 1.2 en el servidor, o introduzca en la página SMTP Server uno que lo tenga.',
  },
  'tls.chain-changed': {
    cause:
      '{host|El servidor} presenta ahora una cadena bajo {actual|otra raíz} en lugar de {expected|la anterior}; la nueva raíz no está en Trusted Certificates.',
    remedy: `${TRUSTED}: importe {actual|la nueva raíz} y marque Infrastructure.`,
  },
  'entra.service-down': {
    cause: 'La entrada de Microsoft Entra responde con una página de error: no tiene servidor para la petición.',
    remedy: WAIT,
  },
  'entra.service-degraded': {
    cause: 'Microsoft Entra responde con un error transitorio propio; la configuración no tiene la culpa.',
    remedy: WAIT,
  },
  'entra.throttled': {
    cause: 'Microsoft Entra no acepta por ahora más peticiones de tokens de este tenant (429 Too Many Requests).',
    remedy:
      'Espere un minuto; después averigüe qué aplicación del tenant pide tokens sin parar, y haga que los conserve.',
  },
  'entra.request-loop': {
    cause: 'La aplicación {clientId|} pidió el mismo token tantas veces que Microsoft Entra lo toma por un bucle.',
    remedy:
      'Averigüe quién más usa este Client ID, dé a cada programa su propio registro de aplicación y espere unos minutos.',
  },
  'entra.not-json': {
    cause:
      'Lo que volvió de {host|el punto de conexión de tokens} no es una respuesta de Microsoft Entra: un portal cautivo o un filtro en el camino responde con una página para navegadores.',
    remedy: 'Exima login.microsoftonline.com de filtros web y portales cautivos para cada nodo de ISE.',
  },
  'entra.tenant-unknown': {
    cause: 'Entra no conoce ningún tenant {tenant|}.',
    remedy:
      'Página SMTP Server: introduzca el Directory (tenant) ID del registro de aplicación, Test Connection, Save.',
  },
  'entra.tenant-malformed': {
    cause: 'Lo que se introdujo como Tenant ID no es ni un GUID ni un nombre de dominio.',
    remedy:
      'Página SMTP Server: introduzca el Directory (tenant) ID del registro de aplicación, Test Connection, Save.',
  },
  'entra.application-unknown': {
    cause: 'El tenant no tiene ninguna aplicación con el Client ID {clientId|}.',
    remedy:
      'Página SMTP Server: introduzca el Application (client) ID del registro de aplicación, Test Connection, Save.',
  },
  'entra.application-too-new': {
    cause: 'La aplicación {clientId|} se registró hace un momento y no ha llegado a todos los servidores de Entra.',
    remedy: 'Espere unos minutos y vuelva a pulsar Test Connection.',
  },
  'entra.client-id-invalid': {
    cause: 'Lo que se introdujo como Client ID no es un ID de aplicación válido.',
    remedy:
      'Página SMTP Server: introduzca el Application (client) ID del registro de aplicación, Test Connection, Save.',
  },
  'entra.application-disabled': {
    cause: 'La aplicación {clientId|} está desactivada en el tenant.',
    remedy: `${ENTERPRISE} > Properties: ponga «Enabled for users to sign-in?» en Yes.`,
  },
  'entra.service-principal-missing': {
    cause:
      'El registro de aplicación {clientId|} está, su aplicación empresarial (entidad de servicio) no: se eliminó o nunca se creó.',
    remedy: `${ENTERPRISE}: restáurela de las eliminadas, o New-MgServicePrincipal -AppId …; una nueva tiene otro Object ID, así que repita Grant admin consent, New-ServicePrincipal y Add-MailboxPermission.`,
  },
  'entra.secret-missing': {
    cause: 'La petición de token no llevaba secreto de cliente, o solo espacios.',
    remedy: 'Página SMTP Server: introduzca el Value del secreto de cliente, Test Connection, Save.',
  },
  'entra.secret-wrong': {
    cause: 'Ninguno de los secretos de la aplicación {clientId|} tiene el valor que ISE envía.',
    remedy: `${SECRETS}: cree un secreto, introduzca su Value, Test Connection, Save.`,
  },
  'entra.secret-is-the-id': {
    cause: 'ISE envía el Secret ID; Entra quiere el Value, que se muestra una sola vez, al crearlo.',
    remedy:
      'Página SMTP Server: introduzca el Value del secreto (cree uno nuevo si no se guardó), Test Connection, Save.',
  },
  'entra.secret-expired': {
    cause: 'El secreto de la aplicación {clientId|} ha pasado su fecha de fin en Entra.',
    remedy: `${SECRETS}: cree un secreto nuevo, introduzca su Value y su fecha de caducidad, Test Connection, Save.`,
  },
  'entra.secret-too-new': {
    cause: 'El secreto se creó hace un momento y no ha llegado a todos los servidores de Entra.',
    remedy: 'Espere un minuto y vuelva a pulsar Test Connection.',
  },
  'entra.resource-disabled': {
    cause: 'La aplicación empresarial «Office 365 Exchange Online», para la que es el token, está desactivada.',
    remedy: `${ENTERPRISE} > Office 365 Exchange Online > Properties: ponga «Enabled for users to sign-in?» en Yes; revise que la suscripción siga en vigor.`,
  },
  'entra.assignment-required': {
    cause:
      '«Assignment required?» está activado en Office 365 Exchange Online, y la aplicación {clientId|} no tiene ningún rol ahí.',
    remedy:
      'App registrations > API permissions: añada SMTP.SendAsApp y «Grant admin consent»; o desactive «Assignment required?».',
  },
  'entra.conditional-access': {
    cause:
      'Una directiva de Conditional Access para identidades de carga de trabajo bloquea la aplicación {clientId|}, por su ubicación o su riesgo.',
    remedy:
      'Entra > Conditional Access: excluya la aplicación, o añada la dirección pública de los nodos de ISE a las named locations.',
  },
};

import type { TranslatedCause } from './translated-cause.ts';

const SYSTEM_TIME = 'Administration > System > Settings > System Time: corrija los servidores NTP de este nodo.';

/** Spanish: ISE itself. */
export const SPANISH_ISE_CAUSES: Readonly<Record<string, TranslatedCause>> = {
  'ise.smtp-server-not-configured': {
    cause: 'El nodo no tiene configuración SMTP: no se guardó ninguna, o una restauración la dejó fuera.',
    remedy: 'Administration > System > Settings > SMTP Server: rellene, Test Connection, Save.',
  },
  'ise.smtp-settings-never-tested': {
    cause: 'Se pulsó Save con valores que no han pasado Test Connection: sigue valiendo lo que se guardó antes.',
    remedy:
      'Administration > System > Settings > SMTP Server: pulse Test Connection con estos mismos valores y después Save.',
  },
  'ise.typed-expiry-date-wrong': {
    cause:
      'Entra dice que el secreto ha caducado, mientras que a ISE se le dijo que dura hasta {expected|un día posterior}: las alarmas siguen la fecha escrita, así que nadie recibió aviso.',
    remedy:
      'Cree un secreto nuevo; en la página SMTP Server introduzca su valor y la fecha de fin exacta que muestra Entra, pruebe y guarde.',
  },
  'ise.expired-secret-alarm-undeliverable': {
    cause:
      'La alarma de que el secreto ha caducado va por correo a través del mismo canal cuyo secreto ha caducado: figura como no entregable, y nadie la recibe.',
    remedy:
      'Mire el dashlet Alarms, renueve el secreto en la página SMTP Server; la próxima vez actúe con la alarma anterior al fin.',
  },
  'ise.alarm-sender-unset': {
    cause:
      'El correo de alarmas es de {actual|ise@ y el nombre del nodo} mientras no haya remitente, y {mailbox|el buzón} no puede enviar como él.',
    remedy:
      'Administration > System > Settings > Alarm Settings > Alarm Notification: introduzca {mailbox|el buzón} como remitente.',
  },
  'ise.admin-without-alarm-tick': {
    cause:
      'La alarma figura en la lista, pero no se envía a nadie: ningún administrador quiere alarmas, y ella no tiene dirección propia.',
    remedy:
      'Administration > System > Admin Access > Administrators: marque «Include system alarms in emails»; o introduzca direcciones en la alarma.',
  },
  'ise.guest-notifications-off': {
    cause:
      'La cuenta está, y no se envía correo a ningún invitado: «Enable email notifications to guests» está desactivado.',
    remedy:
      'Work Centers > Guest Access > Settings > Guest Email Settings: active las notificaciones por correo, Save.',
  },
  'ise.guest-without-address': {
    cause: 'La cuenta no tiene dirección de correo: no hay a quién enviar las credenciales.',
    remedy: 'Cree la cuenta con una dirección, o imprima las credenciales para el invitado.',
  },
  'ise.primary-pan-down': {
    cause:
      'Las cuentas de invitado solo se escriben en el PAN primario, y {host|este} no es accesible: no se crea, cambia ni envía ninguna cuenta. Resend funciona, porque no cambia nada.',
    remedy:
      'Recupere {host|el PAN primario}, o en el PAN secundario: Administration > System > Deployment > Promote to Primary.',
  },
  'ise.active-mnt-lost': {
    cause:
      'Las alarmas las envía el MnT activo, y {host|este} no es accesible: el de reserva toma el relevo y envía desde allí, si es accesible.',
    remedy:
      'Recupere {host|el MnT que estaba activo}, y permita a ambos MnT el camino al punto de conexión de tokens y al servidor SMTP.',
  },
  'ise.node-out-of-sync': {
    cause:
      '{host|El nodo} no está sincronizado: envía con la configuración SMTP que tenía antes, que Entra rechaza. Otros nodos envían.',
    remedy: 'Administration > System > Deployment: elija {host|el nodo} y pulse Sync.',
  },
  'ise.restored-without-settings': {
    cause:
      'La configuración se restauró de una copia de seguridad, y la configuración SMTP nunca está en una: desde entonces no hay ninguna, ni la de antes.',
    remedy:
      'Administration > System > Settings > SMTP Server: rellene todo de nuevo, también el secreto, Test Connection, Save.',
  },
  'ise.node-clock-ahead': {
    cause:
      'El reloj del nodo va adelantado: según su hora los certificados de {host|el servidor} han caducado. No es así; otros nodos envían.',
    remedy: SYSTEM_TIME,
  },
  'ise.node-deregistered': {
    cause: '{host|El nodo} ya no forma parte del despliegue: sus portales aún responden, pero no envía correo.',
    remedy:
      'Haga que los nombres de portal y los balanceadores apunten a nodos del despliegue, o vuelva a registrar el nodo en el PAN primario.',
  },
};

/** What can be looked up or tried at ISE and on the way to the servers. */
export const NODE_CHECKS = {
  'smtp-server-page': {
    ask: 'Administration > System > Settings > SMTP Server',
    tells: {
      en: 'The page must have a server, TLS/SSL switched on, and "MS Exchange Online OAuth" chosen.',
      de: 'Auf der Seite müssen ein Server stehen, TLS/SSL eingeschaltet und „MS Exchange Online OAuth“ gewählt sein.',
      es: 'La página debe tener un servidor, TLS/SSL activado y elegido «MS Exchange Online OAuth».',
    },
  },
  'backup-history': {
    ask: 'Administration > System > Backup & Restore: Restore History',
    tells: {
      en: 'A restore after the settings were last saved took them away: they are never in a backup.',
      de: 'Eine Wiederherstellung nach dem letzten Speichern hat sie genommen: Sie sind nie in einem Backup.',
      es: 'Una restauración posterior al último guardado se los llevó: nunca están en una copia de seguridad.',
    },
  },
  'alarm-recipients': {
    ask: 'Administration > System > Admin Access > Administrators; Alarm Settings > Alarm Configuration',
    tells: {
      en: 'Somebody must have "Include system alarms in emails" ticked, or the alarm addresses of its own.',
      de: 'Jemand muss „Include system alarms in emails“ angekreuzt haben, oder der Alarm eigene Adressen.',
      es: 'Alguien debe tener marcado «Include system alarms in emails», o la alarma direcciones propias.',
    },
  },
  'guest-email-settings': {
    ask: 'Work Centers > Guest Access > Settings > Guest Email Settings',
    tells: {
      en: '"Enable email notifications to guests" must be on.',
      de: '„Enable email notifications to guests“ muss eingeschaltet sein.',
      es: '«Enable email notifications to guests» debe estar activado.',
    },
  },
  'guest-account': {
    ask: 'Sponsor Portal > Manage Accounts: the account of the guest',
    tells: {
      en: 'The account must have an e-mail address.',
      de: 'Das Konto muss eine E-Mail-Adresse haben.',
      es: 'La cuenta debe tener una dirección de correo.',
    },
  },
  'deployment-page': {
    ask: 'Administration > System > Deployment: roles and status of the nodes',
    tells: {
      en: 'Every node must be there and "Connected"; one PAN must be primary, one MnT active.',
      de: 'Jeder Knoten muss da und „Connected“ sein; ein PAN muss primär, ein MnT aktiv sein.',
      es: 'Cada nodo debe estar ahí y «Connected»; un PAN debe ser primario, un MnT activo.',
    },
  },
  'dial-without-proxy': {
    ask: 'ISE CLI: telnet login.microsoftonline.com port 443; telnet {smtp} port 587',
    tells: {
      en: 'Neither opens: nothing leaves without the proxy. Only 587 stays closed: the firewall blocks that port.',
      de: 'Beides öffnet sich nicht: Ohne Proxy kommt nichts hinaus. Nur 587 bleibt zu: Die Firewall sperrt diesen Port.',
      es: 'Ninguno se abre: nada sale sin el proxy. Solo 587 queda cerrado: el cortafuegos bloquea ese puerto.',
    },
  },
  'dial-both-ports': {
    ask: 'ISE CLI: telnet {smtp} port 587; telnet login.microsoftonline.com port 443',
    tells: {
      en: '443 opens and 587 does not: port 587 is blocked or nothing listens there. Test Connection asks for a fresh token and shows both.',
      de: '443 öffnet sich, 587 nicht: Port 587 ist gesperrt oder niemand hört dort. Test Connection holt ein frisches Token und zeigt beides.',
      es: '443 se abre y 587 no: el puerto 587 está bloqueado o nadie escucha ahí. Test Connection pide un token nuevo y muestra ambos.',
    },
  },
  'dial-the-proxy': {
    ask: 'Administration > System > Settings > Proxy; ISE CLI: nslookup <proxy>, telnet <proxy> port <port>',
    tells: {
      en: 'The name must resolve and the port must open from this node.',
      de: 'Der Name muss sich auflösen und der Port von diesem Knoten aus öffnen lassen.',
      es: 'El nombre debe resolverse y el puerto debe abrirse desde este nodo.',
    },
  },
  'proxy-log': {
    ask: 'access log of the proxy: CONNECT from the address of this node',
    tells: {
      en: '407: credentials are missing or wrong. 403: a rule forbids the port. 502: the proxy itself does not get there.',
      de: '407: Zugangsdaten fehlen oder sind falsch. 403: Eine Regel verbietet den Port. 502: Der Proxy selbst kommt nicht hin.',
      es: '407: faltan las credenciales o son incorrectas. 403: una regla prohíbe el puerto. 502: el propio proxy no llega.',
    },
  },
  'resolve-name': {
    ask: 'ISE CLI: nslookup {host}',
    tells: {
      en: 'The name must resolve on this node, with the name servers of "show running-config".',
      de: 'Der Name muss sich auf diesem Knoten auflösen lassen, mit den Nameservern aus „show running-config“.',
      es: 'El nombre debe resolverse en este nodo, con los servidores de nombres de «show running-config».',
    },
  },
  'capture-reset': {
    ask: 'Operations > Troubleshoot > TCP Dump: tcp port 587 or tcp port 443; the same on the other side of the firewall',
    tells: {
      en: 'A RST that only one of the two captures shows as arriving, and none as sent by the server, comes from between.',
      de: 'Ein RST, das nur eine der beiden Aufzeichnungen ankommen sieht und das der Server nicht gesendet hat, kommt von dazwischen.',
      es: 'Un RST que solo una de las dos capturas ve llegar y que el servidor no envió viene de en medio.',
    },
  },
  'capture-silence': {
    ask: 'Operations > Troubleshoot > TCP Dump: host {host}',
    tells: {
      en: 'No byte after the connection: it leads nowhere. Bytes that come slowly: the link. Large segments sent over and over: MTU.',
      de: 'Kein Byte nach dem Verbindungsaufbau: Sie führt ins Leere. Bytes, die langsam kommen: die Leitung. Große Segmente immer wieder gesendet: MTU.',
      es: 'Ningún byte tras la conexión: no lleva a ninguna parte. Bytes que llegan despacio: el enlace. Segmentos grandes repetidos: MTU.',
    },
  },
  'show-chain': {
    ask: '{openssl -showcerts}',
    tells: {
      en: 'Compare issuers with Trusted Certificates: one certificate alone lacks the CA between; a private CA at the top is a firewall; a public root that is not in the list is missing there.',
      de: 'Die Aussteller mit Trusted Certificates vergleichen: Einem einzelnen Zertifikat fehlt die CA dazwischen; eine private CA oben ist eine Firewall; eine öffentliche Root, die nicht in der Liste steht, fehlt dort.',
      es: 'Compare los emisores con Trusted Certificates: a un certificado solo le falta la CA intermedia; una CA privada arriba es un cortafuegos; una raíz pública que no está en la lista falta ahí.',
    },
  },
  'trusted-certificates': {
    ask: 'Administration > System > Certificates > Trusted Certificates',
    tells: {
      en: 'The CA must have Status "Enabled" and "Infrastructure" under Trusted For.',
      de: 'Die CA muss den Status „Enabled“ und unter Trusted For „Infrastructure“ haben.',
      es: 'La CA debe tener el estado «Enabled» e «Infrastructure» en Trusted For.',
    },
  },
  'show-dates': {
    ask: 'ISE CLI: show clock, show ntp; {openssl </dev/null | openssl x509 -noout -dates}',
    tells: {
      en: 'If the date is right and outside the certificate’s, the server is at fault; if the date is wrong, the node’s time is.',
      de: 'Stimmt das Datum und liegt es außerhalb der Gültigkeit, liegt es am Server; stimmt es nicht, an der Zeit des Knotens.',
      es: 'Si la fecha es correcta y está fuera de la validez, es el servidor; si no lo es, es la hora del nodo.',
    },
  },
  'show-names': {
    ask: '{openssl </dev/null | openssl x509 -noout -ext subjectAltName}; ISE CLI: nslookup {host}',
    tells: {
      en: 'The name on the SMTP Server page must be among the names of the certificate, and lead to Microsoft’s addresses.',
      de: 'Der Name auf der Seite SMTP Server muss unter den Namen des Zertifikats sein und zu Adressen von Microsoft führen.',
      es: 'El nombre de la página SMTP Server debe estar entre los del certificado y llevar a direcciones de Microsoft.',
    },
  },
  'ehlo-from-elsewhere': {
    ask: 'openssl s_client -connect {smtp}:587 -starttls smtp, from a network without that firewall',
    tells: {
      en: 'If STARTTLS is offered there, something on the way of the node hides it.',
      de: 'Wird STARTTLS dort angeboten, verbirgt es etwas auf dem Weg des Knotens.',
      es: 'Si allí se ofrece STARTTLS, algo en el camino del nodo lo oculta.',
    },
  },
  'token-with-curl': {
    ask: "curl -i https://login.microsoftonline.com/<tenant ID>/oauth2/v2.0/token -d grant_type=client_credentials -d client_id={clientId} -d scope=https://outlook.office.com/.default --data-urlencode 'client_secret=…'",
    tells: {
      en: 'From the network of the node: JSON with an AADSTS number or a token comes from Entra, a page for browsers does not.',
      de: 'Aus dem Netz des Knotens: JSON mit einer AADSTS-Nummer oder einem Token kommt von Entra, eine Seite für Browser nicht.',
      es: 'Desde la red del nodo: el JSON con un número AADSTS o un token viene de Entra, una página para navegadores no.',
    },
  },
  'token-times': {
    ask: 'guest.log: "token cached until …", compared with the time of the reply to AUTH',
    tells: {
      en: 'A reply later than the end of the token: it was too old when Exchange saw it.',
      de: 'Kommt die Antwort nach dem Ende des Tokens, war es zu alt, als Exchange es sah.',
      es: 'Si la respuesta llega después del fin del token, era demasiado viejo cuando Exchange lo vio.',
    },
  },
  sender: {
    ask: 'Guest Access > Settings > Guest Email Settings; Alarm Settings > Alarm Notification; Get-RecipientPermission -Identity <From> -Trustee <object ID>',
    tells: {
      en: 'From must be {mailbox}, or the service principal must have SendAs on that address.',
      de: 'From muss {mailbox} sein, oder der Dienstprinzipal muss SendAs auf diese Adresse haben.',
      es: 'From debe ser {mailbox}, o la entidad de servicio debe tener SendAs sobre esa dirección.',
    },
  },
} as const;

import type { GuestTexts } from './guest-texts.ts';

/** Spanish, in our own words. */
export const SPANISH: GuestTexts = {
  credentials: {
    subject: 'Credenciales de su cuenta de invitado',
    body: `Hola, {{greeting}}:

Estos son los datos de su cuenta de invitado:
Nombre de usuario: {{username}}
Contraseña: {{password}}
Nombre: {{firstName}}
Apellidos: {{lastName}}
Teléfono móvil: {{mobileNumber}}
Válida desde: {{validFrom}}
Válida hasta: {{validTo}}
Duración: {{duration}}
Persona visitada: {{personBeingVisited}}
Motivo de la visita: {{reasonForVisit}}

Si no se utiliza, esta cuenta caducará el: {{expiresOn}}
`,
  },
  approved: {
    subject: 'Su cuenta de invitado ha sido aprobada',
    body: `Hola, {{greeting}}:

Su solicitud de acceso como invitado ha sido aprobada.
Nombre de usuario: {{username}}
Contraseña: {{password}}
Válida desde: {{validFrom}}
Válida hasta: {{validTo}}
`,
  },
  denied: {
    subject: 'Su solicitud de acceso como invitado ha sido rechazada',
    body: `Hola, {{greeting}}:

Su solicitud de acceso como invitado ha sido rechazada.
{{reason}}
`,
  },
  extended: {
    subject: 'Su cuenta de invitado ha sido prorrogada',
    body: `Hola, {{greeting}}:

Su cuenta de invitado {{username}} es válida ahora hasta {{validTo}}.
`,
  },
  suspended: {
    subject: 'Su cuenta de invitado ha sido suspendida',
    body: `Hola, {{greeting}}:

Su cuenta de invitado {{username}} ha sido suspendida.
{{reason}}
`,
  },
  reinstated: {
    subject: 'Su cuenta de invitado ha sido restablecida',
    body: `Hola, {{greeting}}:

Su cuenta de invitado {{username}} puede utilizarse de nuevo, hasta {{validTo}}.
`,
  },
  expiry: {
    subject: 'Su cuenta de invitado está a punto de caducar',
    body: `Hola, {{greeting}}:

Su cuenta de invitado {{username}} caduca el {{expiresOn}}.
`,
  },
  'approval-request': {
    subject: 'Solicitud de acceso como invitado',
    body: `Un invitado solicita acceso:
Nombre: {{firstName}}
Apellidos: {{lastName}}
Correo electrónico: {{emailAddress}}
Teléfono móvil: {{mobileNumber}}
Empresa: {{company}}
Persona visitada: {{personBeingVisited}}
Motivo de la visita: {{reasonForVisit}}
Válida desde: {{validFrom}}
Válida hasta: {{validTo}}

Aprobar: {{approveLink}}
Rechazar: {{denyLink}}

Los enlaces sirven una sola vez, hasta {{linksValidTo}}.
`,
  },
};

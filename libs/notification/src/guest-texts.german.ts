import type { GuestTexts } from './guest-texts.ts';

/** German, in our own words. */
export const GERMAN: GuestTexts = {
  credentials: {
    subject: 'Ihre Zugangsdaten als Gast',
    body: `Guten Tag {{greeting}},

hier sind die Angaben zu Ihrem Gastkonto:
Benutzername: {{username}}
Passwort: {{password}}
Vorname: {{firstName}}
Nachname: {{lastName}}
Mobilnummer: {{mobileNumber}}
Gültig von: {{validFrom}}
Gültig bis: {{validTo}}
Dauer: {{duration}}
Besuchte Person: {{personBeingVisited}}
Grund des Besuchs: {{reasonForVisit}}

Unbenutzt läuft dieses Konto ab am: {{expiresOn}}
`,
  },
  approved: {
    subject: 'Ihr Gastkonto wurde genehmigt',
    body: `Guten Tag {{greeting}},

Ihr Antrag auf Gastzugang wurde genehmigt.
Benutzername: {{username}}
Passwort: {{password}}
Gültig von: {{validFrom}}
Gültig bis: {{validTo}}
`,
  },
  denied: {
    subject: 'Ihr Antrag auf Gastzugang wurde abgelehnt',
    body: `Guten Tag {{greeting}},

Ihr Antrag auf Gastzugang wurde abgelehnt.
{{reason}}
`,
  },
  extended: {
    subject: 'Ihr Gastkonto wurde verlängert',
    body: `Guten Tag {{greeting}},

Ihr Gastkonto {{username}} gilt jetzt bis {{validTo}}.
`,
  },
  suspended: {
    subject: 'Ihr Gastkonto wurde gesperrt',
    body: `Guten Tag {{greeting}},

Ihr Gastkonto {{username}} wurde gesperrt.
{{reason}}
`,
  },
  reinstated: {
    subject: 'Ihr Gastkonto wurde wieder freigegeben',
    body: `Guten Tag {{greeting}},

Ihr Gastkonto {{username}} kann wieder benutzt werden, bis {{validTo}}.
`,
  },
  expiry: {
    subject: 'Ihr Gastkonto läuft bald ab',
    body: `Guten Tag {{greeting}},

Ihr Gastkonto {{username}} läuft am {{expiresOn}} ab.
`,
  },
  'approval-request': {
    subject: 'Antrag auf Gastzugang',
    body: `Ein Gast bittet um Zugang:
Vorname: {{firstName}}
Nachname: {{lastName}}
E-Mail-Adresse: {{emailAddress}}
Mobilnummer: {{mobileNumber}}
Firma: {{company}}
Besuchte Person: {{personBeingVisited}}
Grund des Besuchs: {{reasonForVisit}}
Gültig von: {{validFrom}}
Gültig bis: {{validTo}}

Genehmigen: {{approveLink}}
Ablehnen: {{denyLink}}

Die Links gelten einmal, bis {{linksValidTo}}.
`,
  },
};

import type { GuestTexts } from './guest-texts.ts';

/** Credentials: fields, order and spacing of the sample of fact sheet ise 1.5. The rest is in our own words. */
export const ENGLISH: GuestTexts = {
  credentials: {
    subject: 'Your Guest Account Credentials',
    body: `Hello {{greeting}},

Your guest account details:
Username: {{username}}
Password: {{password}}
First Name: {{firstName}}
Last Name: {{lastName}}
Mobile Number:{{mobileNumber}}
Valid From: {{validFrom}}
Valid To: {{validTo}}
Duration: {{duration}}
Person being visited:{{personBeingVisited}}
Reason for visit:{{reasonForVisit}}

If unused, this account will expire on: {{expiresOn}}
`,
  },
  approved: {
    subject: 'Your guest account has been approved',
    body: `Hello {{greeting}},

Your request for guest access has been approved.
Username: {{username}}
Password: {{password}}
Valid From: {{validFrom}}
Valid To: {{validTo}}
`,
  },
  denied: {
    subject: 'Your request for guest access was denied',
    body: `Hello {{greeting}},

Your request for guest access was denied.
{{reason}}
`,
  },
  extended: {
    subject: 'Your guest account has been extended',
    body: `Hello {{greeting}},

Your guest account {{username}} is now valid until {{validTo}}.
`,
  },
  suspended: {
    subject: 'Your guest account has been suspended',
    body: `Hello {{greeting}},

Your guest account {{username}} has been suspended.
{{reason}}
`,
  },
  reinstated: {
    subject: 'Your guest account has been reinstated',
    body: `Hello {{greeting}},

Your guest account {{username}} can be used again, until {{validTo}}.
`,
  },
  expiry: {
    subject: 'Your guest account is about to expire',
    body: `Hello {{greeting}},

Your guest account {{username}} expires on {{expiresOn}}.
`,
  },
  'approval-request': {
    subject: 'Approval request for guest access',
    body: `A guest asks for access:
First Name: {{firstName}}
Last Name: {{lastName}}
Email Address: {{emailAddress}}
Mobile Number: {{mobileNumber}}
Company: {{company}}
Person being visited: {{personBeingVisited}}
Reason for visit: {{reasonForVisit}}
Valid From: {{validFrom}}
Valid To: {{validTo}}

Approve: {{approveLink}}
Deny: {{denyLink}}

The links can be used once, until {{linksValidTo}}.
`,
  },
};

import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { rootCause } from '#libs/diagnosis';
import type { Scenario } from '#libs/scenario';

/** What tells editors how to check a scenario. */
const SCHEMA_LINE = '# `isebed schema` prints the JSON Schema of this file, for editors.';

const SKELETON = `${SCHEMA_LINE}
# Check it with \`isebed validate\`, run it with \`isebed run\`. docs/scenarios.md has every key.
name: '{{name}}'
description: >-
  What is wrong, and how it shows.
tags: [own]
given:
  clock: 2026-02-02T05:00:00Z
  seed: 7
  debugLog: DEBUG
  guests:
    - { username: '1001', firstName: Test, lastName: User, emailAddress: testuser@guests.example }
steps:
  - click: psn1 / Sponsor Portal / Resend
    with: { guest: '1001' }
    mail: { outcome: delivered, from: psn1, to: guest }
  - break: the admin consent was revoked
    entra.revokeConsent: {}
  - click: pan1 / SMTP Server / Test Connection
    gui: Invalid email address
  - explain: exchange.role-missing
  - mend: grant admin consent
    entra.grantConsent: {}
  - wait: 1h
  - click: pan1 / SMTP Server / Test Connection
    gui: Successfully connected to smtp.office365.com.
`;

/** A scenario to begin with: one cause broken, shown, explained and mended. */
export function skeleton(name: string): string {
  return SKELETON.replace('{{name}}', () => name.replaceAll("'", "''"));
}

export interface Learnt {
  /** The cause that was diagnosed. */
  code: string;
  /** What it was learnt from, in words and without names: `lines of guest.log: 12`. */
  from: string;
  /** How sure the diagnosis is: `certain`, `likely`, … */
  certainty: string;
  /** The built-in scenario that reproduces the cause. */
  scenario: Scenario;
}

/**
 * A scenario of one's own that reproduces a diagnosed cause. Hosts, users and tenants are those of the testbed: nothing
 * of what was read is in it but the cause.
 */
export function learntScenario({ code, from, certainty, scenario }: Learnt): string {
  const document = parseDocument(readFileSync(scenario.file, 'utf8'));
  const title = rootCause(code)?.title ?? code;
  document.commentBefore = [
    SCHEMA_LINE.slice(1),
    ` Learnt from ${from}. Diagnosed: ${code} (${certainty}).`,
    ' Names of hosts, users and tenants are those of the testbed; nothing else of what was read is in here.',
    ' Adapt the steps to what you saw: which node, which mail, which page. docs/scenarios.md has every key.',
  ].join('\n');
  document.set('name', `Learnt: ${title}`);
  document.set('description', `Reproduces ${code} as it was diagnosed, and mends it.`);
  document.set('tags', document.createNode(['learnt'], { flow: true }));
  return document
    .toString({ lineWidth: 0 })
    .replace('tags: [ learnt ]', 'tags: [learnt]')
    .replace(/^# yaml-language-server:.*\n/m, '');
}

import { z } from 'zod';
import { ACTION_SCHEMAS, isActionName } from './action.schema.ts';
import type { Action, ActionName } from './action.ts';
import { stepExpectationShape } from './expectation.schema.ts';
import {
  acknowledge,
  adminUser,
  alarmConfiguration,
  alarmSettings,
  backup,
  certificateName,
  debugLog,
  editedInternalUser,
  guestEmailSettings,
  guestType,
  internalUser,
  oneNode,
  panFailover,
  passwordPolicyClick,
  proxy,
  registerNode,
  smtpServer,
  testMail,
  trustedCertificate,
} from './field.schema.ts';
import {
  approvalLink,
  chosenGuests,
  createGuest,
  createRandom,
  editGuest,
  extendGuest,
  guestPassword,
  guestSignIn,
  importGuests,
  nothing,
  reasonOf,
  resendGuest,
  selfRegistration,
  selfRegistrationSettings,
  sponsorGroup,
} from './guest-field.schema.ts';
import { dateTime, duration, nodeName, text, wholeNumber } from './scalar.schema.ts';

/** The key that says what a step is; each step has exactly one. */
export const HEADLINES = ['do', 'break', 'mend', 'click', 'raise', 'wait', 'waitUntil', 'explain'] as const;
export type Headline = (typeof HEADLINES)[number];

/** What a click may be called besides: it shows in the story which way the click leads. */
export const CLICK_NOTES = ['do', 'break', 'mend'] as const satisfies readonly Headline[];

/** Times that one step raises its alarm. */
const RAISED_MAX = 1_000;

const note = text.optional().describe('What this click means for the story.');

const actions = z.strictObject(ACTION_SCHEMAS).partial().shape;

function actionsOf(step: { [Name in ActionName]?: Action }): Action[] {
  return Object.keys(step)
    .filter(isActionName)
    .flatMap((name) => step[name] ?? []);
}

const atLeastOneAction = {
  error: 'an action besides, such as exchange.removeServicePrincipal',
  abort: true,
};

/** `required`: the page cannot be used without typing something. */
function click<Page extends string, Button extends string, Fields>(
  page: Page,
  button: Button,
  fields: z.ZodType<Fields>,
  { required = false } = {},
) {
  const error = `<node> / ${page} / ${button}`;
  const form = fields.describe(`What is typed into ${page} before the click.`);
  const schema = z
    .strictObject({
      click: z
        .string({ error })
        .regex(new RegExp(`^[^/]+/ *${page} */ *${button} *$`), { error })
        .meta({ description: 'Node, page and button.', examples: [`pan1 / ${page} / ${button}`] }),
      with: required ? form : form.optional(),
      do: note,
      break: note,
      mend: note,
      gui: text.optional().describe('What the page shows, to the letter.'),
      ...stepExpectationShape,
    })
    .transform(({ with: typed, gui, log, mail, alarm, ...notes }) => ({
      kind: 'click' as const,
      click: { page, button, fields: typed ?? fields.parse({}) },
      note: CLICK_NOTES.flatMap((kind) => (notes[kind] === undefined ? [] : [{ kind, text: notes[kind] }])).at(0),
      gui,
      log,
      mail,
      alarm,
    }));
  return { page, button, schema };
}

/** Every page with its buttons, and the fields that may be typed before each. */
export const CLICKS = [
  click('SMTP Server', 'Test Connection', smtpServer),
  click('SMTP Server', 'Save', smtpServer),
  click('Proxy', 'Save', proxy, { required: true }),
  click('Trusted Certificates', 'Import', trustedCertificate, { required: true }),
  click('Trusted Certificates', 'Edit', trustedCertificate, { required: true }),
  click('Trusted Certificates', 'Delete', certificateName, { required: true }),
  click('Guest Email Settings', 'Save', guestEmailSettings),
  click('Alarm Settings', 'Save', alarmSettings),
  click('Alarm Configuration', 'Edit', alarmConfiguration, { required: true }),
  click('Alarms', 'Acknowledge', acknowledge, { required: true }),
  click('Administrators', 'Add', adminUser, { required: true }),
  click('Administrators', 'Edit', adminUser, { required: true }),
  click('Password Policy', 'Save', passwordPolicyClick, { required: true }),
  click('Portal Page Customization', 'Send test email', testMail, { required: true }),
  click('Sponsor Portal', 'Create', createGuest),
  click('Sponsor Portal', 'Create Random', createRandom, { required: true }),
  click('Sponsor Portal', 'Import', importGuests, { required: true }),
  click('Sponsor Portal', 'Resend', resendGuest, { required: true }),
  click('Sponsor Portal', 'Edit', editGuest, { required: true }),
  click('Sponsor Portal', 'Extend', extendGuest, { required: true }),
  click('Sponsor Portal', 'Suspend', reasonOf, { required: true }),
  click('Sponsor Portal', 'Reinstate', chosenGuests, { required: true }),
  click('Sponsor Portal', 'Delete', chosenGuests, { required: true }),
  click('Sponsor Portal', 'Reset Password', chosenGuests, { required: true }),
  click('Sponsor Portal', 'Approve', chosenGuests, { required: true }),
  click('Sponsor Portal', 'Deny', reasonOf, { required: true }),
  click('Self-Registration Portal', 'Register', selfRegistration, { required: true }),
  click('Approval Mail', 'Approve', approvalLink, { required: true }),
  click('Approval Mail', 'Deny', approvalLink, { required: true }),
  click('Guest Portal', 'Sign In', guestSignIn, { required: true }),
  click('Guest Portal', 'Change Password', guestPassword, { required: true }),
  click('Sponsor Groups', 'Save', sponsorGroup, { required: true }),
  click('Self-Registration Settings', 'Save', selfRegistrationSettings),
  click('Guest Account Purge Policy', 'Purge Now', nothing),
  click('Debug Log Configuration', 'Save', debugLog, { required: true }),
  click('Deployment', 'Sync', oneNode, { required: true }),
  click('Deployment', 'Register', registerNode, { required: true }),
  click('Deployment', 'Deregister', oneNode, { required: true }),
  click('Deployment', 'Promote to Primary', nothing),
  click('PAN Failover', 'Save', panFailover),
  click('Backup & Restore', 'Backup', backup, { required: true }),
  click('Backup & Restore', 'Restore', backup, { required: true }),
  click('Network Access Users', 'Add', internalUser, { required: true }),
  click('Network Access Users', 'Edit', editedInternalUser, { required: true }),
  click('Guest Types', 'Save', guestType, { required: true }),
] as const;

/** The schemas of the steps, but for `click`, whose schema depends on page and button. */
export const STEP_SCHEMAS = {
  do: z
    .strictObject({ do: text, ...actions, ...stepExpectationShape })
    .refine((step) => actionsOf(step).length > 0, atLeastOneAction)
    .transform(({ log, mail, alarm, ...step }) => ({ kind: 'do' as const, actions: actionsOf(step), log, mail, alarm }))
    .describe('A change that is neither damage nor repair.'),
  break: z
    .strictObject({ break: text, ...actions, ...stepExpectationShape })
    .refine((step) => actionsOf(step).length > 0, atLeastOneAction)
    .transform(({ log, mail, alarm, ...step }) => ({
      kind: 'break' as const,
      actions: actionsOf(step),
      log,
      mail,
      alarm,
    }))
    .describe('A change that breaks something.'),
  mend: z
    .strictObject({ mend: text, ...actions, ...stepExpectationShape })
    .refine((step) => actionsOf(step).length > 0, atLeastOneAction)
    .transform(({ log, mail, alarm, ...step }) => ({
      kind: 'mend' as const,
      actions: actionsOf(step),
      log,
      mail,
      alarm,
    }))
    .describe('A change that repairs something.'),
  raise: z
    .strictObject({
      raise: text.describe('Name of the alarm, in full.'),
      on: nodeName,
      times: wholeNumber(1, RAISED_MAX).default(1).describe('How often.'),
      every: duration.prefault('10s').describe('The time between two of them.'),
      ...stepExpectationShape,
    })
    .transform(({ raise: alarmName, every, ...step }) => ({
      kind: 'raise' as const,
      alarmName,
      everyMs: every,
      ...step,
    }))
    .describe('An alarm comes up on a node.'),
  wait: z
    .strictObject({ wait: duration, ...stepExpectationShape })
    .transform(({ wait, ...step }) => ({ kind: 'wait' as const, durationMs: wait, ...step }))
    .describe('Simulated time goes by.'),
  waitUntil: z
    .strictObject({ waitUntil: dateTime, ...stepExpectationShape })
    .transform(({ waitUntil, ...step }) => ({ kind: 'wait' as const, until: waitUntil, ...step }))
    .describe('Simulated time goes by.'),
  explain: z
    .strictObject({ explain: text.describe('Code of the diagnosis that the latest failure must have.') })
    .transform(({ explain: code }) => ({ kind: 'explain' as const, code }))
    .describe('The latest failure must be diagnosed so.'),
};

/** Any step: for editors. Files are checked against the schema of the step's own kind, which gives clearer mistakes. */
export const anyStepSchema = z.union([
  ...Object.values(STEP_SCHEMAS),
  ...CLICKS.map(({ schema }): z.ZodType => schema),
]);

import { z } from 'zod';
import { ALARM_DELIVERIES, ALARM_SEVERITIES, MAIL_OUTCOMES, MAIL_TYPES, REFUSERS } from './expectation.ts';
import { logLevel, nodeName, text, wholeNumber } from './scalar.schema.ts';

function oneOrMany<Item extends z.ZodType>(item: Item) {
  return z.union([item, z.array(item).min(1)]).transform((found) => (Array.isArray(found) ? found : [found]));
}

const LOG_ANY = 'at least one of logger, level, thread, text';

const log = z
  .strictObject({
    node: nodeName.optional().describe('Whose guest.log. In a click step: the clicked node, if you name none.'),
    logger: text.optional().describe('Part of the logger, such as SmtpSession.'),
    level: logLevel.optional(),
    thread: text.optional().describe('Part of the thread, such as admin-http-pool.'),
    text: text.optional().describe('Part of the message.'),
  })
  .refine(
    ({ logger, level, thread, text: part }) => [logger, level, thread, part].some((value) => value !== undefined),
    {
      error: LOG_ANY,
    },
  )
  .describe('A line of guest.log.');

const recipient = text.meta({ examples: ['guest', 'sponsor', 'admins'] });

const mailMatch = {
  type: z.enum(MAIL_TYPES).optional().describe('Which of the mails of ISE.'),
  from: nodeName.optional().describe('Name of the node that sent it.'),
  to: recipient.optional().describe('An address, or one of the words guest, sponsor, admins.'),
  cc: recipient.optional().describe('An address, or one of the words guest, sponsor, admins.'),
  subject: text.optional().describe('The whole subject.'),
  by: z
    .enum(REFUSERS)
    .optional()
    .describe('Who stopped it: the SMTP server, the token endpoint, a connection or TLS that failed, or the node.'),
  text: text.optional().describe('Part of the body.'),
};

const mail = z
  .strictObject({
    outcome: z
      .enum(MAIL_OUTCOMES)
      .describe(
        'retrying: still in the queue of the node. unknown: the server may have it, the node will not send it again. ' +
          'withdrawn: another node has taken it over. none: nothing was sent.',
      ),
    ...mailMatch,
  })
  .describe('A mail that came of this step.');

const alarm = z
  .strictObject({
    name: text.describe('Name of the alarm, in full.'),
    on: nodeName.optional().describe('The node that it is about.'),
    severity: z.enum(ALARM_SEVERITIES).optional(),
    count: wholeNumber(0, 1_000_000).optional().describe('Exactly so often in this step; at least once if absent.'),
    mailed: z.enum(ALARM_DELIVERIES).optional().describe("What became of the alarm's mail."),
  })
  .describe('An alarm that came of this step.');

const count = wholeNumber(0, 1_000_000).describe('Exactly so many in the whole run.');

/** `log` and the others of every step but `explain`; a single one counts as a list of one. */
export const stepExpectationShape = {
  log: oneOrMany(log).meta({ id: 'log' }).optional(),
  mail: oneOrMany(mail).meta({ id: 'mail' }).optional(),
  alarm: oneOrMany(alarm).meta({ id: 'alarm' }).optional(),
};

export const endExpectationsSchema = z
  .strictObject({
    mails: z
      .array(z.strictObject({ ...mailMatch, outcome: z.enum(MAIL_OUTCOMES).exclude(['none']).optional(), count }))
      .optional(),
    alarms: z.array(z.strictObject({ name: text, on: nodeName.optional(), count })).optional(),
    log: oneOrMany(log).optional(),
  })
  .describe('What must hold at the end of the run.');

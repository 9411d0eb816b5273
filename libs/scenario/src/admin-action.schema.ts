import { z } from 'zod';
import type { AdminAction, AdminValue } from './admin-action.ts';
import { defineAction as action } from './define-action.ts';
import { noteName, text, wholeNumber } from './scalar.schema.ts';

const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] as const;

const PATH = 'a path that begins with the version, such as /v1.0/applications';
const path = z
  .string({ error: PATH })
  .regex(/^\/(v1\.0|beta)\/\S/, { error: PATH })
  .meta({
    description: 'Path at graph.microsoft.com, perhaps with a query.',
    examples: ['/v1.0/applications', "/v1.0/servicePrincipals?$filter=appId eq '{{noted.clientId}}'"],
  });

const CMDLET = 'the name of a cmdlet, such as New-ServicePrincipal';
const cmdlet = z.string({ error: CMDLET }).regex(/^[A-Za-z]+-[A-Za-z]+$/, { error: CMDLET });

const ANSWER_PATH = 'a path into the answer, such as appId or value[0].appRoles[value=SMTP.SendAsApp].id';
const SECRET = 'a path to what is no secret; "noteSecret" notes a secret';
const answerPath = z
  .string({ error: ANSWER_PATH })
  .regex(/^[^.[\]\s]+(\[[^[\]]+\])*(\.[^.[\]\s]+(\[[^[\]]+\])*)*$/, { error: ANSWER_PATH })
  .refine((names) => !/secretText|password$|token/i.test(names), { error: SECRET });

const note = z
  .record(noteName, answerPath, { error: 'a mapping of names to paths into the answer' })
  .optional()
  .describe('Names for the placeholders {{noted.<name>}}, each with what of the answer is noted down.');

const refused = z
  .strictObject({
    status: wholeNumber(400, 599).optional(),
    code: text.optional().describe('Part of the error code, or of the type of the exception.'),
    text: text.optional().describe('Part of the message.'),
  })
  .optional()
  .describe('The service must refuse this; without it, it must not.');

const value: z.ZodType<AdminValue> = z.json();

/** The action keys by which an administrator works on the tenant over the wire. */
export const ADMIN_ACTION_SCHEMAS = {
  'graph.request': action(
    'graph.request',
    z.strictObject({
      method: z.enum(METHODS),
      path,
      body: z.record(z.string(), value).optional().describe('Sent as JSON.'),
      note,
      noteSecret: noteName
        .optional()
        .describe('Name for {{secrets.<name>.value}} and {{secrets.<name>.id}}: secretText and keyId of the answer.'),
      refused,
    }),
    "A request to Microsoft Graph, from the computer of the tenant's administrator.",
  ),
  'exchange.invoke': action(
    'exchange.invoke',
    z.strictObject({
      cmdlet,
      parameters: z.record(z.string(), value).default({}).describe('As the cmdlet names them, without hyphen.'),
      note,
      refused,
    }),
    "A cmdlet over the REST transport of Exchange Online, from the computer of the tenant's administrator.",
  ),
} satisfies { [Name in AdminAction['name']]: z.ZodType<Extract<AdminAction, { name: Name }>> };

/** Whether an action is done by an administrator over the wire. */
export function isAdminAction(action: { readonly name: string }): action is AdminAction {
  return Object.hasOwn(ADMIN_ACTION_SCHEMAS, action.name);
}

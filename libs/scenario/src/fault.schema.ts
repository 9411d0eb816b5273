import { z } from 'zod';
import { FAULT_NUMBER_MAX, FAULT_PEERS, FAULT_STAGES, type FaultTrigger } from '#libs/fault';
import { MAIL_TYPES } from './expectation.ts';
import { PERSONAS } from './given.ts';
import { dateTime, duration, nodeName, wholeNumber } from './scalar.schema.ts';

const FAULT_NAME = 'a name of letters, digits and hyphens, such as slow-link';
export const faultName = z.string({ error: FAULT_NAME }).regex(/^[A-Za-z][A-Za-z0-9-]*$/, { error: FAULT_NAME });

const milliseconds = wholeNumber(0, FAULT_NUMBER_MAX, 'milliseconds');
const bytes = wholeNumber(0, FAULT_NUMBER_MAX, 'bytes');
const KBPS = `a number above 0 and up to ${FAULT_NUMBER_MAX} (kilobits a second)`;
const PROBABILITY = 'a number from 0 to 1';

const when = z
  .strictObject({
    node: nodeName.optional(),
    persona: z.enum(PERSONAS).optional(),
    mail: z.enum(MAIL_TYPES).optional().describe('Only on connections for this kind of mail.'),
    peer: z.enum(FAULT_PEERS).optional().describe('Only on connections to this kind of host.'),
    stage: z.enum(FAULT_STAGES).optional().describe('Only during this step of a connection.'),
    first: wholeNumber(1, FAULT_NUMBER_MAX).optional().describe('Only the first so many times.'),
    nth: wholeNumber(1, FAULT_NUMBER_MAX).optional().describe('Only this time, counted from 1.'),
    from: dateTime.optional(),
    until: dateTime.optional().describe('Then the fault is gone by itself.'),
    for: duration.optional().describe('So long after it was added the fault is gone by itself.'),
    probability: z
      .number({ error: PROBABILITY })
      .min(0, { error: PROBABILITY })
      .max(1, { error: PROBABILITY })
      .optional(),
  })
  .describe('When it fires; on every connection of every node if you say nothing.');

type When = z.output<typeof when>;

function triggerOf({ node, mail, for: _for, ...rest }: When): FaultTrigger {
  const trigger = { ...rest, mailType: mail, nodes: node === undefined ? undefined : [node] };
  return Object.fromEntries(Object.entries(trigger).filter(([, value]) => value !== undefined));
}

const common = { name: faultName.describe('To remove it by.'), when: when.optional() };

function kind<Shape extends z.ZodRawShape>(shape: Shape, description: string) {
  return z.strictObject({ ...shape, ...common }).describe(description);
}

/** Toxiproxy's toxics, and `stall`. */
const fault = z.discriminatedUnion('type', [
  kind(
    { type: z.literal('latency'), ms: milliseconds, jitterMs: milliseconds.optional() },
    'Everything takes so much longer, each way.',
  ),
  kind(
    {
      type: z.literal('bandwidth'),
      kbps: z.number({ error: KBPS }).gt(0, { error: KBPS }).max(FAULT_NUMBER_MAX, { error: KBPS }),
    },
    'A slow link: kilobits a second.',
  ),
  kind(
    { type: z.literal('timeout'), afterMs: milliseconds },
    'Nothing gets through; closed after so long, at 0 never.',
  ),
  kind(
    { type: z.literal('reset'), afterBytes: bytes.optional() },
    'The connection is reset, at once or after so many bytes.',
  ),
  kind(
    { type: z.literal('slicer'), bytes: wholeNumber(1, FAULT_NUMBER_MAX, 'bytes'), delayMs: milliseconds },
    'Bytes arrive in slices.',
  ),
  kind({ type: z.literal('limit'), bytes }, 'The connection is closed after so many bytes.'),
  kind({ type: z.literal('down') }, 'Connections are refused; open ones are closed.'),
  kind({ type: z.literal('stall') }, 'Nothing gets through as long as it holds.'),
]);

/** `fault.add`. */
export const faultAdd = fault.transform(({ name, when: condition, ...wire }) => ({
  fault: name,
  wire,
  trigger: condition ? triggerOf(condition) : {},
  ...(condition?.for === undefined ? {} : { forMs: condition.for }),
}));

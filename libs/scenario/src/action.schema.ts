import { z } from 'zod';
import { ADMIN_ACTION_SCHEMAS } from './admin-action.schema.ts';
import { MAIL_TYPES } from './expectation.ts';
import { MICROSOFT_PEERS, SERVER_CHAINS, type Action, type ActionName } from './action.ts';
import { defineAction as action } from './define-action.ts';
import { faultAdd, faultName } from './fault.schema.ts';
import { dateTime, loginName, nodeName, port, signedDuration, text } from './scalar.schema.ts';
import { TENANT_ACTION_SCHEMAS } from './tenant-action.schema.ts';

const node = z.strictObject({ node: nodeName });
const nodeAt = z.strictObject({
  node: nodeName,
  at: dateTime
    .optional()
    .describe('When; now if you say nothing. In the middle of something that later steps wait for.'),
});
const hostName = text.meta({ description: 'Host name.', examples: ['smtp.office365.com'] });
const someNode = nodeName.optional().describe('Name of a node; all nodes if you name none.');
const microsoftPeer = z.enum(MICROSOFT_PEERS);
const service = z.strictObject({ peer: z.enum([...MICROSOFT_PEERS, 'proxy']) });

/** The action keys of `do`, `break` and `mend`. */
export const ACTION_SCHEMAS = {
  ...TENANT_ACTION_SCHEMAS,
  ...ADMIN_ACTION_SCHEMAS,
  'network.egress': z
    .enum(['open', 'proxy-only'])
    .transform((network): Extract<Action, { name: 'network.egress' }> => ({ name: 'network.egress', network }))
    .meta({
      id: 'network.egress',
      description: 'proxy-only: the firewall drops everything to the Internet that does not come from the proxy.',
    }),
  'network.setName': action(
    'network.setName',
    z
      .strictObject({
        node: someNode,
        name: hostName,
        address: text.nullable().describe('IP address; null: the name can not be resolved.'),
      })
      .transform(({ name: host, ...rest }) => ({ host, ...rest })),
    'Changes what a name means.',
  ),
  'network.clearName': action(
    'network.clearName',
    z.strictObject({ node: someNode, name: hostName }).transform(({ name: host, ...rest }) => ({ host, ...rest })),
    'A name means again what it means everywhere.',
  ),
  'network.block': action(
    'network.block',
    z.strictObject({ port }),
    'The firewall drops whatever leaves the network for this port.',
  ),
  'network.unblock': action('network.unblock', z.strictObject({ port }), 'Lets the port through again.'),
  'network.stopService': action('network.stopService', service, 'Nothing listens there any more.'),
  'network.startService': action('network.startService', service, 'Starts the service again.'),
  'network.inspect': action(
    'network.inspect',
    z.strictObject({
      peer: microsoftPeer,
      how: z
        .enum(['tls', 'mask-starttls', 'block-page'])
        .describe(
          'tls: opens TLS and signs anew with its own CA. mask-starttls: hides that STARTTLS is offered. ' +
            'block-page: opens TLS and answers with a page for browsers.',
        ),
    }),
    'A firewall looks into what nodes exchange with this server.',
  ),
  'network.stopInspecting': action(
    'network.stopInspecting',
    z.strictObject({ peer: microsoftPeer }),
    'The firewall lets this traffic pass untouched.',
  ),
  'proxy.policy': action(
    'proxy.policy',
    z.strictObject({
      credentials: z
        .strictObject({ user: loginName, password: text })
        .optional()
        .describe('Asked of every client; absent: of none.'),
      allowedPorts: z.array(port).min(1).optional().describe('Ports that it tunnels to; absent: all.'),
    }),
    'The whole policy of the proxy of the lab.',
  ),
  'tls.serverChain': action(
    'tls.serverChain',
    z.strictObject({ peer: microsoftPeer, variant: z.enum(SERVER_CHAINS) }),
    'Changes the certificate chain that a server presents.',
  ),
  'node.clockSkew': action(
    'node.clockSkew',
    z
      .strictObject({ node: nodeName, by: signedDuration })
      .transform(({ node: name, by }) => ({ node: name, byMs: by })),
    'Sets the clock of a node ahead or, with a minus, back.',
  ),
  'node.kill': action('node.kill', nodeAt, 'Cuts the power of a node; what is on its disk stays.'),
  'node.stop': action('node.stop', node, 'Shuts a node down in good order.'),
  'node.start': action('node.start', node, 'Starts a node again that was killed or stopped.'),
  'fault.add': action('fault.add', faultAdd, 'Something goes wrong on the wire.'),
  'fault.remove': action(
    'fault.remove',
    z.strictObject({ name: faultName }).transform(({ name }) => ({ fault: name })),
    'Takes a fault away.',
  ),
  'network.cut': action('network.cut', nodeAt, 'Cuts a node off.'),
  'network.heal': action('network.heal', node, 'Connects a node again.'),
  'mail.sendFrom': action(
    'mail.sendFrom',
    z.strictObject({ node: nodeName, type: z.enum(MAIL_TYPES) }),
    'Makes a node send a mail that may not be its duty: proves that the run notices.',
  ),
} satisfies { [Name in ActionName]: z.ZodType<Extract<Action, { name: Name }>> };

/** Narrows a key of a step to the name of an action. */
export function isActionName(key: string): key is ActionName {
  return Object.hasOwn(ACTION_SCHEMAS, key);
}

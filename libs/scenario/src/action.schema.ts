import { z } from 'zod';
import { MAIL_TYPES } from './expectation.ts';
import { MICROSOFT_PEERS, SERVER_CHAINS, type Action, type ActionName } from './action.ts';
import { faultAdd, faultName } from './fault.schema.ts';
import { dateTime, loginName, mailAddress, nodeName, port, signedDuration, text } from './scalar.schema.ts';

const SECRET_NAME = 'a name of letters, digits and hyphens, such as second';
const secretName = z.string({ error: SECRET_NAME }).regex(/^[A-Za-z][A-Za-z0-9-]*$/, { error: SECRET_NAME });
const appId = text.meta({ description: 'Client ID of the application.', examples: ['{{app.clientId}}'] });
const objectId = text.meta({
  description: 'The right one is the object ID of the enterprise application.',
  examples: ['{{app.enterpriseObjectId}}', '{{app.registrationObjectId}}'],
});
const principal = z.strictObject({ appId, objectId });
const mailbox = z.strictObject({ mailbox: mailAddress.optional() });
const permission = z.strictObject({ mailbox: mailAddress.optional(), user: text.optional() });
const nothing = z.strictObject({}, { error: '{} (it takes no values)' });
const node = z.strictObject({ node: nodeName });
const hostName = text.meta({ description: 'Host name.', examples: ['smtp.office365.com'] });
const someNode = nodeName.optional().describe('Name of a node; all nodes if you name none.');
const microsoftPeer = z.enum(MICROSOFT_PEERS);
const service = z.strictObject({ peer: z.enum([...MICROSOFT_PEERS, 'proxy']) });

function action<Name extends ActionName, Values extends object>(
  name: Name,
  values: z.ZodType<Values>,
  description: string,
) {
  return values.transform((given) => ({ name, ...given })).meta({ id: name, description });
}

/** The action keys of `do`, `break` and `mend`. */
export const ACTION_SCHEMAS = {
  'entra.addSecret': action(
    'entra.addSecret',
    z.strictObject({
      as: secretName.describe('Name for the placeholders {{secrets.<name>.value}} and {{secrets.<name>.id}}.'),
      endsOn: dateTime.optional(),
    }),
    'Creates a client secret.',
  ),
  'entra.removeSecret': action(
    'entra.removeSecret',
    z.strictObject({ secret: loginName.describe('`current`, or a name given with `as`.') }),
    'Deletes a client secret.',
  ),
  'entra.grantConsent': action('entra.grantConsent', nothing, 'Grants admin consent for the API permission.'),
  'entra.revokeConsent': action('entra.revokeConsent', nothing, 'Takes admin consent back.'),
  'entra.changeTenantId': action('entra.changeTenantId', nothing, 'Gives the tenant another ID.'),
  'exchange.newServicePrincipal': action('exchange.newServicePrincipal', principal, 'New-ServicePrincipal.'),
  'exchange.removeServicePrincipal': action(
    'exchange.removeServicePrincipal',
    z.strictObject({ appId }),
    'Remove-ServicePrincipal.',
  ),
  'exchange.replaceServicePrincipal': action(
    'exchange.replaceServicePrincipal',
    principal,
    'Remove-ServicePrincipal, then New-ServicePrincipal.',
  ),
  'exchange.addMailboxPermission': action(
    'exchange.addMailboxPermission',
    permission,
    'Add-MailboxPermission with FullAccess.',
  ),
  'exchange.removeMailboxPermission': action(
    'exchange.removeMailboxPermission',
    permission,
    'Remove-MailboxPermission with FullAccess.',
  ),
  'exchange.createMailbox': action('exchange.createMailbox', mailbox, 'Creates the mailbox.'),
  'exchange.removeMailbox': action('exchange.removeMailbox', mailbox, 'Removes the mailbox.'),
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
        .enum(['tls', 'mask-starttls'])
        .describe('tls: opens TLS and signs anew with its own CA. mask-starttls: hides that STARTTLS is offered.'),
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
  'fault.add': action('fault.add', faultAdd, 'Something goes wrong on the wire.'),
  'fault.remove': action(
    'fault.remove',
    z.strictObject({ name: faultName }).transform(({ name }) => ({ fault: name })),
    'Takes a fault away.',
  ),
  'network.cut': action('network.cut', node, 'Cuts a node off.'),
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

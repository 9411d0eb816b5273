import { InvariantError } from '#libs/diagnosis';
import type { ClickStep, PasswordPolicyFields } from '#libs/scenario';
import type { NodeAnswer, NodeApi } from '../testbed/node-api.ts';
import { ADMIN } from '../testbed/lab-admin.ts';
import { NodeDownError } from '../testbed/node-down.error.ts';
import { requestOfGuestPage } from './perform-guest-click.ts';
import type { ScenarioWorld } from './scenario-world.ts';

/** Clicks a button through the node's API; the result is what the page shows. */
export async function performClick(step: ClickStep, world: ScenarioWorld): Promise<string> {
  try {
    return shown(step, await request(world.resolve(step), world));
  } catch (error) {
    if (error instanceof NodeDownError) return `${step.node} can not be reached`;
    throw error;
  }
}

function request(step: ClickStep, world: ScenarioWorld): Promise<NodeAnswer> {
  const api = world.testbed.api(step.node);
  switch (step.page) {
    case 'SMTP Server':
      world.typeIntoForm(step.fields);
      return step.button === 'Test Connection'
        ? api.call('POST', 'smtp-server/test-connection', world.form)
        : api.call('PUT', 'smtp-server', world.form);
    case 'Proxy':
      return api.call('PUT', 'proxy', step.fields);
    case 'Trusted Certificates':
      return trustedCertificates(step, world);
    case 'Guest Email Settings':
      return merged(step.node, 'guest-email-settings', step.fields, world);
    case 'Alarm Settings':
      return api.call('PUT', 'alarm-settings/notification', step.fields);
    case 'Alarm Configuration': {
      const { alarm, suppressForMs, emailFrequencyMs, ...rule } = step.fields;
      return api.call('PUT', `alarm-settings/alarms/${encodeURIComponent(alarm)}`, {
        ...rule,
        suppressForMinutes: minutesOf(suppressForMs),
        emailFrequencyMinutes: minutesOf(emailFrequencyMs),
      });
    }
    case 'Alarms':
      return api.call('POST', 'mnt/alarms/acknowledge', { name: step.fields.alarm });
    case 'Administrators':
      return users('admin-users', step.button, step.fields, api);
    case 'Password Policy': {
      const { users: whose, ...policy } = step.fields;
      return savePasswordPolicy(whose, policy, api);
    }
    case 'Portal Page Customization':
      return api.call('POST', 'portal-page-customization/test-email', { to: step.fields.to });
    case 'Sponsor Portal':
    case 'Self-Registration Portal':
    case 'Approval Mail':
    case 'Guest Portal':
    case 'Sponsor Groups':
    case 'Self-Registration Settings':
    case 'Guest Account Purge Policy':
      return requestOfGuestPage(step, world);
    case 'Debug Log Configuration':
      return world.testbed.api(step.fields.node).call('PUT', 'debug-log', { level: step.fields.level });
    case 'Deployment':
      return deployment(step, world);
    case 'PAN Failover':
      return panFailover(step, world);
    case 'Backup & Restore':
      return backupAndRestore(step, world);
    case 'Network Access Users': {
      const { expiryDate, ...user } = step.fields;
      const end =
        expiryDate === undefined
          ? {}
          : { expiryDate: new Date(expiryDate).toISOString().slice(0, 10), expiryDateEnabled: true };
      return users('internal-users', step.button, { ...user, ...end }, api);
    }
    case 'Guest Types':
      return api.call('PUT', 'guest-types', step.fields);
  }
}

function deployment(step: Extract<ClickStep, { page: 'Deployment' }>, { testbed }: ScenarioWorld): Promise<NodeAnswer> {
  const api = testbed.api(step.node);
  switch (step.button) {
    case 'Sync':
      return api.call('POST', `deployment/sync/${encodeURIComponent(step.fields.node)}`);
    case 'Deregister':
      return api.call('POST', `deployment/deregister/${encodeURIComponent(step.fields.node)}`);
    case 'Register': {
      const { node, ...credentials } = step.fields;
      const { fqdn } = testbed.deployment.node(node);
      return api.call('POST', 'deployment/register', { fqdn, ...ADMIN, ...credentials });
    }
    case 'Promote to Primary':
      return api.call('POST', 'deployment/promote');
  }
}

/** What is not typed is sent as the page shows it at first. */
function panFailover(
  step: Extract<ClickStep, { page: 'PAN Failover' }>,
  { testbed }: ScenarioWorld,
): Promise<NodeAnswer> {
  const { pollingIntervalMs, ...fields } = step.fields;
  return testbed.api(step.node).call('PUT', 'deployment/pan-failover', {
    enabled: true,
    ...fields,
    ...(pollingIntervalMs === undefined ? {} : { pollingIntervalSeconds: pollingIntervalMs / 1000 }),
  });
}

/** The repository is the run's: a backup that was made in it can be restored in it. */
async function backupAndRestore(
  step: Extract<ClickStep, { page: 'Backup & Restore' }>,
  { testbed, backups }: ScenarioWorld,
): Promise<NodeAnswer> {
  const api = testbed.api(step.node);
  const { name, encryptionKey } = step.fields;
  if (step.button === 'Restore') {
    const backup = backups.get(name);
    if (backup === undefined) return { status: 404, body: { message: `There is no backup "${name}"` } };
    return api.call('POST', 'backup-restore/restore', { backup, encryptionKey });
  }
  const answer = await api.call('POST', 'backup-restore/backup', { name, encryptionKey });
  if (answer.status >= 400) return answer;
  backups.set(name, answer.body);
  return { ...answer, body: { message: `${name} was backed up` } };
}

async function trustedCertificates(
  step: Extract<ClickStep, { page: 'Trusted Certificates' }>,
  { testbed }: ScenarioWorld,
): Promise<NodeAnswer> {
  const api = testbed.api(step.node);
  const { certificate: name } = step.fields;
  const path = `trusted-certificates/${encodeURIComponent(name)}`;
  switch (step.button) {
    case 'Delete':
      return api.call('DELETE', path);
    case 'Edit': {
      const { infrastructure, enabled } = step.fields;
      return api.call('PATCH', path, { infrastructure, enabled });
    }
    case 'Import': {
      const authority = await testbed.pki.authorityNamed(name);
      if (!authority) throw new InvariantError(`the lab has no CA "${name}"`);
      const { infrastructure, enabled } = step.fields;
      return api.call('POST', 'trusted-certificates', { name, pem: authority.certificatePem, infrastructure, enabled });
    }
  }
}

interface TypedUser {
  readonly username: string;
  readonly passwordChangedOn?: number;
}

function users(path: string, button: 'Add' | 'Edit', typed: TypedUser, api: NodeApi): Promise<NodeAnswer> {
  const { username, passwordChangedOn, ...fields } = typed;
  const age = passwordChangedOn === undefined ? {} : { passwordChangedAt: new Date(passwordChangedOn).toISOString() };
  return button === 'Add'
    ? api.call('POST', path, { username, ...fields, ...age })
    : api.call('PUT', `${path}/${encodeURIComponent(username)}`, { ...fields, ...age });
}

async function savePasswordPolicy(
  whose: 'admin' | 'internal',
  typed: PasswordPolicyFields,
  api: NodeApi,
): Promise<NodeAnswer> {
  const present = (await api.succeed('GET', 'password-policies')) as Record<string, object>;
  return api.call('PUT', 'password-policies', { ...present, [whose]: { ...present[whose], ...typed } });
}

function minutesOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.ceil(ms / 60_000);
}

/** A page keeps what is not typed: reads it, lays the new fields over it, and saves. */
async function merged(node: string, path: string, fields: object, { testbed }: ScenarioWorld): Promise<NodeAnswer> {
  const api = testbed.api(node);
  const present = await api.succeed('GET', path);
  return api.call('PUT', path, { ...(present as object), ...fields });
}

function shown({ page }: ClickStep, { status, body }: NodeAnswer): string {
  if (typeof body === 'object' && body !== null && 'message' in body) return String(body.message);
  if (page === 'Deployment' && typeof body === 'object' && body !== null && 'status' in body)
    return String(body.status);
  return status < 400 ? 'Saved' : `HTTP ${status}`;
}

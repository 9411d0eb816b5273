import { InvariantError, TestbedError } from '#libs/diagnosis';
import { formatMistake, resolvePlaceholders, type Given, type Scenario, type SmtpServerFields } from '#libs/scenario';
import type { TrafficLog } from '#libs/evidence';
import type { OauthSmtpForm, SmtpServerForm } from '#libs/settings';
import type { Clock } from '#libs/simulation';
import { mailboxOf } from '../testbed/tenant-beginning.ts';
import { tenantFileOf } from '../testbed/tenant-file.ts';
import { readTenantFile, type TenantSource } from '../testbed/tenant-source.ts';
import { Testbed } from '../testbed/testbed.ts';
import { GivenNotMetError } from './given-not-met.error.ts';
import { MailLedger } from './mail-ledger.ts';
import { deploymentOf, initialConfigOf } from './initial-world.ts';

const YEAR_MS = 365 * 86_400_000;

/** Every field of the SMTP Server page, whatever authentication is chosen. */
type TypedForm = Omit<OauthSmtpForm, 'authentication'> & {
  authentication: SmtpServerForm['authentication'];
  userName: string;
  password: string;
};

/** A scenario's testbed, and what an administrator has in front of himself while the steps go on. */
export class ScenarioWorld {
  /** The mails of the run. */
  readonly ledger: MailLedger;
  /** What the browser shows of the SMTP Server page: it outlives clicks, until it is changed. */
  private typed: TypedForm;
  /** By name: what was backed up during the run. */
  readonly backups = new Map<string, unknown>();
  /** What steps noted down of answers, by the names they gave it. */
  private readonly notes = new Map<string, string>();
  private readonly notedSecrets = new Map<string, { id: string; value: string }>();
  /** What the SMTP Server page showed instead of "connected", where settings could not be saved at the start. */
  private refusal: string | undefined;

  private constructor(
    readonly given: Given,
    readonly testbed: Testbed,
  ) {
    this.ledger = new MailLedger(testbed.journal.records, testbed.deployment);
    this.typed = given.tenant.kind === 'empty' ? EMPTY_FORM : healthyForm(testbed);
  }

  /** Starts a healthy testbed with the configuration of `given`; `prepare` does the rest. */
  static async start(scenario: Scenario, seed: number, clock: Clock, traffic?: TrafficLog): Promise<ScenarioWorld> {
    const { given } = scenario;
    const tenant = givenTenant(scenario);
    const testbed = await Testbed.start({
      clock,
      seed,
      deployment: deploymentOf(given.deployment),
      takesTime: true,
      debugLog: given.debugLog,
      secretEndsAt: given.tenant.kind === 'standing' ? given.tenant.secretEndsOn : undefined,
      tenant,
      initialConfig: initialConfigOf(given, seed, mailboxOf(tenant)),
      traffic,
    });
    return new ScenarioWorld(given, testbed);
  }

  /**
   * Brings the testbed to the state that `given` describes.
   *
   * @throws GivenNotMetError
   */
  async prepare(): Promise<void> {
    await this.saveSmtpSettings();
    this.applyDifferences();
  }

  /**
   * Around a testbed that runs already. SMTP settings are tested and saved unless the primary PAN has some; a tenant of
   * one's own may be such that they do not pass: `smtpSettingsRefusal` says why.
   */
  static async around(testbed: Testbed, given: Given): Promise<ScenarioWorld> {
    const world = new ScenarioWorld(given, testbed);
    if (testbed.node(world.primaryPan).context.settings.storedSmtpServer) return world;
    try {
      await world.saveSmtpSettings();
    } catch (error) {
      if (!(error instanceof GivenNotMetError)) throw error;
      world.refusal = error.actual;
    }
    return world;
  }

  /** Why ISE has no SMTP settings, as the page words it. */
  get smtpSettingsRefusal(): string | undefined {
    return this.refusal;
  }

  get primaryPan(): string {
    return this.testbed.currentDeployment.primaryPan.name;
  }

  /** Notes a value down for `{{noted.<name>}}`. */
  note(name: string, value: string): void {
    this.notes.set(name, value);
  }

  /** Notes a client secret down for `{{secrets.<name>.…}}`; it will not appear in anything the run leaves behind. */
  noteSecret(name: string, secret: { id: string; value: string }): void {
    this.notedSecrets.set(name, secret);
  }

  /** The value of a placeholder. */
  lookup(name: string): string {
    const { microsoft } = this.testbed;
    const [head, known = '', part] = name.split('.');
    if (head === 'secrets') {
      const secret = this.notedSecrets.get(known) ?? microsoft.secrets.get(known);
      if (!secret) throw notNoted(name);
      return part === 'id' ? secret.id : secret.value;
    }
    if (head === 'noted') {
      const value = this.notes.get(known);
      if (value === undefined) throw notNoted(name);
      return value;
    }
    switch (name) {
      case 'app.clientId':
        return microsoft.application.clientId;
      case 'app.registrationObjectId':
        return microsoft.application.objectId;
      case 'app.enterpriseObjectId':
        return microsoft.application.servicePrincipalObjectId;
      case 'tenant.id':
        return microsoft.tenant.tenantId;
      case 'tenant.domain':
        return microsoft.tenant.verifiedDomains[0] ?? '';
      case 'mailbox':
        return microsoft.mailbox;
      default:
        throw new InvariantError(`no placeholder ${name}`);
    }
  }

  resolve<T>(value: T): T {
    return resolvePlaceholders(value, (name) => this.lookup(name));
  }

  /** What the SMTP Server page sends: the fields of the authentication that is chosen. */
  get form(): SmtpServerForm {
    const {
      authentication,
      userName,
      password,
      emailAddress,
      clientId,
      tenantId,
      clientSecret,
      expiryDate,
      ...common
    } = this.typed;
    switch (authentication) {
      case 'none':
        return { ...common, authentication };
      case 'password':
        return { ...common, authentication, userName, password };
      case 'oauth':
        return { ...common, authentication, emailAddress, clientId, tenantId, clientSecret, expiryDate };
    }
  }

  /** Types into the SMTP Server page. */
  typeIntoForm(fields: SmtpServerFields): void {
    const { expiryDate, ...rest } = fields;
    const typed = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    this.typed = {
      ...this.typed,
      ...typed,
      ...(expiryDate === undefined ? {} : { expiryDate: calendarDate(expiryDate) }),
    };
  }

  /** Every value that must not appear in anything a run leaves behind. */
  secretValues(): string[] {
    const noted = [...this.testbed.microsoft.secrets.values(), ...this.notedSecrets.values()];
    const secrets = noted.map(({ value }) => value);
    return this.typed.password === '' ? secrets : [...secrets, this.typed.password];
  }

  private async saveSmtpSettings(): Promise<void> {
    const { smtpSettings } = this.given;
    if (smtpSettings.kind === 'none') return;
    this.typeIntoForm(this.resolve(smtpSettings.fields));
    const pan = this.testbed.api(this.primaryPan);
    const test = await pan.call('POST', 'smtp-server/test-connection', this.form);
    if (!isConnected(test.body)) {
      throw new GivenNotMetError('given.smtpSettings do not pass Test Connection', shownBy(test.body));
    }
    await pan.succeed('PUT', 'smtp-server', this.form);
  }

  /** What `given` says is not healthy comes about after the settings were saved: they could not have been otherwise. */
  private applyDifferences(): void {
    const { microsoft, network } = this.testbed;
    const { tenant, network: egress } = this.given;
    network.egress = egress;
    // A tenant of a file is as the file says, an empty one is empty.
    if (tenant.kind !== 'standing') return;
    const { application, directory, organization, mailbox } = microsoft;
    const { clientId } = application;
    if (!tenant.consent) directory.revokeAdminConsent(microsoft.tenant.tenantId, clientId);
    if (!tenant.mailboxPermission) {
      organization.removeMailboxPermission({ mailbox, user: application.servicePrincipalObjectId });
    }
    if (tenant.servicePrincipal !== 'enterprise') organization.removeServicePrincipal(clientId);
    if (tenant.servicePrincipal === 'registration') {
      organization.newServicePrincipal({ appId: clientId, objectId: application.objectId });
    }
  }
}

/** The tenants of the file that `given` names, if it names one. @throws GivenNotMetError */
function givenTenant({ file, given: { tenant } }: Scenario): TenantSource | 'empty' | undefined {
  if (tenant.kind !== 'file') return tenant.kind === 'empty' ? 'empty' : undefined;
  const read = readTenantFile(tenantFileOf(file, tenant.file));
  if ('source' in read) return read.source;
  throw new GivenNotMetError('given.tenant.file', read.mistakes.map(formatMistake).join('; '));
}

/** A step that should have noted it down did not come to its end. */
function notNoted(name: string): TestbedError {
  return new TestbedError('scenario.not-noted', `nothing was noted down as ${name}`, {
    remedy: 'Mend the step before that was to note it down',
  });
}

/** The page as ISE shows it before anybody typed something. */
const EMPTY_FORM: TypedForm = {
  authentication: 'oauth',
  smtpServer: 'smtp.office365.com',
  smtpPort: 587,
  connectionTimeoutSeconds: 60,
  encryption: true,
  userName: '',
  password: '',
  emailAddress: '',
  clientId: '',
  tenantId: '',
  clientSecret: '',
  expiryDate: '',
};

function healthyForm({ microsoft, clock }: Testbed): TypedForm {
  return {
    ...EMPTY_FORM,
    emailAddress: microsoft.mailbox,
    clientId: microsoft.clientId,
    tenantId: microsoft.tenant.tenantId,
    clientSecret: microsoft.secrets.get('current')?.value ?? '',
    expiryDate: calendarDate(clock.now() + YEAR_MS),
  };
}

function calendarDate(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

function shownBy(body: unknown): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  return typeof message === 'string' ? `the page shows "${message}"` : 'the page shows an error';
}

function isConnected(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'connected' in body && body.connected === true;
}

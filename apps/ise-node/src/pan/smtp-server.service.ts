import { Injectable } from '@nestjs/common';
import { guiMessageOf } from '#libs/mail-submission';
import { LOGGERS, type Logger } from '#libs/node-log';
import {
  fingerprintOf,
  maskSmtpServer,
  OAUTH_SCOPE,
  sealSmtpServer,
  tokenEndpointOf,
  type SmtpServerForm,
  type StoredSmtpServer,
} from '#libs/settings';
import { RequestError } from '../http/request-error.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

/** What the page shows after Test Connection. */
export interface TestConnectionAnswer {
  connected: boolean;
  message: string;
}

/** The page as it stands: what is saved (secret masked), and what fills itself in. */
export interface SmtpServerPage {
  saved: StoredSmtpServer | null;
  oauthTokenEndpoint: string | null;
  scope: string;
}

/** Administration > System > Settings > SMTP Server (SPEC S1, S2, S5). */
@Injectable()
export class SmtpServerService {
  private readonly log: Logger;
  private passed: string | undefined;

  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
  ) {
    this.log = context.log.logger(LOGGERS.settingsPage);
  }

  page(): SmtpServerPage {
    const stored = this.context.settings.storedSmtpServer;
    return {
      saved: stored ? maskSmtpServer(stored) : null,
      oauthTokenEndpoint: stored?.authentication === 'oauth' ? tokenEndpointOf(stored.tenantId) : null,
      scope: OAUTH_SCOPE,
    };
  }

  /** SHOW: the secret in clear. */
  reveal(): { clientSecret: string } {
    const form = this.context.settings.smtpServer;
    if (form?.authentication !== 'oauth') {
      throw new RequestError(404, 'smtp-server.no-secret', 'no client secret is saved', 'Save OAuth settings first.');
    }
    return { clientSecret: form.clientSecret };
  }

  /** Walks the real path with these very values. Passing it allows to save them, and no others. */
  async testConnection(form: SmtpServerForm): Promise<TestConnectionAnswer> {
    const { journal, definition, session, settings } = this.context;
    this.passed = undefined;
    const saved = settings.smtpServer;
    const secretAsSaved =
      form.authentication === 'oauth' && saved?.authentication === 'oauth' && saved.clientSecret === form.clientSecret;
    const started = journal.record({ kind: 'smtp-server.test-started', node: definition.name, secretAsSaved });
    this.log.debug(`testConnection: smtp server ${form.smtpServer}, port ${form.smtpPort}`);
    this.log.debug(`testConnection: authentication ${form.authentication}, encryption ${form.encryption}`);
    const outcome = await journal.within(started, () => session.testConnection(form));
    const connected = outcome.kind === 'done';
    if (connected) this.passed = fingerprintOf(form);
    const message = connected
      ? `Successfully connected to ${form.smtpServer}.`
      : guiMessageOf(outcome.failure, form.smtpServer);
    this.log.debug(`testConnection: ${message}`);
    journal.record({ kind: 'smtp-server.tested', node: definition.name, cause: started.seq, connected, message });
    return { connected, message };
  }

  /** @throws RequestError unless the last Test Connection passed with these very values */
  async save(form: SmtpServerForm): Promise<SmtpServerPage> {
    const { clock, journal, definition, vault } = this.context;
    this.log.debug('save: SMTP server settings received');
    this.log.debug(`save: smtp server ${form.smtpServer}, port ${form.smtpPort}`);
    if (this.passed !== fingerprintOf(form)) {
      journal.record({ kind: 'smtp-server.save-refused', node: definition.name });
      throw new RequestError(
        409,
        'smtp-server.not-tested',
        'These settings have not passed Test Connection',
        'Click Test Connection with exactly these values; Save is possible once it succeeds.',
      );
    }
    await clock.sleep(2);
    this.log.debug(`save: connection timeout ${form.connectionTimeoutSeconds} seconds`);
    this.log.debug(`save: encryption ${form.encryption}`);
    this.log.debug(`save: authentication ${form.authentication}`);
    this.log.debug(form.authentication === 'oauth' ? `save: client ${form.clientId}` : 'save: no OAuth client');
    this.log.debug(
      form.authentication === 'oauth' ? `save: secret expires on ${form.expiryDate}` : 'save: no expiry date',
    );
    this.config.write(CONFIG_KEYS.smtpServer, sealSmtpServer(form, vault));
    await clock.sleep(18);
    this.log.debug('save: SMTP server settings saved');
    const typed = form.authentication === 'oauth' ? { expiryDate: form.expiryDate } : {};
    journal.record({ kind: 'smtp-server.saved', node: definition.name, ...typed });
    return this.page();
  }
}

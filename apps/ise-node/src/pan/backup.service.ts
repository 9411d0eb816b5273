import { Injectable } from '@nestjs/common';
import { createCipheriv, createDecipheriv, createHash, scryptSync } from 'node:crypto';
import { z } from 'zod';
import type { ConfigEntries } from '#libs/replication';
import { RequestError } from '../http/request-error.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SALT_BYTES = 16;

/** A backup as it leaves the node: readable with the key that the administrator typed, and in no other way. */
export const backupSchema = z.strictObject({
  format: z.literal('isebed-backup'),
  version: z.literal(1),
  name: z.string(),
  node: z.string(),
  createdAt: z.iso.datetime(),
  salt: z.base64(),
  /** Initialisation vector, ciphertext and tag. */
  content: z.base64(),
});
export type Backup = z.infer<typeof backupSchema>;

const contentSchema = z.array(z.tuple([z.string(), z.unknown()]));

/**
 * Never in a backup, and not touched by a restore: SMTP settings are excluded (fact sheet ise 1.2), the others say what
 * the deployment is and has done.
 */
const DEPLOYMENT_KEYS: readonly string[] = [CONFIG_KEYS.deployment, CONFIG_KEYS.panFailover];
const DEPLOYMENT_PREFIXES: readonly string[] = [
  CONFIG_KEYS.duty(''),
  CONFIG_KEYS.nodeGroup(''),
  CONFIG_KEYS.systemCertificate(''),
];

/** Administration > System > Backup & Restore, configuration data. */
@Injectable()
export class BackupService {
  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
  ) {}

  backup(name: string, encryptionKey: string): Backup {
    this.config.requirePrimaryPan();
    const { clock, definition, journal, random, store } = this.context;
    const entries = store.snapshot().entries.filter(([key]) => key !== CONFIG_KEYS.smtpServer && !staysBehind(key));
    const text = JSON.stringify(entries);
    // The content goes into the salt: a node that starts again draws the same numbers, and must not use a key twice.
    const drawn = random.stream(`backup/${store.version}`).bytes(SALT_BYTES);
    const salt = createHash('sha256').update(drawn).update(text).digest().subarray(0, SALT_BYTES);
    const iv = createHash('sha256').update(salt).digest().subarray(0, IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, keyFrom(encryptionKey, salt), iv);
    const content = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    journal.record({ kind: 'config.backed-up', node: definition.name, name, documents: entries.length });
    return {
      format: 'isebed-backup',
      version: 1,
      name,
      node: definition.name,
      createdAt: clock.timestamp(),
      salt: salt.toString('base64'),
      content: content.toString('base64'),
    };
  }

  /**
   * Replaces the configuration by that of the backup. SMTP settings are gone afterwards, whatever there was before.
   *
   * @throws RequestError when the key does not open it
   */
  restore(backup: Backup, encryptionKey: string): void {
    this.config.requirePrimaryPan();
    const { definition, journal, store } = this.context;
    const restored = open(backup, encryptionKey);
    const kept = new Set(restored.map(([key]) => key));
    const gone = store
      .snapshot()
      .entries.flatMap(([key]): [string, unknown][] => (kept.has(key) || staysBehind(key) ? [] : [[key, null]]));
    const record = journal.record({
      kind: 'config.restored',
      node: definition.name,
      name: backup.name,
      documents: restored.length,
    });
    journal.within(record, () => this.config.writeAll([...gone, ...restored]));
  }
}

function staysBehind(key: string): boolean {
  return DEPLOYMENT_KEYS.includes(key) || DEPLOYMENT_PREFIXES.some((prefix) => key.startsWith(prefix));
}

function keyFrom(encryptionKey: string, salt: Buffer): Buffer {
  return scryptSync(encryptionKey, salt, KEY_BYTES);
}

function open({ salt, content }: Backup, encryptionKey: string): ConfigEntries {
  const bytes = Buffer.from(content, 'base64');
  try {
    const key = keyFrom(encryptionKey, Buffer.from(salt, 'base64'));
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    return contentSchema.parse(JSON.parse(text.toString('utf8')));
  } catch {
    throw new RequestError(
      400,
      'backup.not-opened',
      'The backup can not be opened with this encryption key',
      'Type the encryption key that the backup was made with.',
    );
  }
}

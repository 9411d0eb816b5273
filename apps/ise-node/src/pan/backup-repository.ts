import { Injectable } from '@nestjs/common';
import type { StatementSync } from 'node:sqlite';
import { NodeContext } from '../node-context.ts';
import { backupSchema, type Backup } from './backup.service.ts';

/** Backups that a node keeps; the oldest go first. */
const BACKUPS_MAX = 50;

/**
 * Backups as files, by repository and name. Simplified: a repository is a folder on the disk of the node that wrote to
 * it, and is there as soon as it is named; the real product has them configured, and most are on other machines.
 */
@Injectable()
export class BackupRepository {
  private readonly statements: Record<'put' | 'trim' | 'get' | 'names', StatementSync>;

  constructor({ database }: NodeContext) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS backup_file (
        number INTEGER PRIMARY KEY AUTOINCREMENT, repository TEXT NOT NULL, name TEXT NOT NULL, backup TEXT NOT NULL,
        UNIQUE (repository, name)
      ) STRICT
    `);
    this.statements = {
      put: database.prepare('INSERT OR REPLACE INTO backup_file (repository, name, backup) VALUES (?, ?, ?)'),
      trim: database.prepare(
        'DELETE FROM backup_file WHERE number NOT IN (SELECT number FROM backup_file ORDER BY number DESC LIMIT ?)',
      ),
      get: database.prepare('SELECT backup FROM backup_file WHERE repository = ? AND name = ?'),
      names: database.prepare('SELECT name FROM backup_file WHERE repository = ? ORDER BY name'),
    };
  }

  /** One of the same name is replaced. */
  put(repository: string, name: string, backup: Backup): void {
    this.statements.put.run(repository, name, JSON.stringify(backup));
    this.statements.trim.run(BACKUPS_MAX);
  }

  get(repository: string, name: string): Backup | undefined {
    const row = this.statements.get.get(repository, name);
    return row && backupSchema.parse(JSON.parse(String(row['backup'])));
  }

  /** Names of the files; empty for a repository that nobody wrote to. */
  names(repository: string): string[] {
    return this.statements.names.all(repository).map((row) => String(row['name']));
  }
}

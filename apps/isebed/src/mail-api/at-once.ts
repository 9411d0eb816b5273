import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` so that all of it or nothing of it is in the database, also when it fails in the middle. */
export function atOnce(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    // A full disk ends some transactions on its own (SQLite, "Response to errors within a transaction").
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

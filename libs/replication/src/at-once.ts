import type { DatabaseSync } from 'node:sqlite';

/** All of `work` or nothing of it is in the database, also after a crash. May stand inside another one. */
export function atOnce<T>(database: DatabaseSync, work: () => T): T {
  database.exec('SAVEPOINT at_once');
  try {
    const result = work();
    database.exec('RELEASE at_once');
    return result;
  } catch (error) {
    // A full disk ends some transactions on its own, and then the reason would be lost.
    if (database.isTransaction) database.exec('ROLLBACK TO at_once; RELEASE at_once');
    throw error;
  }
}

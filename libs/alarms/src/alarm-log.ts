import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AlarmSeverity } from './alarm-catalogue.ts';
import type { AlarmInstance } from './alarm-instance.ts';

/** Alarms that are kept; the oldest go first. */
const ALARMS_MAX = 10_000;

/**
 * What became of an alarm's mail. `pending`: not decided yet; `sending`, `retrying`: handed to the queue of the node in
 * `mailedBy`; `undeliverable`: refused for good, or given up.
 */
export type AlarmDelivery = 'pending' | 'sending' | 'retrying' | 'sent' | 'undeliverable' | 'not-mailed';

/** An alarm in the list, and what became of it. Plain JSON. */
export interface AlarmEntry extends AlarmInstance {
  /** Times it was raised while repetitions were counted, the first included. */
  readonly occurrences: number;
  readonly lastRaisedAt: number;
  readonly delivery: AlarmDelivery;
  /** Why it was not mailed, or could not be delivered. */
  readonly reason?: string;
  /** Identifiers of its mails in the queue. */
  readonly mails?: readonly string[];
  /** The node that mails, or mailed it, and since when. */
  readonly mailedBy?: string | undefined;
  readonly mailedAt?: number | undefined;
  /** The other Monitoring node has, or had, it as well, and may have mailed it: nobody else knows. */
  readonly mayBeMailed?: boolean | undefined;
  readonly acknowledgedBy?: string;
  readonly acknowledgedAt?: number;
}

/** What a list of alarms is narrowed down by; what is absent matches anything. */
export interface AlarmFilter {
  readonly name?: string | undefined;
  readonly severity?: AlarmSeverity | undefined;
  readonly node?: string | undefined;
  /** Part of name, details or subject, whatever its letter case. */
  readonly keyword?: string | undefined;
  /** Epoch milliseconds; by the last occurrence. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly acknowledged?: boolean | undefined;
  readonly delivery?: AlarmDelivery | undefined;
}

/** All instances of one alarm, in one row of the dashboard. */
export interface AlarmSummary {
  readonly name: string;
  readonly severity: AlarmSeverity;
  readonly instances: number;
  readonly occurrences: number;
  readonly lastRaisedAt: number;
  readonly unacknowledged: number;
  readonly undeliverable: number;
}

type Changes = Partial<Omit<AlarmEntry, keyof AlarmInstance>>;

/** The alarms that a Monitoring node has collected, in its own database. */
export class AlarmLog {
  private readonly statements: Record<'byId' | 'latest' | 'holding' | 'all' | 'put' | 'trim', StatementSync>;

  constructor(database: DatabaseSync) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS alarm (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, about TEXT NOT NULL, entry TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS alarm_about ON alarm (about, number);
    `);
    this.statements = {
      byId: database.prepare('SELECT entry FROM alarm WHERE id = ?'),
      latest: database.prepare('SELECT entry FROM alarm WHERE about = ? ORDER BY number DESC LIMIT 1'),
      holding: database.prepare('SELECT entry FROM alarm WHERE instr(entry, ?) > 0'),
      all: database.prepare('SELECT entry FROM alarm ORDER BY number'),
      put: database.prepare(`
        INSERT INTO alarm (id, about, entry) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET entry = excluded.entry`),
      trim: database.prepare('DELETE FROM alarm WHERE number <= (SELECT max(number) FROM alarm) - ?'),
    };
  }

  /**
   * Takes an alarm up: as a repetition of the latest one of the same name, node and subject if that was first raised
   * less than `suppressForMinutes` ago, else as an entry of its own. One that is there already is not taken twice.
   */
  take(alarm: AlarmInstance, suppressForMinutes: number): { kind: 'listed' | 'repeated' | 'known'; entry: AlarmEntry } {
    const known = this.find(alarm.id);
    if (known) return { kind: 'known', entry: known };
    const latest = read(this.statements.latest.get(aboutOf(alarm)));
    if (latest && alarm.raisedAt < latest.raisedAt + suppressForMinutes * 60_000) {
      const { raisedAt: lastRaisedAt } = alarm;
      const entry = { ...latest, occurrences: latest.occurrences + 1, lastRaisedAt };
      this.put(entry);
      return { kind: 'repeated', entry };
    }
    const entry: AlarmEntry = { ...alarm, occurrences: 1, lastRaisedAt: alarm.raisedAt, delivery: 'pending' };
    this.put(entry);
    return { kind: 'listed', entry };
  }

  find(id: string): AlarmEntry | undefined {
    return read(this.statements.byId.get(id));
  }

  /** The entry that this mail tells of. */
  ofMail(mail: string): AlarmEntry | undefined {
    const holding = this.statements.holding.all(JSON.stringify(mail)).flatMap((row) => read(row) ?? []);
    return holding.find(({ mails = [] }) => mails.includes(mail));
  }

  /** Undefined if the entry is not, or no longer, there. */
  change(id: string, changes: Changes): AlarmEntry | undefined {
    const present = this.find(id);
    if (!present) return undefined;
    const entry: AlarmEntry = { ...present, ...changes };
    this.put(entry);
    return entry;
  }

  /** Takes an entry over as the other Monitoring node has it. */
  mirror(entry: AlarmEntry): void {
    this.put(entry);
  }

  /** The newest first. */
  list(filter: AlarmFilter = {}): AlarmEntry[] {
    return this.statements.all
      .all()
      .flatMap((row) => read(row) ?? [])
      .filter((entry) => isMatch(entry, filter))
      .sort((a, b) => b.lastRaisedAt - a.lastRaisedAt);
  }

  /** When an alarm of this name was mailed last. */
  lastMailedAt(name: string): number | undefined {
    const times = this.list({ name }).flatMap(({ mailedAt }) => mailedAt ?? []);
    return times.length === 0 ? undefined : Math.max(...times);
  }

  /** One row for each alarm that was raised, the latest first. */
  summary(): AlarmSummary[] {
    const byName = Map.groupBy(this.list(), ({ name }) => name);
    return [...byName].flatMap(([name, entries]) => {
      const [latest] = entries;
      if (!latest) return [];
      return {
        name,
        severity: latest.severity,
        instances: entries.length,
        occurrences: entries.reduce((sum, { occurrences }) => sum + occurrences, 0),
        lastRaisedAt: latest.lastRaisedAt,
        unacknowledged: entries.filter(({ acknowledgedAt }) => acknowledgedAt === undefined).length,
        undeliverable: entries.filter(({ delivery }) => delivery === 'undeliverable').length,
      };
    });
  }

  private put(entry: AlarmEntry): void {
    this.statements.put.run(entry.id, aboutOf(entry), JSON.stringify(entry));
    this.statements.trim.run(ALARMS_MAX);
  }
}

function aboutOf({ name, node, subject }: AlarmInstance): string {
  return JSON.stringify([name, node, subject]);
}

function read(row: Record<string, unknown> | undefined): AlarmEntry | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row['entry'])) as AlarmEntry);
}

function isMatch(entry: AlarmEntry, filter: AlarmFilter): boolean {
  const { name, severity, node, keyword, from = -Infinity, to = Infinity, acknowledged, delivery } = filter;
  const words = `${entry.name}\n${entry.details}\n${entry.subject}`.toLowerCase();
  return (
    (name === undefined || entry.name === name) &&
    (severity === undefined || entry.severity === severity) &&
    (node === undefined || entry.node === node) &&
    (keyword === undefined || words.includes(keyword.toLowerCase())) &&
    (acknowledged === undefined || (entry.acknowledgedAt !== undefined) === acknowledged) &&
    (delivery === undefined || entry.delivery === delivery) &&
    from <= entry.lastRaisedAt &&
    entry.lastRaisedAt <= to
  );
}

import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { StatementSync } from 'node:sqlite';
import type { ConfigEntries } from '#libs/replication';
import { AlarmRaiser, type AlarmTopic } from '../cluster/alarm-raiser.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';
import { DutyClaims, type ClaimOutcome } from './duty-claims.ts';

/** An alarm as it will be raised. */
interface DutyAlarm {
  readonly name: string;
  readonly details: string;
  readonly topic?: AlarmTopic;
}

/** Alarms that are duties of the primary PAN: claimed, kept over a crash, raised once it is certain that only here. */
@Injectable()
export class DutyAlarms implements OnApplicationBootstrap {
  private readonly statements: Record<'add' | 'all' | 'remove', StatementSync>;

  constructor(
    private readonly context: NodeContext,
    private readonly claims: DutyClaims,
    private readonly alarms: AlarmRaiser,
    config: ConfigWriter,
  ) {
    const { database, roles } = context;
    database.exec('CREATE TABLE IF NOT EXISTS duty_alarms (duty TEXT PRIMARY KEY, alarm TEXT NOT NULL) STRICT');
    this.statements = {
      add: database.prepare('INSERT INTO duty_alarms (duty, alarm) VALUES (?, ?)'),
      all: database.prepare('SELECT duty, alarm FROM duty_alarms ORDER BY rowid'),
      remove: database.prepare('DELETE FROM duty_alarms WHERE duty = ?'),
    };
    config.onProgress(() => this.raiseWhatIsCertain());
    roles.onChange(() => this.raiseWhatIsCertain());
  }

  onApplicationBootstrap(): void {
    this.raiseWhatIsCertain();
  }

  /** See `DutyClaims.take`. */
  take(duty: string, alarm: DutyAlarm, also: ConfigEntries): ClaimOutcome {
    const outcome = this.claims.take(duty, () => this.statements.add.run(duty, JSON.stringify(alarm)), also);
    this.raiseWhatIsCertain();
    return outcome;
  }

  private raiseWhatIsCertain(): void {
    for (const row of this.statements.all.all()) {
      const duty = String(row['duty']);
      const verdict = this.context.dutyVerdict(duty);
      if (verdict === 'uncertain') continue;
      this.statements.remove.run(duty);
      if (verdict !== 'mine') continue;
      const { name, details, topic } = JSON.parse(String(row['alarm'])) as DutyAlarm;
      void this.alarms.raise(name, details, topic);
    }
  }
}

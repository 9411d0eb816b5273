import { alarmDefinition, type AlarmSeverity } from './alarm-catalogue.ts';

/** An alarm that was raised. Plain JSON. */
export interface AlarmInstance {
  /** Unique in the deployment, equal on both MnT. */
  readonly id: string;
  readonly name: string;
  readonly severity: AlarmSeverity;
  /** Name of the node that it is about; the active MnT mails it, whichever node that is. */
  readonly node: string;
  /** What of that node it is about, such as a certificate; empty where the node says it all. */
  readonly subject: string;
  /** Epoch milliseconds, UTC. */
  readonly raisedAt: number;
  /** What is particular to this occurrence; one line, no secrets. */
  readonly details: string;
}

/** An instance with the severity of the catalogue. @throws UnknownAlarmError */
export function raiseAlarm(occurrence: Omit<AlarmInstance, 'severity'>): AlarmInstance {
  return { ...occurrence, severity: alarmDefinition(occurrence.name).severity };
}

import { ALARM_CATALOGUE, type AlarmDefinition } from '#libs/alarms';
import { stableId } from '../http/stable-id.ts';

const BY_ID: ReadonlyMap<string, AlarmDefinition> = new Map(
  ALARM_CATALOGUE.map((alarm) => [alarmId(alarm.name), alarm]),
);

/** The id that an alarm of the catalogue has in every deployment. */
export function alarmId(name: string): string {
  return stableId('alarm', name);
}

export function alarmOf(id = ''): AlarmDefinition | undefined {
  return BY_ID.get(id);
}

/**
 * Alarms of ISE by their names (fact sheet ise 4.1, 4.3; the last one is the testbed's own), and what they may stand for.
 */
const ALARMS: readonly { says: RegExp; symptoms: readonly string[] }[] = [
  // It follows the date that was typed: the secret itself may have ended, or not (fact sheet ise 1.2).
  { says: /Client Secret (?:has|is) expired/i, symptoms: ['aadsts:7000222', 'alarm:secret-expired'] },
  { says: /Client Secret (?:is )?about to/i, symptoms: ['alarm:secret-expires'] },
  { says: /DNS Resolution Failure/i, symptoms: ['dial:dns-failure'] },
  { says: /NTP (?:Sync|Service) Failure/i, symptoms: ['alarm:clock'] },
  { says: /Replication (?:Failed|Stopped)|Sync Failure/i, symptoms: ['alarm:replication'] },
  { says: /Health Status Unavailable|Process Down|ISE Server not running/i, symptoms: ['alarm:node-down'] },
  { says: /Certificate (?:Expired|Expiration)/i, symptoms: ['alarm:certificate'] },
  { says: /mail could not be delivered/i, symptoms: ['alarm:undelivered'] },
];

/** What an alarm may stand for; undefined for one that has nothing to do with mail. */
export function alarmSymptoms(name: string): readonly string[] | undefined {
  return ALARMS.find(({ says }) => says.test(name))?.symptoms;
}

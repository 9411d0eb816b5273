import { z } from 'zod';

/**
 * What the alarms go by that come up by themselves, besides those about the client secret. None of it is known of the
 * real product but for the 90, 60 and 30 days, which are hearsay (fact sheet ise 4.1).
 */
export const alarmThresholdsSchema = z.strictObject({
  certificateThresholdsDays: z.array(z.int().min(1).max(365)).max(20).default([90, 60, 30]),
  /** From so many days before its end on, a certificate is told of daily; 0: never. */
  certificateDailyWithinDays: z.int().min(0).max(365).default(7),
  /** Seconds between two looks of the active MnT at a node that it has no connection with. */
  healthIntervalSeconds: z.int().min(10).max(86_400).default(300),
  /** Looks in a row that must fail before the node counts as down. */
  healthMissedMax: z.int().min(1).max(100).default(2),
});
export type AlarmThresholds = z.infer<typeof alarmThresholdsSchema>;

import { z } from 'zod';

const diagnosis = z.strictObject({
  code: z.string().min(1),
  cause: z.string().min(1),
  remedy: z.string().min(1),
  evidence: z.array(z.int().min(1)).min(1),
  certainty: z.enum(['certain', 'likely', 'ambiguous']),
  check: z.strictObject({ ask: z.string().min(1), tells: z.string().min(1) }),
  alternatives: z.array(z.strictObject({ code: z.string().min(1), probability: z.number().min(0).max(1) })),
});

const scenario = z.strictObject({
  name: z.string().min(1),
  file: z.string().min(1),
  seed: z.int().min(0),
  outcome: z.enum(['passed', 'failed', 'error']),
  virtualMs: z.number().min(0),
  wallMs: z.number().min(0),
  /** Empty where no journal was begun, as the start could not be brought about. */
  journalSha256: z.string().regex(/^([0-9a-f]{64})?$/),
  diagnosis: z.array(diagnosis),
  failures: z.array(
    z.strictObject({
      line: z.int().min(1).optional(),
      step: z.string().optional(),
      expected: z.string(),
      actual: z.string(),
      lastLines: z.array(z.string()).optional(),
    }),
  ),
  /** Where evidence was left. */
  evidence: z.string().min(1).optional(),
});

const report = z.strictObject({
  scenarios: z.array(
    scenario.refine(({ outcome, journalSha256 }) => outcome !== 'passed' || journalSha256 !== '', 'no journal'),
  ),
});

export type ReportedScenario = z.infer<typeof scenario>;

/** Reads what `--reporter json` wrote: exactly the fields that are promised, and no others. */
export function readJsonReport(text: string): ReportedScenario[] {
  return report.parse(JSON.parse(text)).scenarios;
}

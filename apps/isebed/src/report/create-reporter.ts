import { JsonReporter } from './json.reporter.ts';
import { JunitReporter } from './junit.reporter.ts';
import { PrettyReporter, type PrettyOptions } from './pretty.reporter.ts';
import type { Reporter, Write } from './reporter.ts';
import { TapReporter } from './tap.reporter.ts';

export const REPORTER_NAMES = ['pretty', 'json', 'junit', 'tap'] as const;
export type ReporterName = (typeof REPORTER_NAMES)[number];

/** `options` are for the pretty one; the others are for programs and look the same everywhere. */
export function createReporter(name: ReporterName, write: Write, options: PrettyOptions): Reporter {
  switch (name) {
    case 'pretty':
      return new PrettyReporter(write, options);
    case 'json':
      return new JsonReporter(write);
    case 'junit':
      return new JunitReporter(write);
    case 'tap':
      return new TapReporter(write);
  }
}

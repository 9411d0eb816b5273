import { HtmlReporter } from './html.reporter.ts';
import { JsonReporter } from './json.reporter.ts';
import { JunitReporter } from './junit.reporter.ts';
import { PrettyReporter, type PrettyOptions } from './pretty.reporter.ts';
import type { ReporterName } from './reporter-list.ts';
import type { Reporter, Write } from './reporter.ts';
import { TapReporter } from './tap.reporter.ts';

/**
 * `options` are for the pretty one; the others are for programs and look the same everywhere. Links of the HTML index
 * lead from `folder`, where `write` puts it.
 */
export function createReporter(name: ReporterName, write: Write, options: PrettyOptions, folder = '.'): Reporter {
  switch (name) {
    case 'pretty':
      return new PrettyReporter(write, options);
    case 'json':
      return new JsonReporter(write);
    case 'junit':
      return new JunitReporter(write);
    case 'tap':
      return new TapReporter(write);
    case 'html':
      return new HtmlReporter(write, folder);
  }
}

import type { NodeDefinition } from '#libs/deployment';
import type { ScenarioResult } from '#libs/scenario';
import type { JournalRecord } from '#libs/simulation';

/** What the report of a run is drawn from. */
export interface ReportInput {
  readonly result: ScenarioResult;
  /** As they were at the end; none if the testbed did not start. */
  readonly nodes: readonly ReportNode[];
  readonly records: readonly JournalRecord[];
  /** What lies beside the page. */
  readonly files: readonly ReportFile[];
}

export interface ReportNode extends Pick<NodeDefinition, 'name' | 'personas'> {
  /** As the deployment list shows it: `PRI(A)`. */
  readonly roles: string;
}

export interface ReportFile {
  /** Below the folder of the page, with `/`. */
  readonly path: string;
  readonly what: string;
  /** Of transcripts and certificate chains. */
  readonly text?: string;
}

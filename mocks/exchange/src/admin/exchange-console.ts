import type { Journal } from '#libs/simulation';
import { CmdletError, type AdminContext, type CmdletObject } from './cmdlet.ts';
import { parseCommandLine } from './command-line.ts';
import { formatList, formatTable } from './format-output.ts';
import { findCmdlet, runCmdlet } from './run-cmdlet.ts';

export type ConsoleResult =
  | { kind: 'done'; text: string; objects: readonly CmdletObject[] }
  /** `text` is what the console prints in red. */
  | { kind: 'failed'; text: string; errorId: string };

/** A line typed into the Exchange Online PowerShell of one organization, and what the console prints. */
export function runCommandLine(line: string, context: AdminContext & { journal?: Journal }): ConsoleResult {
  try {
    const { cmdlet: name, given, view } = parseCommandLine(line);
    const { objects, warnings = [] } = runCmdlet(name, given, context);
    const cmdlet = findCmdlet(name);
    const { tenantId } = context.organization;
    context.journal?.record({ kind: 'exchange.cmdlet-run', tenantId, cmdlet: cmdlet?.name ?? name, from: 'console' });
    const columns = view?.properties.length ? view.properties : (cmdlet?.columns ?? []);
    const isTable = view ? view.format === 'table' : columns.length > 0;
    const body = isTable ? formatTable(objects, columns) : formatList(objects, view?.properties);
    const text = warnings.map((warning) => `WARNING: ${warning}\n`).join('') + body;
    return { kind: 'done', text, objects };
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    return failure(line, error);
  }
}

function failure(line: string, { failure: found }: CmdletError): ConsoleResult {
  const { text, exceptionType, errorCode, fullyQualifiedErrorId } = found;
  const name = line.trim().split(/\s+/)[0] ?? '';
  if (fullyQualifiedErrorId === 'Write-ErrorMessage') {
    return {
      kind: 'failed',
      text: `Write-ErrorMessage : ${errorCode}|${exceptionType}|${text}\n`,
      errorId: fullyQualifiedErrorId,
    };
  }
  const subject = fullyQualifiedErrorId.endsWith('Exception') ? name : (findCmdlet(name)?.name ?? name);
  return { kind: 'failed', text: `${subject} : ${text}\n`, errorId: fullyQualifiedErrorId };
}

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Mistake } from './mistake.ts';
import { reasonOf } from './scenario-file.ts';

const FOLDERS_DEEP_MAX = 20;

export interface FoundFiles {
  /** Sorted, each once. Files that were named stand there whatever they are called. */
  readonly files: readonly string[];
  /** Paths that are not there, and folders without a scenario. */
  readonly mistakes: readonly Mistake[];
}

/** The scenario files among the paths: files as named, and every *.yaml and *.yml below the folders. */
export function findScenarioFiles(paths: readonly string[]): FoundFiles {
  const files = new Set<string>();
  const mistakes: Mistake[] = [];
  for (const path of paths) {
    const add = (message: string, expected: string): number =>
      mistakes.push({ file: path, line: 1, column: 1, message, expected });
    try {
      if (!statSync(path).isDirectory()) {
        files.add(path);
        continue;
      }
      const inside = filesBelow(path, FOLDERS_DEEP_MAX);
      if (inside.length === 0) add('a folder without a scenario', 'a *.yaml or *.yml file in it');
      inside.forEach((file) => files.add(file));
    } catch (cause) {
      add(reasonOf(cause), 'a scenario file, or a folder with some');
    }
  }
  return { files: [...files].sort(), mistakes };
}

/** Symbolic links to folders are not followed, so there are no circles. */
function filesBelow(folder: string, depth: number): string[] {
  if (depth === 0) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path, depth - 1);
    return /\.ya?ml$/.test(entry.name) ? [path] : [];
  });
}

// Fails if the picture of a run in README.md is not what a run gives; needs `npm run build` first:
//   npx node tools/check-recording.ts
import { existsSync, readFileSync } from 'node:fs';
import { recordingFile, recordingText } from './recording.ts';

const published = existsSync(recordingFile) ? readFileSync(recordingFile, 'utf8') : undefined;
if (published !== recordingText()) {
  console.error(
    'docs/images/run.svg is stale: run "npx node tools/update-recording.ts", look at it, and commit the file.',
  );
  process.exitCode = 1;
}

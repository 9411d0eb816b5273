// Writes the picture of a run that README.md shows; needs `npm run build` first:
//   npx node tools/update-recording.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { recordingFile, recordingText } from './recording.ts';

mkdirSync(new URL('.', recordingFile), { recursive: true });
writeFileSync(recordingFile, recordingText());

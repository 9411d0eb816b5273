import { spawnSync } from 'node:child_process';
import { ansiToSvg } from './ansi-svg.ts';

const root = new URL('..', import.meta.url);
const SCENARIO = 'scenarios/troubleshooting/t4-wrong-object-id.yaml';

export const recordingFile = new URL('docs/images/run.svg', root);

/** What `docs/images/run.svg` must hold: a run of the built program, in colour, less the real time it took. */
export function recordingText(): string {
  const { NO_COLOR: _noColor, ...environment } = process.env;
  const run = spawnSync(process.execPath, ['bin/isebed.js', 'run', SCENARIO], {
    cwd: root,
    encoding: 'utf8',
    env: { ...environment, FORCE_COLOR: '1' },
  });
  if (run.status !== 0) throw new Error(`${SCENARIO} did not pass:\n${run.stdout}${run.stderr}`);
  const story = run.stdout.replaceAll(/ simulated in \d+\.\d+ s/g, ' simulated');
  return ansiToSvg(`\u001b[2m$\u001b[22m npx isebed run ${SCENARIO}\n${story}`, `A run of ${SCENARIO}`);
}

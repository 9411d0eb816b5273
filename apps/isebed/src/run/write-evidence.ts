import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderCapture, renderKeyLog } from '#libs/evidence';
import { renderGuestLog } from '#libs/node-log';
import type { ScenarioRun } from './run-scenario.ts';
import type { ScenarioWorld } from './scenario-world.ts';

/** Writes journal, guest.log per node, mails as received, and the result into `folder`, which is created. */
export function writeEvidence({ result, world, traffic }: ScenarioRun, folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (world) writeWorld(world, folder);
  if (traffic) {
    writeFileSync(join(folder, 'capture.pcapng'), renderCapture(traffic, result.name));
    writeFileSync(join(folder, 'tls-keys.log'), renderKeyLog(traffic));
  }
  // Last: a folder with a result is complete.
  writeFileSync(join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
}

function writeWorld(world: ScenarioWorld, folder: string): void {
  const { deployment, journal, microsoft } = world.testbed;
  writeFileSync(join(folder, 'journal.jsonl'), journal.toJsonLines());
  for (const { name } of deployment.nodes) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'guest.log'), renderGuestLog(journal.records, name));
  }
  mkdirSync(join(folder, 'mails'), { recursive: true });
  for (const { messageId, raw } of microsoft.online.messages) {
    writeFileSync(join(folder, 'mails', `${fileNameOf(messageId)}.eml`), raw);
  }
}

function fileNameOf(messageId: string): string {
  return messageId.replaceAll(/[^\w.@-]/g, '').slice(0, 120);
}

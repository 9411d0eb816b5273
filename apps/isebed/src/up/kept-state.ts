import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { RealClock } from '#libs/simulation';
import { atOnce } from '../mail-api/at-once.ts';
import type { MicrosoftState } from '../testbed/simulated-microsoft.ts';
import { Documents } from './documents.ts';
import type { Storage } from './storage.ts';
import { UpError } from './up.error.ts';

/** What the clock showed when it was last asked to remember, and when this world was begun. */
const timeSchema = z.object({ now: z.number(), begunAt: z.number() });

const changesSchema = z.array(z.record(z.string(), z.unknown()));

/** There from the beginning of a reset to its end: a start that finds it goes on with the reset. */
const RESET_BEGUN = 'reset-begun';

/** What a live testbed keeps besides mails and the nodes' databases. While the disk fails, writing waits for it. */
export class KeptState {
  private readonly documents: Documents;
  private changesMade: Record<string, unknown>[];

  /** @throws UpError when what is kept there belongs to another deployment: nodes know each other by name */
  constructor(
    private readonly database: DatabaseSync,
    private readonly storage: Storage,
    private readonly deployment: string,
  ) {
    this.documents = new Documents(database);
    this.changesMade = changesSchema.catch([]).parse(this.documents.get('changes'));
    const known = z.string().catch(deployment).parse(this.documents.get('deployment'));
    if (known !== deployment) {
      throw new UpError(
        'up.data-deployment',
        `the data folder holds the deployment ${known}, not ${deployment}`,
        `Start it with --deployment ${known}, or give this one a folder of its own with --data.`,
      );
    }
  }

  get time(): z.infer<typeof timeSchema> | undefined {
    return timeSchema.safeParse(this.documents.get('time')).data;
  }

  rememberTime(time: z.infer<typeof timeSchema>): void {
    this.storage.attempt('time', () => {
      this.documents.put('time', time);
      this.documents.put('deployment', this.deployment);
    });
  }

  /** Entra and Exchange as `rememberMicrosoft` wrote them; the mocks check their own parts. */
  get microsoft(): MicrosoftState | undefined {
    const kept = this.documents.get('microsoft');
    return kept === undefined ? undefined : (kept as MicrosoftState);
  }

  /** `exportState` is asked when it is written, which may be later; undefined leaves everything as it is. */
  rememberMicrosoft(exportState: () => MicrosoftState | undefined): void {
    this.storage.attempt('tenant', () => {
      const state = exportState();
      if (state) this.documents.put('microsoft', state);
    });
  }

  /** Changes of the world, in their order, that the next start has to make again. */
  get changes(): readonly Record<string, unknown>[] {
    return this.changesMade;
  }

  /** Takes note of an action that was carried out, if its effect is not kept otherwise. */
  addChange(action: string, values: unknown): void {
    if (isKeptOtherwise(action)) return;
    this.changesMade.push({ [action]: values });
    this.storage.attempt('changes', () => this.documents.put('changes', this.changesMade));
  }

  get isResetBegun(): boolean {
    return this.documents.get(RESET_BEGUN) !== undefined;
  }

  /** Forgets everything but that it was forgotten. @throws the error of the database when it can't be written */
  beginReset(): void {
    atOnce(this.database, () => {
      this.documents.clear();
      this.documents.put(RESET_BEGUN, true);
    });
    this.changesMade = [];
  }

  endReset(): void {
    this.storage.attempt('end of the reset', () => this.documents.delete(RESET_BEGUN));
  }

  /** Writes something small. @throws the error of the database while it can't be written */
  probe(): void {
    this.documents.put('probe', new RealClock().now());
  }
}

/** In the exported state of Entra and Exchange; or it was a mail, or what was used of a limit, and is over. */
function isKeptOtherwise(action: string): boolean {
  if (action === 'exchange.settings') return false;
  return ['entra.', 'exchange.', 'graph.', 'mail.'].some((area) => action.startsWith(area));
}

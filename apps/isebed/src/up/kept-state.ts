import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { RealClock } from '#libs/simulation';
import { atOnce } from '../mail-api/at-once.ts';
import { microsoftStateSchema, type MicrosoftState } from '../testbed/microsoft-state.ts';
import type { TenantSource } from '../testbed/tenant-source.ts';
import { Documents } from './documents.ts';
import { keptTenant } from './kept-tenant.ts';
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
  private readonly deployment: string;
  private changesMade: Record<string, unknown>[];
  private begunWith: TenantSource | undefined;

  /** @throws UpError when what is kept there belongs to another deployment (nodes know each other by name) or tenant */
  constructor(
    private readonly database: DatabaseSync,
    private readonly storage: Storage,
    { deployment, tenant }: { deployment: string; tenant?: TenantSource | undefined },
  ) {
    this.deployment = deployment;
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
    this.begunWith = keptTenant(this.documents, tenant);
  }

  /** What Entra and Exchange began with; undefined: the healthy tenant. */
  get tenant(): TenantSource | undefined {
    return this.begunWith;
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

  /**
   * Entra and Exchange as `rememberMicrosoft` wrote them, and as they began (folders of the first version do not say).
   *
   * @throws UpError when that can't be read
   */
  get microsoft(): { state: MicrosoftState; seed: MicrosoftState } | undefined {
    const kept = this.documents.get('microsoft');
    if (kept === undefined) return undefined;
    const state = microsoftStateSchema.safeParse(kept);
    const seed = microsoftStateSchema.safeParse(this.documents.get('microsoft-seed') ?? kept);
    if (state.success && seed.success) return { state: state.data, seed: seed.data };
    const remedy = 'Give another folder with --data.';
    throw new UpError('up.state-damaged', 'what the data folder knows of the tenant cannot be read', remedy);
  }

  /** What the tenants were like when they began. */
  rememberBeginning(seed: MicrosoftState): void {
    this.storage.attempt('beginning', () => {
      if (this.begunWith) this.documents.put('tenant', this.begunWith.text);
      this.documents.put('microsoft-seed', seed);
    });
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

  /**
   * Forgets everything but that it was forgotten, and what is to begin now.
   *
   * @throws the error of the database when it can't be written
   */
  beginReset(tenant: TenantSource | undefined): void {
    atOnce(this.database, () => {
      this.documents.clear();
      if (tenant) this.documents.put('tenant', tenant.text);
      this.documents.put(RESET_BEGUN, true);
    });
    this.begunWith = tenant;
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
  return ['entra.', 'exchange.', 'graph.', 'mail.'].some((area) => action.startsWith(area));
}

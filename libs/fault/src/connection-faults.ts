import type { Random } from '#libs/simulation';
import type { FaultStage, FaultSubject } from './fault-trigger.ts';
import type { WireFault } from './wire-fault.ts';

/** A fault that has fired on a connection. The same object as long as it holds there. */
export interface ActiveFault {
  readonly name: string;
  readonly fault: WireFault;
  /** The step that it is bound to; undefined: the whole connection. */
  readonly stage: FaultStage | undefined;
  /** Latency and the jitter drawn for this connection, in milliseconds; 0 for other faults. */
  readonly latencyMs: number;
  /** False once the step or the window is over, or the fault was removed. */
  readonly holds: boolean;
}

/** The faults of one connection, as they come and go. Made by `FaultPlan.attach`. */
export class ConnectionFaults {
  private active: readonly (ActiveFault & { holds: boolean })[] = [];
  private readonly listeners = new Set<() => void>();
  /** The faults that have had their chance here, each with the step it is bound to. */
  private readonly chances = new Map<object, FaultStage | undefined>();
  private currentStage: FaultStage = 'dial';
  private opened = false;

  /** @internal `consider` looks which faults of the plan fire now; `forget` ends the plan's interest. */
  constructor(
    readonly subject: FaultSubject,
    readonly host: string,
    /** `seq` of the dial's journal record. */
    readonly cause: number,
    private readonly consider: (connection: ConnectionFaults) => void,
    private readonly forget: (connection: ConnectionFaults) => void,
  ) {}

  get stage(): FaultStage {
    return this.currentStage;
  }

  /** Whether the connection has come about. */
  get isOpen(): boolean {
    return this.opened;
  }

  /** The faults that hold now. The same array until something changes. */
  get inForce(): readonly ActiveFault[] {
    return this.active;
  }

  /** To be called when the connection has come about: from now on what is bound to no step may fire. */
  open(): void {
    this.opened = true;
    this.consider(this);
  }

  /** The connection goes on to its next step: what was bound to the one before ends. */
  enter(stage: FaultStage): void {
    if (stage === this.currentStage) return;
    this.currentStage = stage;
    for (const [fault, boundTo] of this.chances) if (boundTo !== undefined) this.chances.delete(fault);
    this.end((active) => active.stage !== undefined && active.stage !== stage);
    this.consider(this);
  }

  /** Calls `listener` whenever `inForce` has changed. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** The connection is over. */
  close(): void {
    this.forget(this);
    this.listeners.clear();
    this.end(() => true);
  }

  /** @internal True once for each fault, or once per step for one that is bound to a step. */
  takeChance(fault: object, boundTo: FaultStage | undefined): boolean {
    if (this.chances.has(fault)) return false;
    this.chances.set(fault, boundTo);
    return true;
  }

  /** @internal */
  activate(name: string, fault: WireFault, stage: FaultStage | undefined, random: Random): void {
    const jitterMs = fault.type === 'latency' ? random.integer(0, fault.jitterMs ?? 0) : 0;
    const latencyMs = fault.type === 'latency' ? fault.ms + jitterMs : 0;
    this.active = [...this.active, { name, fault, stage, latencyMs, holds: true }];
    this.changed();
  }

  /** @internal */
  end(isOver: (active: ActiveFault) => boolean): void {
    const over = this.active.filter(isOver);
    if (over.length === 0) return;
    for (const active of over) active.holds = false;
    this.active = this.active.filter(({ holds }) => holds);
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

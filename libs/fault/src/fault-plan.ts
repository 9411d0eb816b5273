import type { Clock, Journal, Random, Timer } from '#libs/simulation';
import { ConnectionFaults } from './connection-faults.ts';
import { FaultError } from './fault.error.ts';
import { concerns, isWithin, takesOccasion, type FaultSubject, type FaultTrigger } from './fault-trigger.ts';
import { faultMistake, type WireFault } from './wire-fault.ts';

/** A fault by the name it is removed with. */
export interface NamedFault {
  readonly name: string;
  readonly fault: WireFault;
  /** Default: every connection of every ISE node. */
  readonly trigger?: FaultTrigger;
}

interface Entry extends Required<NamedFault> {
  /** How often the trigger could have fired so far. */
  occasions: number;
  readonly random: Random;
  readonly timers: Timer[];
}

/**
 * The faults of a testbed: named, seeded, to be added and removed while the run goes on. A fault with a window goes by
 * itself. Each firing is journalled as `fault.applied`, with the dial that it struck as its cause.
 *
 * A fault fires once per connection, or once per step of that kind if it is bound to one; `first`, `nth` and
 * `probability` count these.
 */
export class FaultPlan {
  private readonly entries = new Map<string, Entry>();
  private readonly connections = new Set<ConnectionFaults>();

  constructor(private readonly options: { clock: Clock; journal: Journal; random: Random }) {}

  get isEmpty(): boolean {
    return this.entries.size === 0;
  }

  /** In the order in which they were added. */
  get faults(): readonly NamedFault[] {
    return [...this.entries.values()].map(({ name, fault, trigger }) => ({ name, fault, trigger }));
  }

  /** @throws FaultError when the name is taken or a number is out of bounds */
  add({ name, fault, trigger = {} }: NamedFault): void {
    const { clock, random } = this.options;
    if (this.entries.has(name)) {
      throw new FaultError('fault.name-taken', `there is a fault "${name}" already`, 'Remove it, or use another name.');
    }
    const mistake = faultMistake(fault) ?? triggerMistake(trigger);
    if (mistake) throw new FaultError('fault.invalid', `fault "${name}" can not be: ${mistake}`, mistake);
    const entry: Entry = { name, fault, trigger, occasions: 0, random: random.stream(`fault ${name}`), timers: [] };
    this.entries.set(name, entry);
    const now = clock.now();
    const { from, until } = trigger;
    if (from !== undefined && from > now) entry.timers.push(clock.after(from - now, () => this.considerAll(entry)));
    if (until !== undefined)
      entry.timers.push(clock.after(Math.max(until - now, 0), () => this.drop(entry, 'expired')));
    this.considerAll(entry);
  }

  /** @throws FaultError when there is none of that name, or no longer */
  remove(name: string): void {
    const entry = this.entries.get(name);
    if (!entry) {
      const names = [...this.entries.keys()].join(', ') || 'there are none';
      throw new FaultError('fault.unknown', `there is no fault "${name}"`, `Faults: ${names}.`);
    }
    this.drop(entry, 'removed');
  }

  /** Removes all. */
  clear(): void {
    for (const entry of [...this.entries.values()]) this.drop(entry, 'removed');
  }

  /**
   * The faults of a connection that is being dialled; what concerns the dial fires at once.
   *
   * @param cause `seq` of the dial's journal record
   */
  attach(subject: FaultSubject, host: string, cause: number): ConnectionFaults {
    const connection = new ConnectionFaults(
      subject,
      host,
      cause,
      (changed) => this.considerConnection(changed),
      (closed) => this.connections.delete(closed),
    );
    this.connections.add(connection);
    this.considerConnection(connection);
    return connection;
  }

  private considerAll(entry: Entry): void {
    for (const connection of [...this.connections]) this.consider(entry, connection);
  }

  private considerConnection(connection: ConnectionFaults): void {
    for (const entry of [...this.entries.values()]) this.consider(entry, connection);
  }

  private consider(entry: Entry, connection: ConnectionFaults): void {
    const { clock, journal } = this.options;
    const { name, fault, trigger, random } = entry;
    const { subject, stage, host, cause } = connection;
    if (!appliesAt(entry, connection) || !concerns(trigger, subject) || !isWithin(trigger, clock.now())) return;
    if (!connection.takeChance(entry, trigger.stage)) return;
    entry.occasions += 1;
    if (!takesOccasion(trigger, entry.occasions)) return;
    if (trigger.probability !== undefined && !random.chance(trigger.probability)) return;
    journal.record({ kind: 'fault.applied', node: subject.node, cause, name, type: fault.type, stage, host });
    connection.activate(name, fault, trigger.stage, random);
  }

  private drop(entry: Entry, reason: 'expired' | 'removed'): void {
    if (this.entries.get(entry.name) !== entry) return;
    this.entries.delete(entry.name);
    for (const timer of entry.timers) timer.cancel();
    this.options.journal.record({ kind: 'fault.ended', name: entry.name, type: entry.fault.type, reason });
    for (const connection of [...this.connections]) connection.end(({ name }) => name === entry.name);
  }
}

/** What is bound to a step fires there; the rest on an open connection, but `down`, which no connection survives. */
function appliesAt({ fault, trigger }: Entry, { stage, isOpen }: ConnectionFaults): boolean {
  if (trigger.stage !== undefined) return trigger.stage === stage;
  return isOpen || fault.type === 'down';
}

function triggerMistake({ first, nth, probability, from, until }: FaultTrigger): string | undefined {
  for (const [field, count] of Object.entries({ first, nth })) {
    if (count !== undefined && !(Number.isInteger(count) && count >= 1)) return `${field}: a whole number from 1`;
  }
  if (probability !== undefined && !(probability >= 0 && probability <= 1)) return 'probability: a number from 0 to 1';
  return from !== undefined && until !== undefined && until <= from ? 'until: an instant after from' : undefined;
}

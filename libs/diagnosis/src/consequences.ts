import type { EvidenceRecord } from './evidence.ts';

/** The records that follow from `seq`, however far, in order. @param records in the order of `seq` */
export function consequencesOf(records: readonly EvidenceRecord[], seq: number): EvidenceRecord[] {
  const effects = effectsIn(records);
  const found: EvidenceRecord[] = [];
  const causes = [seq];
  for (let cause = causes.pop(); cause !== undefined; cause = causes.pop()) {
    for (const effect of effects.get(cause) ?? []) {
      if (effect.seq <= cause) continue;
      found.push(effect);
      causes.push(effect.seq);
    }
  }
  return found.sort((one, other) => one.seq - other.seq);
}

interface EffectIndex {
  readonly effects: Map<number, EvidenceRecord[]>;
  first: EvidenceRecord | undefined;
  length: number;
}

/** A journal is asked about each of its mails: it is read once, and again only for what has come since. */
const indexes = new WeakMap<readonly EvidenceRecord[], EffectIndex>();

function effectsIn(records: readonly EvidenceRecord[]): ReadonlyMap<number, readonly EvidenceRecord[]> {
  let index = indexes.get(records);
  // Where the oldest were dropped, nothing stands where it stood.
  if (!index || index.first !== records[0] || index.length > records.length) {
    index = { effects: new Map(), first: records[0], length: 0 };
    indexes.set(records, index);
  }
  const { effects } = index;
  for (const record of records.slice(index.length)) {
    if (record.cause === undefined) continue;
    const known = effects.get(record.cause);
    if (known) known.push(record);
    else effects.set(record.cause, [record]);
  }
  index.length = records.length;
  return effects;
}

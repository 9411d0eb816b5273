import { describeState, type Description, type DescriptionOfMany, type HiddenValue } from './tenant-description.ts';
import type { MicrosoftState } from './microsoft-state.ts';

/** What differs between two states, from the first to the second. */
type TenantDifference =
  | { kind: 'added' | 'removed'; path: string[] }
  /** Without the texts where the value is a secret. */
  | { kind: 'changed'; path: string[]; before?: string; after?: string };

export interface TenantComparison {
  equal: boolean;
  /** `text` is one line for people. */
  differences: (TenantDifference & { text: string })[];
}

/** A state, and the paths of what it does not insist on: what its seed left open. */
export interface ComparedState {
  state: MicrosoftState;
  leftOpen: ReadonlySet<string>;
}

/** Differences in the order of the first state; what is only in the second one comes last on each level. */
export function compareStates(before: ComparedState, after: ComparedState): TenantComparison {
  const isLeftOpen = (path: readonly string[]): boolean => {
    const name = path.join(' / ');
    return before.leftOpen.has(name) || after.leftOpen.has(name);
  };
  const found = compareLevels(describeState(before.state), describeState(after.state), [], isLeftOpen);
  const differences = found.map((difference) => ({ ...difference, text: formatDifference(difference) }));
  return { equal: differences.length === 0, differences };
}

/** `Contoso / applications / ISE mail / secrets / current / endsOn: 2027-01-01 -> 2026-01-01` */
function formatDifference(difference: TenantDifference): string {
  const path = difference.path.join(' / ');
  if (difference.kind !== 'changed') return `${path}: ${difference.kind}`;
  const { before, after } = difference;
  return before === undefined || after === undefined ? `${path}: changed` : `${path}: ${before} -> ${after}`;
}

function compareLevels(
  before: DescriptionOfMany,
  after: DescriptionOfMany,
  path: readonly string[],
  isLeftOpen: (path: readonly string[]) => boolean,
): TenantDifference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name): TenantDifference[] => {
    const [one, other, here] = [before[name], after[name], [...path, name]];
    if (one === undefined) return [{ kind: 'added', path: here }];
    if (other === undefined) return [{ kind: 'removed', path: here }];
    if (isMany(one) && isMany(other)) return compareLevels(one, other, here, isLeftOpen);
    if (isLeftOpen(here)) return [];
    if (typeof one === 'string' && typeof other === 'string') {
      return one === other ? [] : [{ kind: 'changed', path: here, before: one, after: other }];
    }
    if (isHidden(one) && isHidden(other) && one.sha256 === other.sha256) return [];
    return [{ kind: 'changed', path: here }];
  });
}

function isHidden(description: Description): description is HiddenValue {
  return typeof description === 'object' && typeof description['sha256'] === 'string';
}

function isMany(description: Description): description is DescriptionOfMany {
  return typeof description === 'object' && !isHidden(description);
}

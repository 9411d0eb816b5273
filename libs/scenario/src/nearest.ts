import leven from 'leven';

const LENGTH_MAX = 80;

/** The candidate that `name` misspells or begins; case does not count. Undefined if none is near. */
export function nearestOf(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > LENGTH_MAX) return undefined;
  const wanted = name.toLowerCase();
  // Two neighbouring letters that changed places count as two.
  const distanceMax = wanted.length < 4 ? 1 : Math.max(2, Math.floor(wanted.length / 3));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = leven(wanted, candidate.toLowerCase());
    if (distance <= distanceMax && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate ?? candidates.find((candidate) => beginsWith(candidate.toLowerCase(), wanted));
}

function beginsWith(candidate: string, wanted: string): boolean {
  return wanted.length >= 4 && candidate.startsWith(wanted);
}

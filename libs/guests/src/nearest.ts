import leven from 'leven';

/** The candidate that `name` misspells, case and blanks aside; `undefined` if none is near. */
function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const wanted = plain(name).slice(0, 80);
  const distanceMax = Math.max(1, Math.floor(wanted.length / 3));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = leven(wanted, plain(candidate));
    if (distance <= distanceMax && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

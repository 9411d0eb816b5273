import type { Failure } from '#libs/scenario';

/** Without what a terminal, an XML parser or a line-based format would take for more than text. */
export function plainText(text: string): string {
  return text.replace(/\p{Cc}|\p{Cs}|[\u2028\u2029\ufffe\uffff]/gu, ' ');
}

/** Seconds with two decimals, as `0.21 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

const UNITS = [
  { ms: 86_400_000, one: 'day', many: 'days' },
  { ms: 3_600_000, one: 'h', many: 'h' },
  { ms: 60_000, one: 'min', many: 'min' },
  { ms: 1_000, one: 's', many: 's' },
] as const;

/** Simulated time by its two largest units, as `50 s`, `3 h 42 min`, `90 days`. */
export function span(ms: number): string {
  let rest = Math.round(ms / 1_000) * 1_000;
  const parts: string[] = [];
  for (const unit of UNITS) {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    if (count > 0) parts.push(`${count} ${count === 1 ? unit.one : unit.many}`);
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}

/** Breaks text between words. A word longer than the width stays whole, so that it can be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** `line 12, pan1 / SMTP Server / Save`, or what of it is known. */
export function whereOf({ line, step }: Failure): string {
  return [line === undefined ? '' : `line ${line}`, step ?? ''].filter((part) => part !== '').join(', ');
}

/** Pixels of one character cell, and around the text. */
const CELL = { width: 8, height: 18 };
const MARGIN = 16;
const BASELINE = 13;

/** What terminals call these numbers (ECMA-48, 8.3.117), as classes of the style sheet below. */
const STYLES: Record<number, string> = {
  1: 'bold',
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  34: 'blue',
  36: 'cyan',
};
/** Each number that switches styles off, with the styles. */
const RESETS: Record<number, readonly string[]> = {
  0: Object.values(STYLES),
  22: ['bold', 'dim'],
  39: ['red', 'green', 'yellow', 'blue', 'cyan'],
};

const ESCAPE = '\u001b';
/** A switch of the look, or text up to the next escape sequence, or one that is none of ours. */
const PIECE = new RegExp(`${ESCAPE}\\[([\\d;]*)m|([^${ESCAPE}]+)|${ESCAPE}`, 'g');

/** A dark window of its own, so that it is readable on light and on dark pages. */
const STYLE_SHEET = [
  '.window { fill: #161b22; stroke: #57606a; }',
  'text { fill: #d1d7e0; font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }',
  '.bold { font-weight: 700; fill: #f6f8fa; }',
  '.dim { fill: #9198a1; }',
  '.red { fill: #ff7b72; }',
  '.green { fill: #56d364; }',
  '.yellow { fill: #e3b341; }',
  '.blue { fill: #79c0ff; }',
  '.cyan { fill: #76e3ea; }',
].join('\n    ');

interface Piece {
  text: string;
  /** From 0. */
  column: number;
  classes: readonly string[];
}

/**
 * Terminal output as an SVG picture: the same output gives the same bytes.
 *
 * @throws Error on an escape sequence that is not a known colour or weight
 */
export function ansiToSvg(output: string, title: string): string {
  const lines = piecesOf(output.trimEnd());
  const columns = Math.max(...lines.flat().map(({ column, text }) => column + widthOf(text)), 1);
  const width = columns * CELL.width + 2 * MARGIN;
  const height = lines.length * CELL.height + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `  <title>${escape(title)}</title>`,
    `  <style>\n    ${STYLE_SHEET}\n  </style>`,
    `  <rect class="window" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    ...lines.flatMap((pieces, row) => pieces.map((piece) => textElement(piece, row))),
    '</svg>',
    '',
  ].join('\n');
}

function textElement({ text, column, classes }: Piece, row: number): string {
  const x = MARGIN + column * CELL.width;
  const y = MARGIN + row * CELL.height + BASELINE;
  const look = classes.length === 0 ? '' : ` class="${classes.join(' ')}"`;
  // The length keeps columns in line whatever font the reader has.
  return `  <text x="${x}" y="${y}" textLength="${widthOf(text) * CELL.width}"${look}>${escape(text)}</text>`;
}

/** The lines, each cut where the look changes, and where there are blanks in a row: pictures have none of these. */
function piecesOf(output: string): Piece[][] {
  let active: readonly string[] = [];
  return output.split('\n').map((line) => {
    const pieces: Piece[] = [];
    let column = 0;
    for (const [, codes, text = ''] of line.matchAll(PIECE)) {
      if (codes !== undefined) {
        active = codes
          .split(';')
          .reduce<readonly string[]>((classes, code) => afterCode(classes, Number(code)), active);
        continue;
      }
      if (text === '') throw new Error(`an escape sequence that is no colour, in: ${JSON.stringify(line)}`);
      for (const words of text.matchAll(/\S+(?: \S+)*/g)) {
        pieces.push({ text: words[0], column: column + widthOf(text.slice(0, words.index)), classes: active });
      }
      column += widthOf(text);
    }
    return pieces;
  });
}

function afterCode(classes: readonly string[], code: number): readonly string[] {
  const off = RESETS[code];
  if (off) return classes.filter((name) => !off.includes(name));
  const on = STYLES[code];
  if (on === undefined) throw new Error(`no picture is known for the colour code ${code}`);
  return [...classes.filter((name) => name !== on), on];
}

/** In character cells; nothing that the program prints is wider than one. */
function widthOf(text: string): number {
  return [...text].length;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

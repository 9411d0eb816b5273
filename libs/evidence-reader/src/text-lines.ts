import { StringDecoder } from 'node:string_decoder';

/** What is beyond it in one line is not read: no message that tells anything is that long. */
const LINE_CHARACTERS_MAX = 32_768;

// eslint-disable-next-line no-control-regex -- the sequences of ECMA-48 begin with ESC
const TERMINAL_SEQUENCE = /\u001b(?:\[[\d;?]{0,32}[ -/]?[@-~]|\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
const UNPRINTABLE = /(?!\t)[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Splits what comes in pieces of any size into lines that a terminal shows as they are. */
export class TextLines {
  private decoder: StringDecoder | undefined;
  private encoding: 'utf8' | 'utf16le' = 'utf8';
  private rest = '';
  private isTooLong = false;
  private number = 0;

  constructor(private readonly onLine: (line: string, number: number) => void) {}

  feed(chunk: Buffer): void {
    if (!this.decoder) {
      this.encoding = encodingOf(chunk);
      this.decoder = new StringDecoder(this.encoding);
    }
    if (this.encoding === 'utf8' && isBinary(chunk)) return;
    this.take(this.decoder.write(chunk));
  }

  end(): void {
    this.take(this.decoder?.end() ?? '');
    if (this.rest !== '' || this.isTooLong) this.line(this.rest);
    this.rest = '';
  }

  private take(text: string): void {
    const pieces = text.split(/\r\n|\n|\r(?!$)/);
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      this.line(this.isTooLong ? this.rest : this.rest + piece);
      this.rest = '';
      this.isTooLong = false;
    }
    if (this.isTooLong) return;
    this.rest += last;
    this.isTooLong = this.rest.length > LINE_CHARACTERS_MAX;
  }

  private line(text: string): void {
    this.number += 1;
    this.onLine(cleaned(text.slice(0, LINE_CHARACTERS_MAX)), this.number);
  }
}

const SUSPICIOUS = /[^\t -~\u00a1-\u02ff\u0370-\u1fff]/;

function cleaned(line: string): string {
  if (!SUSPICIOUS.test(line)) return line;
  return line.replace(TERMINAL_SEQUENCE, '').replace(/\r$/, '').replace(UNPRINTABLE, ' ').replaceAll('\ufffd', ' ');
}

const SAMPLE_BYTES = 512;
/** More control characters than that have no place in a text; of random bytes a twelfth are. */
const CONTROLS_SHARE_MAX = 0.04;

function isBinary(chunk: Buffer): boolean {
  if (chunk.length < SAMPLE_BYTES) return false;
  const step = Math.floor(chunk.length / SAMPLE_BYTES);
  let controls = 0;
  for (let index = 0; index < SAMPLE_BYTES; index += 1) {
    const byte = chunk[index * step] ?? 0;
    if (byte < 9 || (byte > 13 && byte < 27) || byte === 127) controls += 1;
  }
  return controls > SAMPLE_BYTES * CONTROLS_SHARE_MAX;
}

/** Windows writes logs in UTF-16 at times; everything else is read as UTF-8. */
function encodingOf(chunk: Buffer): 'utf8' | 'utf16le' {
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf16le';
  const head = chunk.subarray(0, 64);
  const zeros = head.filter((byte, index) => byte === 0 && index % 2 === 1).length;
  return head.length >= 8 && zeros > head.length / 3 ? 'utf16le' : 'utf8';
}

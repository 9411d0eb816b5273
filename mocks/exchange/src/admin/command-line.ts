import { isSwitch, type GivenArguments, type GivenValue } from './bind-parameters.ts';
import { unreadableLine } from './cmdlet-failures.ts';
import { findCmdlet } from './run-cmdlet.ts';

/** A typed line: a command, and how its output is to be shown. */
export interface CommandLine {
  cmdlet: string;
  given: GivenArguments;
  view?: { format: 'list' | 'table'; properties: readonly string[] };
}

type Token =
  | { kind: 'word'; text: string }
  | { kind: 'quoted'; text: string }
  | { kind: 'parameter'; name: string; hasValue: boolean }
  | { kind: 'pipe' }
  | { kind: 'comma' };

const QUOTES = { "'": "'", '"': '"', '‘': '’', '“': '”' } as const;

/**
 * Reads a line as PowerShell would: quotes, `$true`/`$false`/`$null`, arrays with commas, `-Name value`, `-Name:value`,
 * `| fl` and `| ft` with properties. Simplified: no variables, sub-expressions, hash tables or further pipelines.
 *
 * @throws CmdletError `ParserError`
 */
export function parseCommandLine(line: string): CommandLine {
  const [command = [], view, ...more] = splitAtPipes(tokensOf(line));
  const [name, ...rest] = command;
  if (name?.kind !== 'word') throw unreadableLine('An expression was expected: the name of a cmdlet.');
  if (more.length > 0) throw unreadableLine('Only one element after the cmdlet is supported: fl or ft.');
  const given = argumentsOf(name.text, rest);
  return { cmdlet: name.text, given, ...(view ? { view: viewOf(view) } : {}) };
}

function argumentsOf(cmdlet: string, tokens: readonly Token[]): GivenArguments {
  const declaration = findCmdlet(cmdlet);
  const named: [string, GivenValue][] = [];
  const positional: GivenValue[] = [];
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at];
    if (token?.kind === 'parameter') {
      const follows = tokens[at + 1];
      const isAlone = follows === undefined || follows.kind === 'parameter';
      if (isAlone || (isSwitch(declaration, token.name) && !token.hasValue)) {
        named.push([token.name, undefined]);
        at += 1;
        continue;
      }
      const { value, next } = valueAt(tokens, at + 1);
      named.push([token.name, value]);
      at = next;
    } else {
      const { value, next } = valueAt(tokens, at);
      positional.push(value);
      at = next;
    }
  }
  return { named, positional };
}

/** A value, or several with commas between them. */
function valueAt(tokens: readonly Token[], start: number): { value: GivenValue; next: number } {
  const values: Exclude<GivenValue, undefined>[] = [];
  let at = start;
  for (;;) {
    const token = tokens[at];
    if (token?.kind !== 'word' && token?.kind !== 'quoted') throw unreadableLine('Missing argument in parameter list.');
    values.push(token.kind === 'quoted' ? token.text : literal(token.text));
    at += 1;
    if (tokens[at]?.kind !== 'comma') break;
    at += 1;
  }
  const [first] = values;
  return { value: values.length === 1 ? first : values.map((value) => String(value)), next: at };
}

function literal(word: string): string | boolean | null {
  switch (word.toLowerCase()) {
    case '$true':
      return true;
    case '$false':
      return false;
    case '$null':
      return null;
    default:
      if (word.startsWith('$'))
        throw unreadableLine(`The variable '${word}' cannot be retrieved because it has not been set.`);
      return word;
  }
}

function viewOf(tokens: readonly Token[]): CommandLine['view'] {
  const [command, ...rest] = tokens;
  const name = command?.kind === 'word' ? command.text.toLowerCase() : '';
  const isList = ['fl', 'format-list'].includes(name);
  if (!isList && !['ft', 'format-table'].includes(name)) {
    throw unreadableLine(`'${name}' is not supported after a cmdlet: use fl or ft.`);
  }
  const properties = rest.flatMap((token) => (token.kind === 'word' || token.kind === 'quoted' ? [token.text] : []));
  return { format: isList ? 'list' : 'table', properties };
}

function splitAtPipes(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'pipe') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    const char = line.charAt(at);
    if (/\s/.test(char)) at += 1;
    else if (char === '|' || char === ',') {
      tokens.push({ kind: char === '|' ? 'pipe' : 'comma' });
      at += 1;
    } else if (isQuote(char)) {
      const { text, next } = quotedAt(line, at);
      tokens.push({ kind: 'quoted', text });
      at = next;
    } else {
      const [word = ''] = /^[^\s|,'"‘“]+/.exec(line.slice(at)) ?? [];
      // Dashes that a word processor made of a hyphen are hyphens to PowerShell.
      const [, name, colon, value] = /^[-–—]([A-Za-z]\w*)(:?)(.*)$/.exec(word) ?? [];
      if (name === undefined) tokens.push({ kind: 'word', text: word });
      else tokens.push({ kind: 'parameter', name, hasValue: colon === ':' });
      if (value) tokens.push({ kind: 'word', text: value });
      at += Math.max(word.length, 1);
    }
  }
  return tokens;
}

function isQuote(char: string): char is keyof typeof QUOTES {
  return char in QUOTES;
}

/** A doubled quote stands for itself; in double quotes a backtick makes the next character plain. */
function quotedAt(line: string, start: number): { text: string; next: number } {
  const open = line.charAt(start);
  if (!isQuote(open)) throw unreadableLine('A quote was expected.');
  const close = QUOTES[open];
  const isDouble = open === '"' || open === '“';
  let text = '';
  for (let at = start + 1; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (isDouble && char === '`') {
      at += 1;
      text += line.charAt(at);
    } else if (char !== close) text += char;
    else if (line.charAt(at + 1) === close) {
      at += 1;
      text += char;
    } else return { text, next: at + 1 };
  }
  throw unreadableLine(`The string is missing the terminator: ${close}.`);
}

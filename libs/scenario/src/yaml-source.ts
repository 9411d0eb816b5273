import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Mistake } from './mistake.ts';
import { quoted } from './plain-data.ts';

/** Keys and list indices from the top of the document. */
export type YamlPath = readonly PropertyKey[];

const ALIASES_MAX = 100;
/** Keys whose values are never repeated in a message. */
const SECRET_KEYS: readonly PropertyKey[] = ['clientSecret', 'password', 'value'];

const SYNTAX: Record<string, { message: string; expected: string }> = {
  TAB_AS_INDENT: { message: 'a tab at the beginning of the line', expected: 'spaces, as YAML has no tabs there' },
  MULTIPLE_DOCS: { message: 'a second document begins here', expected: 'one document per file' },
  BLOCK_AS_IMPLICIT_KEY: { message: 'a colon inside a value', expected: 'quotes around text that holds ": "' },
  BAD_SCALAR_START: { message: 'a value that begins with @ or `', expected: 'quotes around it' },
  MISSING_CHAR: { message: 'a quote, bracket or colon is missing', expected: 'it to be closed before here' },
  BAD_INDENT: {
    message: 'the indentation does not fit',
    expected: 'the same indentation as the lines that belong together',
  },
  RESOURCE_EXHAUSTION: { message: 'nested too deeply', expected: 'fewer levels' },
};

/** A YAML text with the way back from a value to its place in the text. Never throws: what is wrong is in `mistakes`. */
export class YamlSource {
  /** The document as plain data; undefined if its YAML is broken. */
  readonly value: unknown;
  /** Mistakes of the YAML itself, duplicate keys included. */
  readonly mistakes: readonly Mistake[];
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document;
  readonly #pairs = new WeakMap<YAMLMap, Map<string, Pair>>();

  constructor(file: string, text: string) {
    this.#file = file;
    // The parser's own search for duplicate keys takes quadratic time.
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'error',
    });
    const syntax = this.#syntaxMistakes();
    if (syntax.length > 0) {
      this.mistakes = syntax;
      return;
    }
    const mistakes = this.#structureMistakes();
    this.mistakes = mistakes.list;
    if (mistakes.readable) this.value = this.#toPlain(mistakes.list);
  }

  /** The line of a value, from 1; for one that is not there, of the nearest thing around it. */
  lineOf(path: YamlPath): number {
    return this.#lines.linePos(this.#offsetOf(path)).line;
  }

  /** A mistake at a value, or at its key. */
  mistakeAt(
    path: YamlPath,
    found: Omit<Mistake, 'file' | 'line' | 'column'>,
    place: 'key' | 'value' = 'value',
  ): Mistake {
    return this.#mistake(this.#offsetOf(path, place), found);
  }

  /** What stands at the path, in words; undefined if nothing does. */
  describe(path: YamlPath): string | undefined {
    const { node } = this.#walk(path);
    if (!node) return undefined;
    if (isMap(node)) return 'a mapping';
    if (isSeq(node)) return 'a list';
    if (!isScalar(node)) return 'a value';
    if (node.value === null) return 'empty';
    if (SECRET_KEYS.includes(path.at(-1) ?? '')) return 'another value';
    if (typeof node.value === 'string') return quoted(node.value);
    return typeof node.value === 'number'
      ? `the number ${node.source ?? node.value}`
      : (node.source ?? 'another value');
  }

  #syntaxMistakes(): Mistake[] {
    return this.#document.errors.map(({ code, message, pos: [offset] }) =>
      this.#mistake(offset, SYNTAX[code] ?? { message: `broken YAML (${message})`, expected: 'YAML' }),
    );
  }

  #structureMistakes(): { list: Mistake[]; readable: boolean } {
    const list: Mistake[] = [];
    const add = (node: Node, message: string, expected: string): number =>
      list.push(this.#mistake(node.range?.[0] ?? 0, { message, expected }));
    const refuseTag = (node: Node): void => {
      if (node.tag !== undefined) add(node, `the tag ${node.tag}`, 'a value without a tag');
    };
    let aliases = 0;
    let readable = true;
    visit(this.#document, {
      Alias: (_key, alias, ancestors) => {
        aliases += 1;
        if (aliases > ALIASES_MAX) {
          add(alias, 'too many aliases', `at most ${ALIASES_MAX} of them`);
          readable = false;
          return visit.BREAK;
        }
        const target = alias.resolve(this.#document);
        if (target && !ancestors.includes(target)) return undefined;
        add(
          alias,
          `the alias ${quoted(`*${alias.source}`)} has no anchor before it`,
          'an earlier value with that anchor',
        );
        readable = false;
        return undefined;
      },
      Map: (_key, map) => {
        refuseTag(map);
        const seen = new Set<unknown>();
        for (const { key } of map.items) {
          if (!isScalar(key)) {
            add(map, 'a mapping used as a key', 'text; a {{placeholder}} needs quotes around it');
            continue;
          }
          if (seen.has(key.value)) add(key, `the key ${quoted(String(key.value))} is there twice`, 'each key once');
          seen.add(key.value);
        }
      },
      Seq: (_key, list) => refuseTag(list),
      Scalar: (_key, scalar) => refuseTag(scalar),
    });
    return { list, readable };
  }

  #toPlain(mistakes: Mistake[]): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: ALIASES_MAX });
    } catch (cause) {
      // `yaml` guards against aliases of aliases in this way.
      if (!(cause instanceof ReferenceError)) throw cause;
      mistakes.push(
        this.#mistake(0, { message: 'the aliases stand for too much', expected: 'aliases of small values, or none' }),
      );
      return undefined;
    }
  }

  #offsetOf(path: YamlPath, place: 'key' | 'value' = 'value'): number {
    const { node, keyNode, around } = this.#walk(path);
    const nearest = (place === 'key' ? keyNode : node) ?? node ?? around;
    return nearest?.range?.[0] ?? 0;
  }

  #walk(path: YamlPath): { node?: Node; keyNode?: Node; around?: Node } {
    let around: Node | undefined;
    let keyNode: Node | undefined;
    let node: Node | undefined = this.#document.contents ?? undefined;
    for (const step of path) {
      const current = this.#target(node);
      if (!current) return { around };
      around = node;
      keyNode = undefined;
      node = undefined;
      if (isSeq(current) && typeof step === 'number') {
        const item = current.items[step];
        node = isNode(item) ? item : undefined;
      } else if (isMap(current)) {
        const pair = this.#pairsOf(current).get(String(step));
        keyNode = isNode(pair?.key) ? pair.key : undefined;
        node = isNode(pair?.value) ? pair.value : keyNode;
      }
    }
    const target = this.#target(node);
    return { node: target === node ? node : target, keyNode, around };
  }

  #pairsOf(map: YAMLMap): Map<string, Pair> {
    const known = this.#pairs.get(map);
    if (known) return known;
    const pairs = new Map(map.items.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', pair]));
    this.#pairs.set(map, pairs);
    return pairs;
  }

  #target(node: Node | undefined): Node | undefined {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  #mistake(offset: number, found: Omit<Mistake, 'file' | 'line' | 'column'>): Mistake {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line, column: col, ...found };
  }
}

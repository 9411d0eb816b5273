import type { EntityType, GraphEntity, GraphValue } from './entity-type.ts';
import { refusals, type GraphRefusal } from './graph-refusal.ts';

export type EntityFilter = (entity: GraphEntity) => boolean;

/** Texts in quotes, GUIDs without, punctuation, words, numbers, and whatever else there may be. */
const TOKEN =
  /\s*(?:('(?:[^']|'')*')|([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})|([(),])|([A-Za-z_][\w/]*)|(-?\d+)|(\S))/iy;

/**
 * Reads a `$filter`: `property eq literal` and `startswith(property,'text')`, joined by `and` and `or`, in parentheses
 * where wanted. Texts are compared whatever the case, as the directory does. Simplified: no other operator; what is
 * not understood is refused, never passed over.
 */
export function parseFilter(text: string, type: EntityType): EntityFilter | GraphRefusal {
  try {
    return new FilterParser(tokensOf(text), type).parse();
  } catch (error) {
    if (error instanceof FilterFault) return error.refusal;
    throw error;
  }
}

/** Carries a refusal out of the depth of the parser. */
class FilterFault extends Error {
  constructor(readonly refusal: GraphRefusal) {
    super(refusal.message);
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [, ...groups] = match;
    tokens.push(groups.find((group) => group !== undefined) ?? '');
  }
  return tokens;
}

class FilterParser {
  private position = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly type: EntityType,
  ) {}

  parse(): EntityFilter {
    const filter = this.alternatives();
    if (this.position < this.tokens.length) throw this.fault();
    return filter;
  }

  /** `and` binds more tightly than `or`. */
  private alternatives(): EntityFilter {
    const parts = [this.conjunction()];
    while (this.takeWord('or')) parts.push(this.conjunction());
    return (entity) => parts.some((part) => part(entity));
  }

  private conjunction(): EntityFilter {
    const parts = [this.term()];
    while (this.takeWord('and')) parts.push(this.term());
    return (entity) => parts.every((part) => part(entity));
  }

  private term(): EntityFilter {
    if (this.takeWord('(')) {
      const inner = this.alternatives();
      this.expect(')');
      return inner;
    }
    if (this.takeWord('startswith')) {
      this.expect('(');
      const property = this.property();
      this.expect(',');
      const start = this.literal();
      this.expect(')');
      if (typeof start !== 'string') throw this.fault();
      return (entity) => {
        const value = entity[property];
        return typeof value === 'string' && value.toLowerCase().startsWith(start.toLowerCase());
      };
    }
    const property = this.property();
    this.expect('eq');
    const wanted = this.literal();
    return (entity) => isEqual(entity[property], wanted);
  }

  private property(): string {
    const name = this.take();
    if (!this.type.properties.includes(name)) throw new FilterFault(unknownProperty(name, this.type));
    return name;
  }

  private literal(): string | number | boolean | null {
    const token = this.take();
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^-?\d+$/.test(token)) return Number(token);
    if (/^[\da-f]{8}-/i.test(token)) return token;
    if (token === 'true' || token === 'false') return token === 'true';
    if (token === 'null') return null;
    throw this.fault();
  }

  private expect(word: string): void {
    if (!this.takeWord(word)) throw this.fault();
  }

  private takeWord(word: string): boolean {
    if (this.tokens[this.position]?.toLowerCase() !== word) return false;
    this.position += 1;
    return true;
  }

  private take(): string {
    const token = this.tokens[this.position];
    if (token === undefined) throw this.fault();
    this.position += 1;
    return token;
  }

  private fault(): FilterFault {
    return new FilterFault(refusals.badRequest('Invalid filter clause'));
  }
}

export function unknownProperty(name: string, type: EntityType): GraphRefusal {
  return refusals.badRequest(`Could not find a property named '${name}' on type 'microsoft.graph.${type.name}'.`);
}

function isEqual(value: GraphValue | undefined, wanted: string | number | boolean | null): boolean {
  if (typeof value === 'string' && typeof wanted === 'string') return value.toLowerCase() === wanted.toLowerCase();
  return value === wanted;
}

/** JSON text that does not follow RFC 8259, or holds a key twice. The message says where. */
export class JsonError extends Error {
  override readonly name = "JsonError";
}

const MAX_DEPTH = 64;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const BLANK = /[ \t\n\r]*/y;
const WORD = /true|false|null/y;
const words: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Reads one JSON value at a time; positions count UTF-16 units. */
class Reader {
  private readonly text: string;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  whole(): unknown {
    const value = this.value();
    this.skip();
    if (this.at < this.text.length) throw this.error("the end of the text");
    return value;
  }

  private value(): unknown {
    this.skip();
    const character = this.text[this.at];
    if (character === "{" || character === "[") {
      if (this.depth === MAX_DEPTH) throw this.error(`at most ${MAX_DEPTH} values inside each other`);
      this.depth++;
      const value = character === "{" ? this.object() : this.array();
      this.depth--;
      return value;
    }
    if (character === '"') return this.string();
    const word = this.match(WORD);
    if (word !== undefined) return words[word];
    const number = this.match(NUMBER);
    if (number === undefined) throw this.error("a value");
    return Number(number);
  }

  private object(): unknown {
    const entries = new Map<string, unknown>();
    this.at++;
    this.skip();
    if (this.take("}")) return {};
    do {
      this.skip();
      const start = this.at;
      if (this.text[start] !== '"') throw this.error("a key in double quotes");
      const key = this.string();
      if (entries.has(key)) {
        this.at = start;
        throw this.error("every key once", `the key ${JSON.stringify(key)} again`);
      }
      this.skip();
      if (!this.take(":")) throw this.error("a colon after the key");
      entries.set(key, this.value());
      this.skip();
    } while (this.take(","));
    if (!this.take("}")) throw this.error("a comma or }");
    // fromEntries defines own properties, so that a key such as __proto__ is a key and nothing else.
    return Object.fromEntries(entries);
  }

  private array(): unknown {
    const values: unknown[] = [];
    this.at++;
    this.skip();
    if (this.take("]")) return values;
    do {
      values.push(this.value());
      this.skip();
    } while (this.take(","));
    if (!this.take("]")) throw this.error("a comma or ]");
    return values;
  }

  private string(): string {
    const start = this.at;
    // A scan by hand: a regular expression would need stack in proportion to the string.
    for (this.at++; this.text[this.at] !== '"'; this.at++) {
      if (!(this.text.charCodeAt(this.at) >= 0x20)) throw this.error("a quote that closes the string");
      if (this.text[this.at] === "\\") this.at++;
    }
    this.at++;
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string;
    } catch {
      this.at = start;
      throw this.error("a string with the escapes of JSON");
    }
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private skip(): void {
    this.match(BLANK);
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private error(expected: string, got = this.here()): JsonError {
    const lines = this.text.slice(0, this.at).split("\n");
    const column = (lines.at(-1)?.length ?? 0) + 1;
    return new JsonError(`line ${lines.length}, column ${column}: got ${got}, expected ${expected}.`);
  }

  private here(): string {
    const point = this.text.codePointAt(this.at);
    return point === undefined ? "the end of the text" : JSON.stringify(String.fromCodePoint(point));
  }
}

/**
 * Parses JSON strictly (RFC 8259): unlike `JSON.parse` it refuses a key that comes twice and values nested more than 64
 * deep, and says line and column in every error.
 *
 * @throws JsonError
 */
export const parseJson = (text: string): unknown => new Reader(text).whole();

/**
 * Kernels declare bindings of `Stored` numbers, load `name[i]` and store `name[i] = x`. Where two numbers of 16 bits share a
 * word, which WGSL has no type for, `packed` rewrites this text: declarations become words, loads and stores become calls.
 *
 * An invocation may own one half of a word and another invocation the other, since rows have odd lengths. So a store
 * changes its own half alone, with one atomic operation: it flips the bits in which the half differs. Nobody else writes
 * that half, hence it does not matter who writes the other, or when.
 */

/** A binding of stored numbers. */
interface Binding {
  readonly name: string;
  /** Loads and stores go through these functions. */
  readonly load: string;
  readonly store: string;
  readonly isWritable: boolean;
  /** Four neighbours are accessed at a time, which are two whole words. */
  readonly isFour: boolean;
}

const declaration = /var<storage, (read|read_write)>\s*(\w+)\s*:\s*array<Stored(Four)?>/g;

const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

function bindingsIn(wgsl: string): readonly Binding[] {
  return [...wgsl.matchAll(declaration)].map(([, access, name = "", four]) => ({
    name,
    load: `load${capitalized(name)}`,
    store: `store${capitalized(name)}`,
    isWritable: access === "read_write",
    isFour: four !== undefined,
  }));
}

/** The functions that load and store a binding's numbers. */
function accessorsOf({ name, load, store, isWritable, isFour }: Binding): readonly string[] {
  const word = (at: string) => (isWritable ? `atomicLoad(&${name}[${at}])` : `${name}[${at}]`);
  if (isFour) {
    const four =
      "storedValue(low & 0xffffu), storedValue(low >> 16u), storedValue(high & 0xffffu), storedValue(high >> 16u)";
    const loading = `fn ${load}(at: u32) -> vec4f {
  let low = ${word("2u * at")};
  let high = ${word("2u * at + 1u")};
  return vec4f(${four});
}`;
    const storing = `fn ${store}(at: u32, x: vec4f) {
  atomicStore(&${name}[2u * at], storedBits(x.x) | (storedBits(x.y) << 16u));
  atomicStore(&${name}[2u * at + 1u], storedBits(x.z) | (storedBits(x.w) << 16u));
}`;
    return isWritable ? [loading, storing] : [loading];
  }
  const loading = `fn ${load}(at: u32) -> f32 {
  return storedValue((${word("at / 2u")} >> (16u * (at % 2u))) & 0xffffu);
}`;
  const storing = `fn ${store}(at: u32, x: f32) {
  let shift = 16u * (at % 2u);
  let differing = (${word("at / 2u")} ^ (storedBits(x) << shift)) & (0xffffu << shift);
  atomicXor(&${name}[at / 2u], differing);
}`;
  return isWritable ? [loading, storing] : [loading];
}

/** Where the bracket ends that opens at `open`. Throws where it does not. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "[") depth += 1;
    if (text[at] === "]") depth -= 1;
    if (depth === 0) return at;
  }
  throw new RangeError(`got "${text.slice(open, open + 40)}" in WGSL, expected a bracket that ends.`);
}

/** The text with every access of a binding as a call. A binding's name must mean nothing else where a bracket follows. */
function withCalls(text: string, bindings: readonly Binding[]): string {
  const access = new RegExp(`\\b(${bindings.map(({ name }) => name).join("|")})\\s*\\[`, "g");
  let done = "";
  let from = 0;
  for (let found = access.exec(text); found !== null; found = access.exec(text)) {
    const binding = bindings.find(({ name }) => name === found?.[1]);
    const open = access.lastIndex - 1;
    const close = closing(text, open);
    const at = withCalls(text.slice(open + 1, close), bindings);
    done += text.slice(from, found.index);
    const [assignment] = /^\s*=(?!=)/.exec(text.slice(close + 1)) ?? [];
    if (assignment === undefined) {
      done += `${binding?.load}(${at})`;
      from = close + 1;
    } else {
      const start = close + 1 + assignment.length;
      const end = text.indexOf(";", start);
      done += `${binding?.store}(${at}, ${withCalls(text.slice(start, end), bindings).trim()})`;
      from = end;
    }
    access.lastIndex = from;
  }
  return done + text.slice(from);
}

/**
 * The module with its bindings of `Stored` numbers packed two in a word. Lines stay lines. It is to be linked with
 * `common/storage-plain.wgsl`, and with `storedBits` and `storedValue` of a format. Throws where a declaration is written
 * in another way than all are.
 */
export function packed(wgsl: string): string {
  const bindings = bindingsIn(wgsl);
  // Comments speak of elements as code does
  const code = wgsl.replace(/\/\/.*$/gm, "");
  const words = code.replace(declaration, (_, access: string, name: string) =>
    access === "read"
      ? `var<storage, read> ${name}: array<u32>`
      : `var<storage, read_write> ${name}: array<atomic<u32>>`,
  );
  if (words.includes("array<Stored")) {
    throw new RangeError(
      'got a declaration of Stored numbers, expected it as "var<storage, read> name: array<Stored>".',
    );
  }
  return [withCalls(words, bindings), ...bindings.flatMap(accessorsOf)].join("\n");
}

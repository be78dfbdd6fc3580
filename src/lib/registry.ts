/**
 * The member of a registry that `kind` names. Throws on a name that is not there, so that a bad name never becomes
 * `undefined` deep in a program.
 */
export function memberOf<R extends object>(registry: R, kind: string): R[keyof R] {
  if (!Object.hasOwn(registry, kind)) {
    throw new RangeError(
      `kind: got "${kind}", expected one of ${Object.keys(registry).join(", ")}. Check the spelling.`,
    );
  }
  return registry[kind as keyof R];
}

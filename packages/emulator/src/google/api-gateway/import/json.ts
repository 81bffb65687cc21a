export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else an empty one: for reading what a check has refused already or lets pass. */
export function objectOr(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function arrayOr(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * What a local reference (`#/a/b`) stands for, followed through further references; undefined when it leads
 * nowhere or in a circle (RFC 6901).
 */
export function resolve(root: JsonObject, value: unknown): unknown {
  const seen = new Set<string>();
  let current = value;
  while (isObject(current) && typeof current.$ref === 'string') {
    if (seen.has(current.$ref) || !current.$ref.startsWith('#/')) return undefined;
    seen.add(current.$ref);
    current = lookUp(root, current.$ref);
  }
  return current;
}

function lookUp(root: JsonObject, reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .map((token) => token.replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce<unknown>(
      (node, token) => (isObject(node) && Object.hasOwn(node, token) ? node[token] : undefined),
      root,
    );
}

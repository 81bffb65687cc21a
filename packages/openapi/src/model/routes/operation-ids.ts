/** The name under which Google knows an operationId: letters, digits and underscores, the first letter raised. */
function methodName(operationId: string): string {
  const clean = operationId.replaceAll(/[^A-Za-z0-9_]/g, '');
  return clean.charAt(0).toUpperCase() + clean.slice(1);
}

/** The operationId of an operation that has none: its method and the words of its path. */
export function generatedId(method: string, path: string): string {
  const words = path.match(/[A-Za-z0-9]+/g) ?? ['root'];
  return [method, ...words].join('_');
}

/**
 * Operation ids that Google tells apart. The first to claim a method name keeps its id, later ones get `_2`, `_3`…;
 * ids that the document gives are settled before generated ones, so that adding an id elsewhere moves nothing.
 */
export function settleIds(
  wanted: readonly { readonly id: string; readonly given: boolean }[],
): readonly string[] {
  const taken = new Set<string>();
  const settled: string[] = new Array(wanted.length).fill('');
  const settle = (id: string, index: number): void => {
    let candidate = id;
    for (let nth = 2; taken.has(methodName(candidate)); nth += 1) candidate = `${id}_${nth}`;
    taken.add(methodName(candidate));
    settled[index] = candidate;
  };
  for (const [index, { id, given }] of wanted.entries()) if (given) settle(id, index);
  for (const [index, { id, given }] of wanted.entries()) if (!given) settle(id, index);
  return settled;
}

import ts from 'typescript';

/**
 * Puts the functions that webpack makes of modules in parentheses, which the minifier takes away. V8 compiles a function in
 * parentheses as it reads it; of any other it expects no call yet, reads it only to find its end, and reads it again when it
 * is called (https://v8.dev/blog/preparser#pife). Modules are called as soon as a bundle is loaded.
 *
 * @param code a bundle of webpack's, as ncc gives it
 */
export function compiledAtOnce(code: string): string {
  const source = ts.createSourceFile('bundle.js', code, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  const parts: string[] = [];
  let from = 0;
  const copy = (to: number, then: string) => {
    parts.push(code.slice(from, to), then);
    from = to;
  };
  const visit = (node: ts.Node): void => {
    const modules = modulesIn(node);
    if (!modules) ts.forEachChild(node, visit);
    for (const module of modules ?? []) {
      copy(module.getStart(source), '(');
      copy(module.end, ')');
    }
  };
  visit(source);
  copy(code.length, '');
  return parts.join('');
}

/** What webpack's table of modules has: functions by numbers, and nothing else. */
function modulesIn(node: ts.Node): readonly ts.Expression[] | undefined {
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const modules = node.properties.flatMap((property) =>
    ts.isPropertyAssignment(property) &&
    ts.isNumericLiteral(property.name) &&
    (ts.isArrowFunction(property.initializer) || ts.isFunctionExpression(property.initializer))
      ? [property.initializer]
      : [],
  );
  return modules.length > 0 && modules.length === node.properties.length ? modules : undefined;
}

import ts from 'typescript';

/**
 * Puts webpack's module functions in parentheses again, which the minifier removes. V8 compiles a function in parentheses when it
 * first reads it. It expects that other functions are not called soon, so it only looks for their end, and reads them a second time
 * when they are called (https://v8.dev/blog/preparser#pife). A bundle calls its modules as soon as it is loaded.
 *
 * @param code a bundle by webpack, as ncc returns it
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

/** The functions in webpack's table of modules: an object literal with a number for each key and a function for each value. */
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

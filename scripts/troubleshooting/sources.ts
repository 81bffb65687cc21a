import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What the sources say to a user when a step fails. */
export interface Said {
  /** Every code of an ActionError, or of what one is made from. */
  readonly codes: ReadonlySet<string>;
  /** Every text of the sources, its placeholders as `…`. */
  readonly texts: readonly string[];
}

/** Where errors of a step are made. The local cloud and the command have users of their own. */
const SOURCES = [
  'actions/**/*.ts',
  'packages/{action,api-document,auth,dockerfile,files,fly,github,google-cloud,http,markdown,registry,sources}/src/**/*.ts',
];

/** Codes of Node's errors, which look alike. */
const OF_NODE = /^(E[A-Z]+|[A-Z_]+)$/;

/** @param root the repository */
export function readSaid(root: string): Said {
  const codes = new Set<string>();
  const texts: string[] = [];
  for (const file of globSync(SOURCES, { cwd: root }).filter(
    (path) => !/\.test\.ts$|\/node_modules\//.test(path),
  )) {
    const source = ts.createSourceFile(
      file,
      readFileSync(join(root, file), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAssignment(node) && node.name.getText() === 'code')
        for (const code of literalsOf(node.initializer)) if (!OF_NODE.test(code)) codes.add(code);
      if (ts.isStringLiteralLike(node)) texts.push(node.text);
      if (ts.isTemplateExpression(node))
        texts.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'));
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { codes, texts };
}

/** The words that an expression may come to: those of both branches of a condition, not what it asks about. */
function literalsOf(expression: ts.Expression): string[] {
  if (ts.isStringLiteral(expression)) return expression.text === '' ? [] : [expression.text];
  if (ts.isConditionalExpression(expression))
    return [...literalsOf(expression.whenTrue), ...literalsOf(expression.whenFalse)];
  if (
    ts.isBinaryExpression(expression) &&
    expression.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken
  )
    return [...literalsOf(expression.left), ...literalsOf(expression.right)];
  return [];
}
